/// The queues of an open device: frames are computed on one, pictures come by another, finished frames go by a third.
///
/// Each has a timeline of its own, even where the device gives one queue for all: what waits for what is the same on every
/// device.
struct DeviceQueues: Sendable {
    let device: VulkanDevice
    let compute: DeviceQueue
    let upload: DeviceQueue
    let readback: DeviceQueue

    init(_ device: VulkanDevice) throws(VulkanError) {
        self.device = device
        compute = try DeviceQueue(device, device.places.compute)
        upload = try DeviceQueue(device, device.places.upload)
        readback = try DeviceQueue(device, device.places.readback)
    }

    /// For buffers that are computed on and copied, each family once.
    var families: [UInt32] { Set([compute.family, upload.family, readback.family]).sorted() }
}
