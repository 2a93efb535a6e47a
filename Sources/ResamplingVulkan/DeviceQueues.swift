/// The queues of an open device: frames are computed on one, pictures come by the other, which is the same where the device has
/// no copy engine.
struct DeviceQueues: Sendable {
    let device: VulkanDevice
    let compute: DeviceQueue
    let transfer: DeviceQueue

    init(_ device: VulkanDevice) throws(VulkanError) {
        self.device = device
        compute = try DeviceQueue(device, family: device.computeFamily)
        let isOne = device.transferFamily == device.computeFamily
        transfer = isOne ? compute : try DeviceQueue(device, family: device.transferFamily)
    }

    /// For buffers that both use, each family once.
    var families: [UInt32] { Set([compute.family, transfer.family]).sorted() }
}
