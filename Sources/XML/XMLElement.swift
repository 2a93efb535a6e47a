/// An element of an XML document, as services answer with: names without prefixes, text, children. Attributes, comments and
/// processing instructions are left out.
public struct XMLElement: Hashable, Sendable {
    public let name: String
    /// All text directly inside, as it stands: white space counts, as names of objects may begin with it.
    public let text: String
    public let children: [XMLElement]

    /// The first child of that name.
    public subscript(_ name: String) -> XMLElement? { children.first { $0.name == name } }

    /// Every child of that name, in order.
    public func all(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }
}
