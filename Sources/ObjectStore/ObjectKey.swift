/// A key, equal to itself alone: compared, hashed and sorted by its bytes, as stores do it.
///
/// Swift's texts are equal where they look alike: "é" as one character, and as a letter with an accent. As keys, these are two
/// objects.
@propertyWrapper
public struct ObjectKey: Hashable, Comparable, Sendable {
    public var wrappedValue: String

    public init(wrappedValue: String) { self.wrappedValue = wrappedValue }
    package init(_ text: String) { wrappedValue = text }

    public static func == (a: ObjectKey, b: ObjectKey) -> Bool { a.wrappedValue.utf8.elementsEqual(b.wrappedValue.utf8) }
    public static func < (a: ObjectKey, b: ObjectKey) -> Bool { a.wrappedValue.isLess(than: b.wrappedValue) }

    public func hash(into hasher: inout Hasher) {
        var text = wrappedValue
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}
