import CJansson

extension JSON {
    /// Parses a UTF-8 document; a byte-order mark before it is passed over.
    ///
    /// - Refuses duplicate keys, more than ``maximumDepth`` levels, numbers that 64 bits cannot hold, NUL characters, invalid
    ///   UTF-8, and anything after the value.
    /// - Cost: one pass by jansson, one to convert; about 100 bytes of memory for each value while both exist.
    public init(parsing bytes: UnsafeRawBufferPointer, maximumBytes: Int = 16 << 20) throws(JSONError) {
        guard bytes.count <= maximumBytes else {
            throw JSONError(line: 0, column: 0,
                message: "the document is \(bytes.count) bytes long, more than the \(maximumBytes) allowed")
        }
        let hasMark = bytes.count >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF
        let document = UnsafeRawBufferPointer(rebasing: bytes[(hasMark ? 3 : 0)...])
        guard let start = document.baseAddress, !document.isEmpty else {
            throw JSONError(line: 0, column: 0, message: "the document is empty")
        }
        var error = json_error_t()
        guard let root = json_loadb(start, document.count, Int(JSON_REJECT_DUPLICATES | JSON_DECODE_ANY), &error) else {
            throw JSONError(error)
        }
        defer { json_decref(root) }
        self = try JSON(root, depth: 1)
    }

    /// Parses a UTF-8 document. See ``init(parsing:maximumBytes:)-swift.init``.
    public init(parsing bytes: [UInt8], maximumBytes: Int = 16 << 20) throws(JSONError) {
        let result = bytes.withUnsafeBytes { buffer -> Result<JSON, JSONError> in
            do throws(JSONError) {
                return .success(try JSON(parsing: buffer, maximumBytes: maximumBytes))
            } catch {
                return .failure(error)
            }
        }
        self = try result.get()
    }

    private init(_ value: UnsafeMutablePointer<json_t>, depth: Int) throws(JSONError) {
        switch value.pointee.type {
        case JSON_OBJECT:
            try JSON.checkDepth(depth)
            var object = Object()
            object.reserveCapacity(json_object_size(value))
            var member = json_object_iter(value)
            while let current = member {
                if let key = json_object_iter_key(current), let child = json_object_iter_value(current) {
                    object.append(Object.Member(key: String(cString: key), value: try JSON(child, depth: depth + 1)))
                }
                member = json_object_iter_next(value, current)
            }
            self = .object(object)
        case JSON_ARRAY:
            try JSON.checkDepth(depth)
            var elements: [JSON] = []
            let count = json_array_size(value)
            elements.reserveCapacity(count)
            for index in 0..<count {
                if let child = json_array_get(value, index) { elements.append(try JSON(child, depth: depth + 1)) }
            }
            self = .array(elements)
        case JSON_STRING:
            let bytes = UnsafeRawBufferPointer(start: json_string_value(value), count: json_string_length(value))
            self = .string(String(decoding: bytes, as: UTF8.self))
        case JSON_INTEGER: self = .integer(json_integer_value(value))
        case JSON_REAL: self = .number(json_real_value(value))
        case JSON_TRUE: self = .bool(true)
        case JSON_FALSE: self = .bool(false)
        default: self = .null
        }
    }

    private static func checkDepth(_ depth: Int) throws(JSONError) {
        if depth > maximumDepth { throw JSONError.tooDeep(line: 0, column: 0) }
    }
}

extension JSONError {
    static func tooDeep(line: Int, column: Int) -> JSONError {
        JSONError(line: line, column: column,
            message: "the document is nested more than the \(JSON.maximumDepth) levels that are allowed")
    }

    /// jansson's error, in a sentence for people where its own is for programmers.
    fileprivate init(_ error: json_error_t) {
        var error = error
        let (line, column) = (Int(error.line), Int(max(error.column, 0)))
        let code = UInt32(json_error_code(&error).rawValue)
        let text = withUnsafeBytes(of: error.text) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        let message: String
        switch code {
        case json_error_stack_overflow.rawValue:
            self = .tooDeep(line: line, column: column)
            return
        case json_error_numeric_overflow.rawValue: message = "a number is too large to be held in 64 bits"
        case json_error_duplicate_key.rawValue: message = "an object has the same key twice: \(text)"
        case json_error_premature_end_of_input.rawValue: message = "the document ends too early: it is not complete JSON"
        case json_error_invalid_utf8.rawValue: message = "the document is not valid UTF-8: \(text)"
        default: message = "the document is not valid JSON: \(text)"
        }
        self.init(line: line, column: column, message: message)
    }
}
