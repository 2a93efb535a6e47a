import CVulkan

/// Compiled shaders as bytes that a later process may start from.
///
/// - Layout: a seal of 8 bytes (FNV-1a of all that follows), then what the driver gave. Drivers trust what they are given, so
///   bytes that a disk has turned must not reach them.
enum PipelineCacheData {
    /// Drivers give some hundred kilobytes.
    static let maximumBytes = 16 << 20
    private static let sealBytes = 8

    static func makeCache(_ device: VulkanDevice, initial: [UInt8]?) throws(VulkanError) -> VkPipelineCache {
        let data = initial.flatMap { opened($0, for: device.physical) } ?? []
        return try data.withUnsafeBufferPointer { (data) throws(VulkanError) in
            var info = VkPipelineCacheCreateInfo()
            info.sType = VK_STRUCTURE_TYPE_PIPELINE_CACHE_CREATE_INFO
            info.initialDataSize = data.count
            info.pInitialData = UnsafeRawPointer(data.baseAddress)
            return try device.create("vkCreatePipelineCache") {
                device.functions.vkCreatePipelineCache(device.handle, &info, nil, &$0)
            }
        }
    }

    static func read(_ cache: VkPipelineCache, of device: VulkanDevice) -> [UInt8]? {
        var count = 0
        guard device.functions.vkGetPipelineCacheData(device.handle, cache, &count, nil) == VK_SUCCESS, count > 0,
            count <= maximumBytes
        else { return nil }
        var data = [UInt8](repeating: 0, count: count)
        guard device.functions.vkGetPipelineCacheData(device.handle, cache, &count, &data) == VK_SUCCESS else { return nil }
        return sealed(data[..<count])
    }

    static func sealed(_ data: ArraySlice<UInt8>) -> [UInt8] {
        let seal = hash(data)
        return (0..<sealBytes).map { UInt8(truncatingIfNeeded: seal >> (8 * UInt64($0))) } + data
    }

    /// The driver's bytes, if they are whole and of this very device and driver.
    static func opened(_ bytes: [UInt8], for device: PhysicalDevice) -> [UInt8]? {
        let data = bytes.dropFirst(sealBytes)
        guard bytes.count <= maximumBytes + sealBytes, sealed(data) == bytes else { return nil }
        var properties = VkPhysicalDeviceProperties()
        device.instance.functions.vkGetPhysicalDeviceProperties(device.handle, &properties)
        // VkPipelineCacheHeaderVersionOne: four little-endian words, then the UUID.
        func word(_ index: Int) -> UInt32 {
            (0..<4).reduce(0) { $0 | UInt32(data[data.startIndex + 4 * index + $1]) << (8 * UInt32($1)) }
        }
        let uuid = withUnsafeBytes(of: &properties.pipelineCacheUUID) { [UInt8]($0) }
        let headerBytes = 16 + uuid.count
        guard data.count >= headerBytes, word(0) == headerBytes, word(1) == VK_PIPELINE_CACHE_HEADER_VERSION_ONE.rawValue,
            word(2) == properties.vendorID, word(3) == properties.deviceID,
            data.dropFirst(16).prefix(uuid.count).elementsEqual(uuid)
        else { return nil }
        return [UInt8](data)
    }

    /// - Source: Fowler, Noll, Vo: FNV-1a, 64 bits.
    private static func hash(_ data: ArraySlice<UInt8>) -> UInt64 {
        data.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
    }
}
