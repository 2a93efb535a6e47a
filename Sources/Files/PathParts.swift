/// A path's folder and name. Cut at bytes, as the system does: a combining mark after a slash does not hide it.
package struct PathParts {
    package let folder: String
    package let name: String

    package init(_ path: String) {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else {
            (folder, name) = (".", path)
            return
        }
        folder = slash == path.utf8.startIndex ? "/" : String(Substring(path.utf8[..<slash]))
        name = String(Substring(path.utf8[path.utf8.index(after: slash)...]))
    }
}
