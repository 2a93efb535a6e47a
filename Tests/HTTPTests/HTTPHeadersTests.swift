import HTTP
import Testing

@Suite struct HTTPHeadersTests {
    @Test func `Names compare without case`() {
        var headers = HTTPHeaders()
        headers["Content-Type"] = "text/plain"
        headers["content-type"] = "video/mp4"
        #expect(headers.fields.count == 1)
        #expect(headers["CONTENT-TYPE"] == "video/mp4")
        headers["Content-type"] = nil
        #expect(headers.fields.isEmpty)
    }
}
