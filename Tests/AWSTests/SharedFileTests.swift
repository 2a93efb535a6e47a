import AWS
import Foundation
import JSON
import TestSupport
import Testing

@Suite struct SharedFileTests {
    private static let oddities: [(text: String, section: String, options: SharedFile.Section)] = [
        ("[default]\nregion = eu-west-1", "default", ["region": .text("eu-west-1")]),
        ("\u{FEFF}[default]\r\nREGION:eu-west-1\r\n", "default", ["region": .text("eu-west-1")]),
        ("  [a]  \n  x = 1\n  y = 2 = 3\n", "a", ["x": .text("1"), "y": .text("2 = 3")]),
        // Only whole lines are comments.
        ("[a]\n# x = 1\n  ; y = 2\nz = 3 # four ; five\n", "a", ["z": .text("3 # four ; five")]),
        ("[a]\nx = 1\n   2\n\n   3\n\n\ny =\n", "a", ["x": .text("1\n2\n\n3"), "y": .text("")]),
        (
            "[a]\ns3 =\n  addressing_style = path\n\n  # no\n  max = a=b\nregion = x\n", "a",
            ["s3": .block(["addressing_style": "path", "max": "a=b"]), "region": .text("x")]
        ),
        ("[DEFAULT]\nx = 1\ny = 1\n[a]\nx = 2\n", "a", ["x": .text("2"), "y": .text("1")]),
        ("[a]b]\nx = 1", "a]b", ["x": .text("1")]), ("[a] # c\nx = 1", "a", ["x": .text("1")]), ("[a]", "a", [:]),
    ]

    @Test(arguments: oddities)
    func `Read as the AWS CLI does`(text: String, section: String, options: SharedFile.Section) throws {
        #expect(try SharedFile(parsing: Array(text.utf8), path: "f")[section] == options)
    }

    @Test(arguments: [
        ("x = 1", "f cannot be read: line 1: there is no [section] before it"),
        ("[a]\nx = 1\n\n[a]\n", "f cannot be read: line 4: the section [a] comes a second time"),
        ("[a]\nx = 1\nX = hush\n", "f cannot be read: line 3: x comes a second time in its section"),
        ("[a]\nhush", "f cannot be read: line 2: it is neither [section] nor name = value"),
        ("[a]\n= hush", "f cannot be read: line 2: it is neither [section] nor name = value"),
        ("[]\nx = 1", "f cannot be read: line 1: there is no [section] before it"),
        ("[a]\ns3 =\n  hush\n", "f cannot be read: in [a], s3 has a line without \"=\""),
    ])
    func `Refused, by line, without what is there`(text: String, message: String) {
        let error = #expect(throws: AWSError.self) { try SharedFile(parsing: Array(text.utf8), path: "f") }
        #expect(error?.description == message)
    }

    @Test func `Not UTF-8`() {
        #expect(throws: AWSError.self) { try SharedFile(parsing: [0x5B, 0xFF, 0x5D], path: "f") }
    }

    @Test func `Random files are read as botocore reads them`() throws {
        var random = SeededGenerator(seed: 11)
        let cases = (0..<600).map { _ in (Self.randomFile(&random), Bool.random(using: &random) ? Self.randomFile(&random) : "") }
        let answers = try python(
            "load_shared_files.py",
            input: JSON.array(cases.map { .array([.string($0.0), .string($0.1)]) }).serialized()).elements
        #expect(answers.count == cases.count)
        #expect(100...500 ~= answers.count { $0 == .null }, "random files should be of both kinds")
        for ((config, credentials), answer) in zip(cases, answers) {
            let shared = try? SharedConfig(
                config: SharedFile(parsing: Array(config.utf8), path: "config"),
                credentials: SharedFile(parsing: Array(credentials.utf8), path: "credentials"))
            let ours: JSON = shared.map {
                ["profiles": Self.json($0.profiles), "sso_sessions": Self.json($0.ssoSessions)]
            } ?? .null
            #expect(ours == answer, "\(config.debugDescription) \(credentials.debugDescription)")
        }
    }

    private static func randomFile(_ random: inout SeededGenerator) -> String {
        let lines = [
            "[default]", "[profile a]", "[profile \"a b\"]", "[profile 'q\"]", "[profile]", "[profile a b c]", "[profiler x]",
            "[a]",
            "[sso-session s]", "[services v]", "[DEFAULT]", " [profile ü]", "[profile b] # c", "[profile a\\ c]", "[preview]",
            "region = eu-west-1", "Region: x", "aws_access_key_id = A=B:C", "s3 =", "s3:", "  addressing_style = path",
            "   x = 1",
            "\ty=2", " # comment", "; comment", "", "  ", "output = json ; no", "empty =", "a\u{A0}=\u{A0}b\u{A0}",
            "tail = x\u{1F}",
        ]
        // Rarely fatal ones, or nothing would be left to compare.
        let fatal = ["nonsense", "= 1", "[]", "x = 1"]
        return (0..<Int.random(in: 0...9, using: &random)).map { index in
            if index == 0, Int.random(in: 0...9, using: &random) > 0 { return "[default]" }
            let choice = Int.random(in: 0...40, using: &random) == 0 ? fatal : lines
            return choice.randomElement(using: &random) ?? ""
        }
        .map { $0 + (["\n", "\n", "\n", "\r\n", "\r"].randomElement(using: &random) ?? "\n") }.joined()
    }

    private static func json(_ sections: [String: SharedFile.Section]) -> JSON {
        var object = JSON.Object()
        for (name, options) in sections {
            var section = JSON.Object()
            for (option, value) in options {
                switch value {
                case .text(let text): section[option] = .string(text)
                case .block(let values):
                    var block = JSON.Object()
                    for (name, text) in values { block[name] = .string(text) }
                    section[option] = .object(block)
                }
            }
            object[name] = .object(section)
        }
        return .object(object)
    }
}
