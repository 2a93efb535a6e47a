import Synchronization

/// The region of the instance that this runs on, as its metadata say, which are asked once.
///
/// - Thread rule: any task. Two that ask at the same time may both send.
final class MachineRegion: Sendable {
    private enum Answer {
        case unknown, none
        case region(String)
    }

    private let answer = Mutex(Answer.unknown)

    /// - Returns: `nil` where there is no metadata service, or it does not know.
    func find(_ configuration: AWSConfiguration, sender: any HTTPSending) async throws -> String? {
        switch answer.withLock({ $0 }) {
        case .none: return nil
        case .region(let name): return name
        case .unknown: break
        }
        do {
            let metadata = try InstanceMetadata(configuration)
            let bytes = try await metadata.get("latest/meta-data/placement/region", sender: sender)
            let name = try Region.check(String(decoding: bytes, as: UTF8.self), setting: "the region in the instance metadata")
            answer.withLock { $0 = .region(name) }
            return name
        } catch is InstanceMetadata.Unavailable {
            answer.withLock { $0 = .none }
            return nil
        }
    }
}
