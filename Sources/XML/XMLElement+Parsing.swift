import CXML2

/// Why a document is not read: one sentence. Holds nothing of the document, which may hold secrets.
public struct XMLError: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String
    init(_ description: String) { self.description = description }
}

extension XMLElement {
    /// libxml2 wants to be started once, before threads use it.
    private static let start: Void = xmlInitParser()

    /// Reads a UTF-8 document; its root.
    ///
    /// - Refuses document types (and with them entities of one's own), more than 200 levels, and more than `maximumBytes`.
    /// - Opens no file and no connection, whatever the document says.
    public init(parsing bytes: [UInt8], maximumBytes: Int = 16 << 20) throws(XMLError) {
        guard bytes.count <= maximumBytes else {
            throw XMLError("the document is \(bytes.count) bytes long, more than the \(maximumBytes) allowed")
        }
        guard !XMLElement.hasDocumentType(bytes) else {
            throw XMLError("the document declares a document type, which is not allowed here")
        }
        _ = XMLElement.start
        // Servers that work for long send it to keep the connection; before a declaration it is no XML.
        let bytes = bytes.drop { $0 == 0x20 || 0x09...0x0D ~= $0 }
        guard let context = xmlNewParserCtxt() else { throw XMLError("there is no memory left for an XML parser") }
        defer { xmlFreeParserCtxt(context) }
        let options = XML_PARSE_NONET.rawValue | XML_PARSE_NOERROR.rawValue | XML_PARSE_NOWARNING.rawValue
        // The encoding is given, so that no declaration can choose one in which a document type would be overlooked.
        let document = bytes.withUnsafeBufferPointer {
            $0.withMemoryRebound(to: CChar.self) {
                xmlCtxtReadMemory(context, $0.baseAddress, Int32($0.count), nil, "UTF-8", Int32(options))
            }
        }
        guard let document else {
            let line = context.pointee.lastError.line
            throw XMLError("the document is not valid XML" + (line > 0 ? " (line \(line))" : ""))
        }
        defer { xmlFreeDoc(document) }
        guard let root = xmlDocGetRootElement(document) else { throw XMLError("the document is empty") }
        self = try XMLElement(root, depth: 1)
    }

    private init(_ node: xmlNodePtr, depth: Int) throws(XMLError) {
        guard depth <= 200 else { throw XMLError("the document is nested more than 200 levels deep") }
        var text = ""
        var children: [XMLElement] = []
        var next = node.pointee.children
        while let child = next {
            switch child.pointee.type {
            case XML_ELEMENT_NODE: children.append(try XMLElement(child, depth: depth + 1))
            case XML_TEXT_NODE, XML_CDATA_SECTION_NODE:
                if let content = child.pointee.content { text += String(cString: content) }
            default: break
            }
            next = child.pointee.next
        }
        self.init(name: String(cString: node.pointee.name), text: text, children: children)
    }

    private static func hasDocumentType(_ bytes: [UInt8]) -> Bool {
        let mark = Array("<!DOCTYPE".utf8)
        var index = bytes.startIndex
        while let found = bytes[index...].firstIndex(of: mark[0]) {
            if bytes[found...].starts(with: mark) { return true }
            index = found + 1
        }
        return false
    }
}
