/// What an object has besides its content.
public struct ObjectAttributes: Hashable, Sendable {
    /// `nil` when writing: what the key's extension says, see `ContentType`. Never `nil` of what was read.
    public var contentType: String?
    /// The user's own: names of lower-case letters, digits and `-_.`, values in UTF-8 without control characters, 2 KB together.
    public var metadata: [String: String]
    /// At most 10; names of at most 128 characters, values of at most 256. Empty of what was read: see `tags(of:)`.
    public var tags: [String: String]

    public init(contentType: String? = nil, metadata: [String: String] = [:], tags: [String: String] = [:]) {
        self.contentType = contentType
        self.metadata = metadata
        self.tags = tags
    }

    /// Refuses what S3 would, so that every store takes the same.
    func check() throws(StoreError) {
        if let contentType, !ObjectAttributes.isPlainText(contentType) || contentType.utf8.count > 256 {
            throw StoreError(.invalidRequest, "the content type \(contentType.debugDescription) is not one")
        }
        for (name, value) in metadata {
            guard !name.isEmpty, name.utf8.allSatisfy(ObjectAttributes.isNameByte) else {
                throw StoreError(
                    .invalidRequest,
                    "the metadata name \(name.debugDescription) is not one; allowed are lower-case letters, digits, dots, "
                        + "hyphens and underscores")
            }
            guard !value.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else {
                throw StoreError(.invalidRequest, "the value of the metadata \(name) has control characters in it")
            }
        }
        let size = metadata.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
        guard size <= 2048 else {
            throw StoreError(.invalidRequest, "the metadata are \(size) bytes long, more than the 2048 allowed")
        }
        try ObjectAttributes.check(tags: tags)
    }

    static func check(tags: [String: String]) throws(StoreError) {
        guard tags.count <= 10 else { throw StoreError(.invalidRequest, "\(tags.count) tags are more than the 10 allowed") }
        for (name, value) in tags {
            guard 1...128 ~= name.utf16.count, value.utf16.count <= 256, isTagText(name), isTagText(value) else {
                throw StoreError(
                    .invalidRequest,
                    "the tag \(name.debugDescription) is not one; allowed are names of 1 to 128 characters and values of up to "
                        + "256, of letters, digits, spaces and _.:/=+-@")
            }
        }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
            || "-_.".utf8.contains(byte)
    }

    /// - Source: "Categorizing your objects using tags" in the S3 User Guide.
    private static func isTagText(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy {
            switch $0.properties.generalCategory {
            case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
                .letterNumber, .otherNumber, .spaceSeparator:
                true
            default: "_.:/=+-@".unicodeScalars.contains($0)
            }
        }
    }

    private static func isPlainText(_ text: String) -> Bool { !text.isEmpty && text.utf8.allSatisfy { 0x20..<0x7F ~= $0 } }
}
