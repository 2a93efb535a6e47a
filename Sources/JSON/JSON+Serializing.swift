extension JSON {
    /// The value as JSON text; members keep their order.
    ///
    /// Numbers are written with the fewest digits that read back as the same `Double`, which is why jansson's own writer (always
    /// 17 digits: `39.542000000000002`) is not used. A number that is not finite has no JSON form and is written as `null`.
    ///
    /// - Parameter pretty: indented by two spaces, one member a line; otherwise without any white space.
    public func serialized(pretty: Bool = false) -> String {
        String(decoding: serializedBytes(pretty: pretty), as: UTF8.self)
    }

    /// As ``serialized(pretty:)``, as UTF-8.
    public func serializedBytes(pretty: Bool = false) -> [UInt8] {
        var writer = Writer(pretty: pretty)
        writer.write(self, level: 0)
        return writer.bytes
    }

    private struct Writer {
        let pretty: Bool
        var bytes: [UInt8] = []

        mutating func write(_ value: JSON, level: Int) {
            switch value {
            case .null: append("null")
            case .bool(let flag): append(flag ? "true" : "false")
            case .integer(let number): append(String(number))
            case .number(let number): append(number.isFinite ? String(describing: number) : "null")
            case .string(let text): write(text)
            case .array(let elements):
                enclose("[", "]", count: elements.count, level: level) { writer, index in
                    writer.write(elements[index], level: level + 1)
                }
            case .object(let object):
                enclose("{", "}", count: object.count, level: level) { writer, index in
                    let member = object.members[index]
                    writer.write(member.key)
                    writer.append(writer.pretty ? ": " : ":")
                    writer.write(member.value, level: level + 1)
                }
            }
        }

        private mutating func enclose(
            _ open: String, _ close: String, count: Int, level: Int, element: (inout Writer, Int) -> Void
        ) {
            append(open)
            for index in 0..<count {
                if index > 0 { append(",") }
                startLine(level: level + 1)
                element(&self, index)
            }
            if count > 0 { startLine(level: level) }
            append(close)
        }

        private mutating func startLine(level: Int) {
            guard pretty else { return }
            bytes.append(UInt8(ascii: "\n"))
            bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * level))
        }

        private mutating func write(_ text: String) {
            bytes.append(UInt8(ascii: "\""))
            for byte in text.utf8 {
                switch byte {
                case UInt8(ascii: "\""): append("\\\"")
                case UInt8(ascii: "\\"): append("\\\\")
                case 0x0A: append("\\n")
                case 0x0D: append("\\r")
                case 0x09: append("\\t")
                case 0..<0x20:
                    let digits = String(byte, radix: 16)
                    append("\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits)
                default: bytes.append(byte)
                }
            }
            bytes.append(UInt8(ascii: "\""))
        }

        private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }
    }
}
