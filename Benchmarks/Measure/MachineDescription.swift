import CFFmpeg
import CZimg
import Foundation
import JSON
import Rendering

/// What the figures were taken on.
struct MachineDescription {
    let processor: String
    let cores = Machine.coreCount
    let system: String
    let libraries: [(name: String, version: String)]

    init() {
        processor = Self.value(of: "model name", in: "/proc/cpuinfo") ?? "unknown"
        system = Self.value(of: "PRETTY_NAME", in: "/etc/os-release") ?? "unknown"
        var (major, minor, micro): (UInt32, UInt32, UInt32) = (0, 0, 0)
        zimg_get_version_info(&major, &minor, &micro)
        let swscale = swscale_version()
        libraries = [
            ("zimg", "\(major).\(minor).\(micro)"), ("libswscale", "\(swscale >> 16).\(swscale >> 8 & 255).\(swscale & 255)"),
        ]
    }

    var sentence: String {
        "\(processor), \(cores) cores, \(system), " + libraries.map { "\($0.name) \($0.version)" }.joined(separator: ", ")
    }

    var document: JSON {
        var document = JSON.Object()
        document["processor"] = .string(processor)
        document["cores"] = .integer(Int64(cores))
        document["system"] = .string(system)
        for (name, version) in libraries { document[name] = .string(version) }
        return .object(document)
    }

    /// The value of the first line `name = value` or `name : value`.
    private static func value(of name: String, in path: String) -> String? {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8),
            let line = text.split(separator: "\n").first(where: { $0.hasPrefix(name) }),
            let separator = line.firstIndex(where: { $0 == "=" || $0 == ":" })
        else { return nil }
        return line[line.index(after: separator)...].trimmingCharacters(in: CharacterSet(charactersIn: " \"\t"))
    }
}
