import CKernels
import Resampling

/// The columns of one output plane in the order in which the kernels want them. Keeps its memory from frame to frame.
final class ColumnGroups {
    private var storage: UnsafeMutableRawPointer?
    private var capacity = 0

    deinit { storage?.deallocate() }

    /// - Returns: columns that are valid until the next call, and as long as the tables that they are made of.
    func arrange(_ axis: AxisMap, _ table: PhaseTable, with kernels: UnsafePointer<burns_frame_kernels>) -> burns_columns {
        let groupCount = (axis.count + Int(BURNS_GROUP_COLUMNS) - 1) / Int(BURNS_GROUP_COLUMNS)
        let needed = groupCount * burns_group_bytes(table.taps)
        let memory = room(for: needed)
        var columns = burns_columns(
            first: axis.firstTap, phase: axis.phase, table: table.coefficients, taps: table.taps, count: axis.count,
            groups: memory.assumingMemoryBound(to: UInt8.self), span: 0)
        kernels.pointee.arrange(&columns)
        return columns
    }

    private func room(for byteCount: Int) -> UnsafeMutableRawPointer {
        if let storage, capacity >= byteCount { return storage }
        storage?.deallocate()
        let memory = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 64)
        storage = memory
        capacity = byteCount
        return memory
    }
}
