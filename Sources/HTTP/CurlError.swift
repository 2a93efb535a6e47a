import CCurl

/// A failed call into libcurl, or a failed transfer: which call, its code, and curl's own words for it.
public struct CurlError: Error, Hashable, Sendable, CustomStringConvertible {
    public let call: String
    public let code: UInt32
    /// What curl says of this very transfer, otherwise of the code. Names hosts, never a query.
    public let text: String

    init(call: String, code: CURLcode, text: String? = nil) {
        self.call = call
        self.code = code.rawValue
        self.text = text ?? String(cString: curl_easy_strerror(code))
    }

    init(call: String, code: CURLMcode) {
        self.call = call
        self.code = UInt32(bitPattern: code.rawValue)
        text = String(cString: curl_multi_strerror(code))
    }

    public var description: String { "\(call): \(text)" }
}

func check(_ code: CURLcode, _ call: @autoclosure () -> String) throws(CurlError) {
    if code != CURLE_OK { throw CurlError(call: call(), code: code) }
}

func check(_ code: CURLMcode, _ call: @autoclosure () -> String) throws(CurlError) {
    if code != CURLM_OK { throw CurlError(call: call(), code: code) }
}
