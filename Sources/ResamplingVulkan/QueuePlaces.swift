/// A queue family, by what it can do.
package struct QueueFamily: Sendable {
    package var computes: Bool
    package var draws: Bool
    /// Whether it copies and does nothing else. Video engines copy as well, but are not made for it.
    package var isCopyEngine: Bool
    package var queueCount: Int
    /// That its clock's readings have; 0: it has no clock.
    package var timestampBits: Int

    package init(computes: Bool, draws: Bool, isCopyEngine: Bool, queueCount: Int, timestampBits: Int = 0) {
        self.computes = computes
        self.draws = draws
        self.isCopyEngine = isCopyEngine
        self.queueCount = queueCount
        self.timestampBits = timestampBits
    }
}

/// Which queues of a device do what. Copies go beside the computing, and both ways at once, as far as there are queues: the bus
/// is the slowest part of it all.
package struct QueuePlaces: Sendable {
    /// A queue, by its family and its place there.
    package struct Place: Hashable, Sendable {
        package var family: Int
        package var index: Int
    }

    /// Where frames are computed: a family that only computes, where there is one, as graphics queues are shared with the
    /// desktop.
    package let compute: Place
    /// Where pictures come by, and finished frames go.
    package let upload: Place
    package let readback: Place

    /// - Returns: `nil` where no family computes.
    package init?(in families: [QueueFamily]) {
        let computing = families.indices.filter { families[$0].computes }
        guard let compute = computing.first(where: { !families[$0].draws }) ?? computing.first else { return nil }
        let copy = families.firstIndex(where: \.isCopyEngine) ?? compute
        let last = families[copy].queueCount - 1
        let first = min(copy == compute ? 1 : 0, last)
        self.compute = Place(family: compute, index: 0)
        upload = Place(family: copy, index: first)
        readback = Place(family: copy, index: min(first + 1, last))
    }

    /// How many queues of each family that takes.
    package var queueCounts: [Int: Int] {
        Dictionary([compute, upload, readback].map { ($0.family, $0.index + 1) }, uniquingKeysWith: max)
    }
}
