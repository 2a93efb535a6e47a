/// The shared config and credentials files, put together. Shown without values.
package struct SharedConfig: Sendable {
    /// Of both files; what the credentials file says goes first.
    package private(set) var profiles: [String: SharedFile.Section] = [:]
    /// Of the credentials file, by the names of its sections.
    package private(set) var credentialsFile: [String: SharedFile.Section] = [:]
    /// Of the config file alone.
    package private(set) var configFile: [String: SharedFile.Section] = [:]
    package private(set) var ssoSessions: [String: SharedFile.Section] = [:]
    package private(set) var services: [String: SharedFile.Section] = [:]

    package init(config: SharedFile = SharedFile(), credentials: SharedFile = SharedFile()) {
        for (name, options) in config.sections {
            if name.hasPrefix("profile") {
                SharedConfig.name(in: name).map { configFile[$0] = options }
            } else if name.hasPrefix("sso-session") {
                SharedConfig.name(in: name).map { ssoSessions[$0] = options }
            } else if name.hasPrefix("services") {
                SharedConfig.name(in: name).map { services[$0] = options }
            } else if name == "default" {
                configFile[name] = options
            }
        }
        profiles = configFile
        for (name, options) in credentials.sections {
            credentialsFile[name] = options
            profiles[name, default: [:]].merge(options) { _, new in new }
        }
    }

    /// "x" of "profile x" and of "profile "x""; `nil` where it is not two words: such sections are passed over.
    private static func name(in section: String) -> String? {
        guard let words = ShellWords.split(section), words.count == 2 else { return nil }
        return words[1]
    }
}

extension SharedConfig: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "SharedConfig(\(profiles.keys.sorted()))" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

extension SharedFile.Section {
    /// A plain value; `nil` where there is none, or a block.
    func text(_ name: String) -> String? {
        if case .text(let text)? = self[name] { text } else { nil }
    }

    /// A value within a block, such as `addressing_style` in `s3`.
    func text(_ name: String, in block: String) -> String? {
        if case .block(let values)? = self[block] { values[name] } else { nil }
    }
}
