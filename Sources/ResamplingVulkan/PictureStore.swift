import Resampling
import Synchronization

/// The pictures in the device's memory: uploaded when a frame first shows them, kept while the host has them too.
///
/// What nobody shows just now makes room for others, the longest unused first. A frame in the making holds its pictures.
final class PictureStore: Sendable {
    private struct Entry {
        /// The host's picture, for as long as there is one.
        weak var luma: WorkingPlane?
        var picture: DevicePicture
        var lastUse: Int
    }

    private struct State {
        var entries: [Entry] = []
        var clock = 0
        var uploads = 0
    }

    private let queues: DeviceQueues
    private let budget: MemoryBudget
    private let staging: StagingRing
    private let state = Mutex(State())

    init(_ queues: DeviceQueues, budget: MemoryBudget) throws(VulkanError) {
        self.queues = queues
        self.budget = budget
        staging = try StagingRing(queues.upload)
    }

    /// The device's copy of a picture; made, where there is none.
    func picture(_ picture: WorkingPicture) throws(VulkanError) -> DevicePicture {
        try state.withLock { (state) throws(VulkanError) in
            state.entries.removeAll { $0.luma == nil }
            state.clock += 1
            if let index = state.entries.firstIndex(where: { $0.luma === picture.luma }) {
                state.entries[index].lastUse = state.clock
                return state.entries[index].picture
            }
            let byteCount = DevicePicture.byteCount(of: picture)
            while budget.roomBytes < byteCount, Self.evictOne(&state) {}
            let made = try upload(picture, &state)
            state.entries.append(Entry(luma: picture.luma, picture: made, lastUse: state.clock))
            state.uploads += 1
            return made
        }
    }

    /// Lets go of what no frame shows.
    func shrink() {
        state.withLock { state in while Self.evictOne(&state) {} }
    }

    /// How many pictures are there, and how many were ever brought there.
    var counts: (held: Int, uploaded: Int) { state.withLock { ($0.entries.count, $0.uploads) } }

    /// Budgets are estimates: where the device says no, everything unused goes, and it is asked once more.
    private func upload(_ picture: WorkingPicture, _ state: inout State) throws(VulkanError) -> DevicePicture {
        do throws(VulkanError) {
            return try DevicePicture(picture, by: staging, on: queues, within: budget)
        } catch where error.isOutOfMemory {
            while Self.evictOne(&state) {}
            return try DevicePicture(picture, by: staging, on: queues, within: budget)
        }
    }

    private static func evictOne(_ state: inout State) -> Bool {
        let unused = state.entries.indices.filter { isKnownUniquelyReferenced(&state.entries[$0].picture) }
        guard let oldest = unused.min(by: { state.entries[$0].lastUse < state.entries[$1].lastUse }) else { return false }
        state.entries.remove(at: oldest)
        return true
    }
}
