import CVulkan
import Resampling

/// A working picture in the device's memory. Its samples lie as in the host's.
final class DevicePicture: @unchecked Sendable {  // immutable
    struct Plane {
        /// Of its first row in the buffer.
        var offset: Int
        var width: Int
        var height: Int
        var strideBytes: Int
    }

    let luma: Plane
    let cb: Plane
    let cr: Plane
    let buffer: DeviceBuffer
    /// When its samples are there.
    let ready: DeviceQueue.Point?
    private let budget: MemoryBudget

    /// Starts of planes: as aligned as any device wants it of a binding.
    private static let alignment = 256

    init(
        _ picture: WorkingPicture, by staging: StagingRing, on queues: DeviceQueues, within budget: MemoryBudget
    ) throws(VulkanError) {
        let (places, byteCount) = Self.arrange(picture)
        (luma, cb, cr) = (places[0], places[1], places[2])
        let buffer = try DeviceBuffer(
            queues.device, byteCount: byteCount, flags: [VK_BUFFER_USAGE_STORAGE_BUFFER_BIT, VK_BUFFER_USAGE_TRANSFER_DST_BIT],
            for: .device, families: queues.families)
        do throws(VulkanError) {
            let pieces = zip([picture.luma, picture.cb, picture.cr], places).map {
                StagingRing.Piece(source: UnsafeRawPointer($0.samples), byteCount: $0.byteCount, offset: $1.offset)
            }
            ready = try staging.upload(pieces, into: buffer.handle)
        } catch {
            staging.settle()
            throw error
        }
        self.buffer = buffer
        self.budget = budget
        budget.add(byteCount)
    }

    deinit {
        // Frames that read it hold it until they are done, so only its own upload may be under way.
        ready?.settle()
        budget.add(-buffer.byteCount)
    }

    /// What a picture takes on the device.
    static func byteCount(of picture: WorkingPicture) -> Int { arrange(picture).byteCount }

    private static func arrange(_ picture: WorkingPicture) -> (places: [Plane], byteCount: Int) {
        var end = 0
        let places = [picture.luma, picture.cb, picture.cr].map { plane in
            defer { end = (end + plane.byteCount + alignment - 1) / alignment * alignment }
            return Plane(offset: end, width: plane.width, height: plane.height, strideBytes: plane.strideSamples * 2)
        }
        return (places, end)
    }
}
