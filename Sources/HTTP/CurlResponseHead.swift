/// Puts a response's status and headers together from the lines that curl hands over.
struct CurlResponseHead {
    private(set) var response = HTTPResponse(status: 0)
    /// The final response's headers are all there. What comes after are trailers, which do not count.
    private(set) var isComplete = false
    /// Lengths that are no numbers or contradict each other; curl takes what it can read of them.
    var hasBadLength: Bool {
        let lengths = response.headers.fields.filter { HTTPHeaders.equal($0.name, "Content-Length") }.map(\.value)
        guard let first = lengths.first else { return false }
        return lengths.contains { $0 != first } || first.isEmpty || !first.utf8.allSatisfy { 0x30...0x39 ~= $0 }
            || Int64(first) == nil
    }

    /// Of all lines, interim responses' included.
    private(set) var byteCount = 0

    mutating func take(_ line: UnsafeRawBufferPointer) {
        byteCount += line.count
        guard !isComplete else { return }
        let line = line.prefix { $0 != UInt8(ascii: "\r") && $0 != UInt8(ascii: "\n") }
        if line.isEmpty {
            // Interim responses end here too, and another begins.
            isComplete = response.status >= 200
        } else if line.starts(with: "HTTP/".utf8) {
            let parts = line.split(separator: UInt8(ascii: " "), maxSplits: 2)
            response = HTTPResponse(status: parts.count > 1 ? Int(String(decoding: parts[1], as: UTF8.self)) ?? 0 : 0)
        } else if line.first == UInt8(ascii: " ") || line.first == UInt8(ascii: "\t") {
            response.headers.continueLast(CurlResponseHead.trimmed(line))
        } else if let colon = line.firstIndex(of: UInt8(ascii: ":")) {
            let name = String(decoding: line[..<colon], as: UTF8.self)
            response.headers.append(name, CurlResponseHead.trimmed(line[(colon + 1)...]))
        }
    }

    private static func trimmed(_ bytes: Slice<UnsafeRawBufferPointer>) -> String {
        let blanks: Set<UInt8> = [UInt8(ascii: " "), UInt8(ascii: "\t")]
        var rest = bytes.drop(while: blanks.contains)
        while let last = rest.last, blanks.contains(last) { rest = rest.dropLast() }
        return String(decoding: rest, as: UTF8.self)
    }
}
