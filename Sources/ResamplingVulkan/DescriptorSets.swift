import CVulkan

/// Descriptor sets for a frame's dispatches, written anew for each frame.
struct DescriptorSets: ~Copyable {
    let count: Int
    private let device: VulkanDevice
    private let pool: VkDescriptorPool
    private let sets: [VkDescriptorSet?]

    init(_ device: VulkanDevice, layout: VkDescriptorSetLayout, count: Int) throws(VulkanError) {
        let size = VkDescriptorPoolSize(
            type: VK_DESCRIPTOR_TYPE_STORAGE_BUFFER, descriptorCount: UInt32(count * FramePipeline.bindings))
        let pool: VkDescriptorPool = try withUnsafePointer(to: size) { (size) throws(VulkanError) in
            var info = VkDescriptorPoolCreateInfo()
            info.sType = VK_STRUCTURE_TYPE_DESCRIPTOR_POOL_CREATE_INFO
            info.maxSets = UInt32(count)
            info.poolSizeCount = 1
            info.pPoolSizes = size
            return try device.create("vkCreateDescriptorPool") {
                device.functions.vkCreateDescriptorPool(device.handle, &info, nil, &$0)
            }
        }
        var sets = [VkDescriptorSet?](repeating: nil, count: count)
        do throws(VulkanError) {
            let layouts = [VkDescriptorSetLayout?](repeating: layout, count: count)
            try layouts.withUnsafeBufferPointer { (layouts) throws(VulkanError) in
                var info = VkDescriptorSetAllocateInfo()
                info.sType = VK_STRUCTURE_TYPE_DESCRIPTOR_SET_ALLOCATE_INFO
                info.descriptorPool = pool
                info.descriptorSetCount = UInt32(count)
                info.pSetLayouts = layouts.baseAddress
                try device.call("vkAllocateDescriptorSets") {
                    device.functions.vkAllocateDescriptorSets(device.handle, &info, &sets)
                }
            }
        } catch {
            device.free { $0.vkDestroyDescriptorPool($1, pool, nil) }
            throw error
        }
        self.count = count
        self.device = device
        self.pool = pool
        self.sets = sets
    }

    deinit { device.free { $0.vkDestroyDescriptorPool($1, pool, nil) } }

    /// Binds buffers to the set `index`, in the order of the shader's bindings.
    func write(_ index: Int, _ bindings: [PlanePass.Binding]) -> VkDescriptorSet? {
        let buffers = bindings.map {
            VkDescriptorBufferInfo(buffer: $0.buffer, offset: VkDeviceSize($0.offset), range: VkDeviceSize($0.byteCount))
        }
        buffers.withUnsafeBufferPointer { buffers in
            var write = VkWriteDescriptorSet()
            write.sType = VK_STRUCTURE_TYPE_WRITE_DESCRIPTOR_SET
            write.dstSet = sets[index]
            write.descriptorCount = UInt32(buffers.count)
            write.descriptorType = VK_DESCRIPTOR_TYPE_STORAGE_BUFFER
            write.pBufferInfo = buffers.baseAddress
            device.functions.vkUpdateDescriptorSets(device.handle, 1, &write, 0, nil)
        }
        return sets[index]
    }
}
