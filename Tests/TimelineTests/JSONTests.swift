import JSON
import TestSupport
import Testing

@Suite struct JSONTests {
    @Test func keepsKindsOrderAndValues() throws {
        let text = #"{"z":1,"a":[null,true,false,-0.5,1e3,39.542,"q\"\\\n\u00e9\u001f"],"m":{},"n":[],"big":9223372036854775807}"#
        let value = try JSON(parsing: Array(text.utf8))
        #expect(value["z"] == .integer(1))
        #expect(value["a"] == [.null, true, false, -0.5, 1000.0, 39.542, "q\"\\\n\u{e9}\u{1f}"])
        #expect(value["big"] == .integer(.max))
        guard case .object(let object) = value else { Issue.record("no object"); return }
        #expect(object.map(\.key) == ["z", "a", "m", "n", "big"])
        for pretty in [false, true] {
            let written = value.serialized(pretty: pretty)
            let again = try JSON(parsing: Array(written.utf8))
            #expect(again == value)
            #expect(again.serialized(pretty: pretty) == written)
        }
        #expect(value.serialized().contains("39.542,"))
    }

    @Test func numbersRoundTrip() throws {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<2000 {
            let number = Double(bitPattern: generator.next())
            guard number.isFinite else { continue }
            let text = JSON.array([.number(number)]).serialized()
            guard case .array(let elements) = try JSON(parsing: Array(text.utf8)) else { Issue.record("\(text)"); return }
            #expect(elements == [.number(number)])
        }
        #expect(JSON.number(.infinity).serialized() == "null")
    }

    @Test func objectKeepsOrderWhileChanging() {
        var object = JSON.Object()
        for index in 0..<40 { object["k\(index)"] = .integer(Int64(index)) }
        object["k3"] = "changed"
        object["k7"] = nil
        object["absent"] = nil
        object["last"] = true
        #expect(object.count == 40)
        #expect(object["k3"] == "changed" && object["k7"] == nil && object["k39"] == 39 && object["last"] == true)
        #expect(object.map(\.key).prefix(8) == ["k0", "k1", "k2", "k3", "k4", "k5", "k6", "k8"])
        var reordered = JSON.Object()
        for member in object.members.reversed() { reordered[member.key] = member.value }
        #expect(reordered == object)
        #expect(reordered.hashValue == object.hashValue)
    }

    @Test func keysThatSwiftHoldsEqualDoNotCollide() throws {
        // é composed and decomposed: different keys to JSON, equal strings to Swift; past the size where an index is used.
        let members = (0..<20).map { "\"k\($0)\":0" } + ["\"\u{e9}\":1", "\"e\u{301}\":2"]
        let value = try JSON(parsing: Array("{\(members.joined(separator: ","))}".utf8))
        #expect(value["\u{e9}"] == 1)
        #expect(value.serialized().utf8.count > 150)
    }

    @Test func acceptsByteOrderMark() throws {
        #expect(try JSON(parsing: [0xEF, 0xBB, 0xBF] + Array("{}".utf8)) == [:])
    }

    @Test(arguments: [
        ("", "empty", 0), ("\u{FEFF}", "empty", 0), ("{\"a\": 1,\n \"b\": }", "not valid JSON", 2),
        ("{\"a\": 1", "too early", 1), ("[NaN]", "not valid JSON", 1), ("[Infinity]", "not valid JSON", 1),
        ("[-Infinity]", "not valid JSON", 1), ("[1e999]", "too large", 1), ("[99999999999999999999]", "too large", 1),
        ("{\"a\": 1, \"a\": 2}", "same key twice", 1), ("[1] x", "not valid JSON", 1), ("{\"a\\u0000b\": 1}", "not valid JSON", 1),
        ("['a']", "not valid JSON", 1),
    ])
    func refuses(_ text: String, _ words: String, _ line: Int) {
        expectError(Array(text.utf8), words, line: line)
    }

    @Test func refusesInvalidUTF8() { expectError([0x22, 0xFF, 0x22], "UTF-8", line: 1) }

    @Test func refusesTooManyBytes() {
        #expect(throws: JSONError.self) { try JSON(parsing: Array("[1,2,3]".utf8), maximumBytes: 6) }
        #expect(throws: Never.self) { try JSON(parsing: Array("[1,2,3]".utf8), maximumBytes: 7) }
    }

    @Test(arguments: [129, 2000, 2047, 2049, 10_000, 10_000_000])
    func refusesDeepNesting(_ depth: Int) {
        for bracket in ["[", "{\"a\":"] where depth * bracket.utf8.count <= 16 << 20 {
            let open = String(repeating: bracket, count: depth)
            let close = String(repeating: bracket == "[" ? "]" : "}", count: depth)
            expectError(Array((open + "1" + close).utf8), "128 levels", line: nil, maximumBytes: 1 << 30)
            expectError(Array(open.utf8), depth > 2048 ? "128 levels" : "too early", line: nil, maximumBytes: 1 << 30)
        }
    }

    @Test func readsTheDeepestAllowed() throws {
        let text = String(repeating: "[", count: 128) + String(repeating: "]", count: 128)
        #expect(try JSON(parsing: Array(text.utf8)).serialized() == text)
    }

    @Test func readsAHundredThousandSegmentsQuickly() throws {
        let segment = #"{"id": 1, "start_time": 0, "end_time": 7.106, "text": "words", "generated_images": [{"s3_key": "a.jpg"}]}"#
        let text = "[" + repeatElement(segment, count: 100_000).joined(separator: ",") + "]"
        let bytes = Array(text.utf8)
        let clock = ContinuousClock()
        var value = JSON.null
        let duration = try clock.measure { value = try JSON(parsing: bytes) }
        guard case .array(let elements) = value else { Issue.record("no array"); return }
        #expect(elements.count == 100_000)
        #expect(duration < .seconds(60), "0.7 s on two busy cores; what grows with the square of the length would take hours")
    }

    private func expectError(_ bytes: [UInt8], _ words: String, line: Int?, maximumBytes: Int = 16 << 20) {
        do {
            _ = try JSON(parsing: bytes, maximumBytes: maximumBytes)
            Issue.record("was accepted")
        } catch {
            #expect(error.message.contains(words), "\(error)")
            if let line { #expect(error.line == line) }
        }
    }
}
