import Glibc

/// Environment variables and the home folder, as a value. Shown without the values, which may be secrets.
public struct AWSEnvironment: Hashable, Sendable {
    private let variables: [String: String]
    /// `nil`: the user has none.
    public let homeFolder: String?

    public init(_ variables: [String: String], homeFolder: String?) {
        self.variables = variables
        self.homeFolder = homeFolder
    }

    /// What this process was started with.
    public static func ofProcess() -> AWSEnvironment {
        var variables: [String: String] = [:]
        var next = environ
        while let entry = next.pointee {
            let parts = String(cString: entry).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
            next += 1
        }
        return AWSEnvironment(variables, homeFolder: variables["HOME"] ?? homeFolderOfUser())
    }

    /// A variable's value; `nil` where it is not set, or empty.
    public subscript(_ name: String) -> String? {
        guard let value = variables[name], !value.isEmpty else { return nil }
        return value
    }

    /// The first of these that is set, and its name.
    func first(_ names: [String]) -> (name: String, value: String)? {
        for name in names { if let value = self[name] { return (name, value) } }
        return nil
    }

    /// A path with its leading `~` replaced.
    func expandingTilde(_ path: String) -> String {
        guard path == "~" || path.hasPrefix("~/"), let homeFolder else { return path }
        return homeFolder + path.dropFirst()
    }

    /// A path with `$NAME` and `${NAME}` replaced, of what is set, and then its leading `~`.
    /// - Source: Python's `posixpath.expandvars`, which botocore's `configloader` calls.
    func expanding(_ path: String) -> String {
        let isOfName = { (byte: UInt8) in
            UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
                || byte == UInt8(ascii: "_")
        }
        var (result, rest) = ("", Substring(path))
        while let dollar = rest.firstIndex(of: "$") {
            result += rest[..<dollar]
            let after = rest[rest.index(after: dollar)...]
            let (name, end): (Substring, Substring.Index)
            if after.hasPrefix("{"), let brace = after.firstIndex(of: "}") {
                (name, end) = (after[..<brace].dropFirst(), after.index(after: brace))
            } else {
                name = Substring(after.utf8.prefix(while: isOfName))
                end = name.endIndex
            }
            result += variables[String(name)] ?? String(rest[dollar..<end])
            rest = rest[end...]
        }
        return expandingTilde(result + rest)
    }

    private static func homeFolderOfUser() -> String? {
        var (entry, result): (passwd, UnsafeMutablePointer<passwd>?) = (passwd(), nil)
        var buffer = [CChar](repeating: 0, count: 16 << 10)
        guard getpwuid_r(getuid(), &entry, &buffer, buffer.count, &result) == 0, result != nil, let folder = entry.pw_dir else {
            return nil
        }
        return String(cString: folder)
    }
}

extension AWSEnvironment: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "AWSEnvironment(\(variables.count) variables)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
