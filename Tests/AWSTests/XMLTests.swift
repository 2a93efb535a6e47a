import Testing
import XML

@Suite struct XMLTests {
    @Test func `Names, text and order`() throws {
        let text = """
            <?xml version="1.0" encoding="UTF-8"?>
            <L:List xmlns:L="http://s3.amazonaws.com/doc/2006-03-01/" a="b"><!-- no --><Key> a &amp; b&#233;<![CDATA[<c>]]> </Key>\
            <Key/>\
            <L:Other><Key>x</Key></L:Other></L:List>
            """
        let root = try XMLElement(parsing: Array(text.utf8))
        #expect(root.name == "List")
        #expect(root["Key"]?.text == " a & bé<c> ")
        #expect(root.all("Key").map(\.text) == [" a & bé<c> ", ""])
        #expect(root["Other"]?["Key"]?.text == "x")
        #expect(root["Missing"] == nil)
    }

    /// What servers send to keep the connection, while they put an object together.
    @Test func `White space may come before`() throws {
        let text = " \n\t\r <?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a>b</a>"
        #expect(try XMLElement(parsing: Array(text.utf8)).text == "b")
    }

    @Test(arguments: [
        "", " ", "hello", "<a>", "<a></b>", "<a/><b/>", "<a>&b;</a>", "<a b=1/>", "\u{0}", "<a>\u{1}</a>", "<a>\u{0}</a>",
        "<!DOCTYPE a [<!ENTITY x \"1\">]><a>&x;</a>", "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>",
        "<?xml version=\"1.0\" encoding=\"UTF-7\"?>+ADw-a/>",
        String(repeating: "<a>", count: 201) + String(repeating: "</a>", count: 201),
        String(repeating: "<a>", count: 100_000),
    ])
    func `What is not plain XML is refused`(text: String) {
        #expect(throws: XMLError.self) { try XMLElement(parsing: Array(text.utf8)) }
    }

    @Test func `Bytes that are not UTF-8 are refused`() {
        #expect(throws: XMLError.self) { try XMLElement(parsing: Array("<a>".utf8) + [0xFF, 0xFE] + Array("</a>".utf8)) }
        // UTF-16, in which a document type would not be seen.
        let wide = "\u{FEFF}<!DOCTYPE a [<!ENTITY x \"1\">]><a>&x;</a>".utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
        #expect(throws: XMLError.self) { try XMLElement(parsing: wide) }
    }

    @Test func `Errors say where, never what`() {
        let error = #expect(throws: XMLError.self) { try XMLElement(parsing: Array("<a>\n<SecretAccessKey>hush</a>".utf8)) }
        #expect(error?.description == "the document is not valid XML (line 2)")
        #expect(throws: XMLError.self) { try XMLElement(parsing: Array("<a/>".utf8), maximumBytes: 3) }
    }
}
