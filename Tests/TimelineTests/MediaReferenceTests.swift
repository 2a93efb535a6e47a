import Testing
import Timeline

@Suite struct MediaReferenceTests {
    @Test(arguments: [
        ("https://user:hush@a.example/b.jpg?token=hush#hush", "https://a.example/b.jpg"),
        ("https://hush@a.example", "https://a.example"), ("http://u:p@hush@a.example/x@y", "http://a.example/x@y"),
        ("https://a.example/b@c.jpg", "https://a.example/b@c.jpg"), ("https://u:hush@a.example\\x", "https://a.example\\x"),
        ("https://u:hush@a.example?x=@b", "https://a.example"), ("https://", "https://"), ("no url", "no url"),
    ])
    func `Messages name no secret of a URL`(url: String, shown: String) {
        #expect(MediaReference(url: url, jsonPath: "$").displayName == shown)
        #expect(MediaReference(presignedURL: url, jsonPath: "$").displayName == shown)
    }

    @Test func `Files whose names look alike are two`() {
        let references = ["\u{E9}.jpg", "e\u{301}.jpg"].flatMap {
            [MediaReference(path: $0, jsonPath: "$"), MediaReference(s3Key: $0, jsonPath: "$")]
        }
        #expect(Set(references).count == 4)
    }

    @Test func `The nearest address is shown`() {
        #expect(MediaReference(path: "a@b", s3Key: "c", url: "https://d", jsonPath: "$").displayName == "a@b")
        #expect(MediaReference(s3Key: "c", url: "https://d", jsonPath: "$").displayName == "c")
        #expect(MediaReference(jsonPath: "$").displayName == "(nothing)")
    }
}
