import ProjectImport
import Testing

/// What may be kept of a URL, and when two are one picture.
@Suite struct OriginalURLTests {
    /// A row: a URL, and what may be kept of it; `true` where a digest tells the rest.
    static let rows: [(String, String, Bool)] = [
        ("https://a.example/p.jpg", "https://a.example/p.jpg", false),
        ("https://A.example:443/p.jpg#top", "https://a.example/p.jpg", false),
        ("https://a.example/p?w=1080&q=80&fm=jpg", "https://a.example/p?w=1080&q=80&fm=jpg", false),
        ("https://a.example/i.php?id=12345678901234567890123", "https://a.example/i.php?id=12345678901234567890123", false),
        ("https://a.example/p.jpg?token=abc&w=1", "https://a.example/p.jpg?w=1", true),
        ("https://a.example/p.jpg?api_key=1&ApiKey=2&access_token=3&password=4", "https://a.example/p.jpg", true),
        ("https://a.example/p.jpg?%74oken=abc", "https://a.example/p.jpg", true),
        ("https://a.example/p.jpg?x=M3wxMjA3fDB8MHxwaG90by1wYWdl", "https://a.example/p.jpg", true),
        (
            "https://b.s3.amazonaws.com/p.jpg?X-Amz-Credential=AKIA%2F20241201&X-Amz-Signature=0a&versionId=3",
            "https://b.s3.amazonaws.com/p.jpg?versionId=3", false
        ),
        ("https://c.cloudfront.net/p.jpg?Expires=1&Signature=a~b&Key-Pair-Id=K", "https://c.cloudfront.net/p.jpg", false),
        ("https://d.blob.example/c/p.jpg?sv=2022&sr=b&sig=a%3D&se=2025&sp=r", "https://d.blob.example/c/p.jpg", false),
        ("https://a.example/p.jpg?expires=2025&se=1", "https://a.example/p.jpg?expires=2025&se=1", false),
    ]

    /// As content networks and others write them.
    @Test(arguments: [
        "hdnea=exp=1~acl=/*~hmac=hush12345", "a=1;token=hush", "pw=hush", "ticket=hush", "x=HushHushHushHushHushHushHushHu",
        "sum=exp=1~hmac=hush", "v=hush1-2hush3hush4hush5hush6",
    ])
    func `Secrets by other names are not kept either`(query: String) throws {
        let original = try OriginalURL("https://a.example/p.jpg?w=100&" + query)
        #expect(original.text.hasPrefix("https://a.example/p.jpg?w=100") && !original.text.lowercased().contains("hush"))
        #expect(original.digest != nil)
    }

    @Test(arguments: ["q=a-long-line-of-words-about-clouds", "crop=faces%2Centropy&fit=max&auto_format=1"])
    func `Words are kept`(query: String) throws {
        let kept = try OriginalURL("https://a.example/p.jpg?" + query).text
        #expect(kept.contains(query.prefix(8)))
    }

    @Test(arguments: rows)
    func `What is kept says nothing that lets somebody in`(url: String, kept: String, isDigested: Bool) throws {
        let original = try OriginalURL(url)
        #expect(original.text == kept)
        #expect((original.digest != nil) == isDigested)
    }

    @Test func `Signatures change, tokens tell pictures apart`() throws {
        func identity(_ query: String) throws -> [String?] {
            let original = try OriginalURL("https://a.example/p?" + query)
            return [original.text, original.digest]
        }
        #expect(try identity("X-Amz-Signature=1&X-Amz-Date=2") == identity("X-Amz-Signature=3&X-Amz-Date=4"))
        #expect(try identity("key=1") != identity("key=2"))
        #expect(try identity("key=1") == identity("key=1"))
        #expect(try identity("id=1") != identity("id=2"))
    }

    @Test func `Long URLs are kept cut, and told apart by their ends`() throws {
        let long = "https://a.example/" + String(repeating: "x", count: 2000)
        let (a, b) = (try OriginalURL(long + "a"), try OriginalURL(long + "b"))
        #expect(a.metadataText == b.metadataText && a.metadataText.utf8.count == 900 && a.digest != b.digest)
        #expect(a.text == long + "a")
    }

    @Test(arguments: [
        "ftp://a.example/p", "file:///etc/passwd", "https://user:secret@a.example/p", "p.jpg", "https://", "http://a\u{0}b/",
    ])
    func `Others are no addresses`(url: String) {
        let error = #expect(throws: (any Error).self) { try OriginalURL(url) }
        #expect(error.map { !"\($0)".contains("secret") } == true)
    }
}
