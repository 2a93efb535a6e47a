import Digest
import HTTP

/// A sum over the whole content of an object, which S3 keeps beside it: CRC-32C, which Burns sends; CRC-64/NVME, which AWS computes
/// of what came without any; CRC-32.
public struct ObjectChecksum: Hashable, Sendable {
    package let crc: CRC

    /// As S3 names it: "CRC32C", "CRC64NVME" or "CRC32".
    public var algorithm: String { crc.kind.rawValue }
    /// In base 64, as S3 states it.
    public var text: String { crc.text }

    init(_ crc: CRC) { self.crc = crc }

    /// What is said of a whole object. Sums of its parts put together say nothing of its bytes.
    init?(_ headers: HTTPHeaders) {
        guard headers["x-amz-checksum-type"] != "COMPOSITE" else { return nil }
        for kind in CRC.Kind.allCases {
            guard let crc = headers[kind.header].flatMap({ CRC(kind, text: $0) }) else { continue }
            self.init(crc)
            return
        }
        return nil
    }
}

extension CRC {
    /// As headers and documents carry it.
    var text: String { Base64.encode(bytes) }

    init?(_ kind: Kind, text: String) {
        guard let bytes = Base64.decode(text), bytes.count == kind.byteCount else { return nil }
        self.init(kind, value: bytes.reduce(0) { $0 << 8 | UInt64($1) })
    }
}

extension CRC.Kind {
    /// What carries the sum.
    var header: String { "x-amz-checksum-\(rawValue.lowercased())" }
}

extension StoreError {
    /// What has come is not what the server has, by the sum that it states.
    static func corrupted(_ name: String, _ kind: CRC.Kind) -> StoreError {
        StoreError(.corrupted, "\(name): the content does not have the checksum that the server states (\(kind.rawValue))")
    }
}
