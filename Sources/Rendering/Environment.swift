import Glibc
import Resampling

/// The process's environment.
public enum Environment {
    /// A variable's value; `nil` where it is not set, or empty.
    public static func value(_ name: String) -> String? {
        guard let value = getenv(name).map({ String(cString: $0) }), !value.isEmpty else { return nil }
        return value
    }

    /// What `BURNS_CPU` names; `nil` where it is not set.
    ///
    /// - Throws: `RenderError` for a name that is none.
    public static func instructionSet() throws(RenderError) -> InstructionSet? {
        guard let name = value("BURNS_CPU") else { return nil }
        if let found = InstructionSet(rawValue: name) { return found }
        let names = InstructionSet.allCases.map(\.rawValue).joined(separator: ", ")
        throw RenderError("BURNS_CPU=\(name) is no level; set it to one of \(names), or unset it")
    }

    /// Where the user's programs keep what can be made again (XDG Base Directory Specification).
    static var cacheHome: String? {
        if let base = value("XDG_CACHE_HOME"), base.hasPrefix("/") { return base }
        return value("HOME").map { $0 + "/.cache" }
    }

    /// Where the user's programs keep what they have learned, for Burns (XDG Base Directory Specification).
    public static var stateFolder: String? {
        if let base = value("XDG_STATE_HOME"), base.hasPrefix("/") { return base + "/burns" }
        return value("HOME").map { $0 + "/.local/state/burns" }
    }
}
