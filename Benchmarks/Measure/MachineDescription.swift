import CFFmpeg
import CZimg
import JSON
import Rendering

/// What the figures were taken on.
struct MachineDescription {
    let processor = Machine.processorName
    let cores = Machine.coreCount
    let system = Machine.systemName
    let libraries: [(name: String, version: String)]

    init() {
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
}
