extension XMLElement {
    /// An element that holds others.
    public init(_ name: String, _ children: [XMLElement]) { self.init(name: name, text: "", children: children) }

    /// An element that holds text.
    public init(_ name: String, _ text: String) { self.init(name: name, text: text, children: []) }

    /// The element as XML. Of one that has children, only those.
    public var document: String {
        let content = children.isEmpty ? XMLText.escape(text) : children.map(\.document).joined()
        return "<\(name)>\(content)</\(name)>"
    }

    /// Whether both say the same, for documents in which neither white space between elements nor their order means anything.
    public func means(_ other: XMLElement) -> Bool { canonical == other.canonical }

    private var canonical: String {
        let content = children.isEmpty ? XMLText.escape(text) : children.map(\.canonical).sorted().joined()
        return "<\(name)>\(content)</\(name)>"
    }
}
