import CVulkan

/// `frame.comp` as the device runs it, in two sizes of shared memory: a small one for the usual moves, so that more workgroups
/// run side by side, and one that takes every ratio there is.
final class FramePipeline: @unchecked Sendable {  // immutable
    /// How much of shared memory a workgroup takes.
    enum Size: CaseIterable {
        case small, large
        /// 32-bit words of each of the workgroup's rows.
        var rowWords: Int { self == .small ? 128 : 512 }
    }

    /// Output rows of a workgroup, and what it is made of; see `frame.comp`.
    static let rows = 8
    static let invocations = 16 * rows
    static let bindings = 4
    private static let entryPoint: StaticString = "main"
    /// What the large size takes: as much as every device has.
    static let sharedBytes = rows * Size.large.rowWords * 4

    let setLayout: VkDescriptorSetLayout
    let layout: VkPipelineLayout
    private let device: VulkanDevice
    private let module: VkShaderModule
    private let small: VkPipeline
    private let large: VkPipeline
    private let cache: VkPipelineCache

    /// - Parameter cached: what `cacheData` gave an earlier process; anything else does no harm.
    init(_ device: VulkanDevice, cached: [UInt8]?) throws(VulkanError) {
        // Handles that are already there when a later one cannot be made.
        var undo: [(DeviceFunctions, VkDevice) -> Void] = []
        do throws(VulkanError) {
            let setLayout = try Self.makeSetLayout(device)
            undo.append { $0.vkDestroyDescriptorSetLayout($1, setLayout, nil) }
            let layout = try Self.makeLayout(device, setLayout)
            undo.append { $0.vkDestroyPipelineLayout($1, layout, nil) }
            let module = try Self.makeModule(device)
            undo.append { $0.vkDestroyShaderModule($1, module, nil) }
            let cache = try PipelineCacheData.makeCache(device, initial: cached)
            undo.append { $0.vkDestroyPipelineCache($1, cache, nil) }
            let small = try Self.makePipeline(device, layout, module, cache, .small)
            undo.append { $0.vkDestroyPipeline($1, small, nil) }
            large = try Self.makePipeline(device, layout, module, cache, .large)
            (self.device, self.setLayout, self.layout, self.module) = (device, setLayout, layout, module)
            (self.cache, self.small) = (cache, small)
        } catch {
            for step in undo.reversed() { device.free(step) }
            throw error
        }
    }

    deinit {
        device.free { functions, device in
            functions.vkDestroyPipeline(device, large, nil)
            functions.vkDestroyPipeline(device, small, nil)
            functions.vkDestroyPipelineCache(device, cache, nil)
            functions.vkDestroyShaderModule(device, module, nil)
            functions.vkDestroyPipelineLayout(device, layout, nil)
            functions.vkDestroyDescriptorSetLayout(device, setLayout, nil)
        }
    }

    func pipeline(_ size: Size) -> VkPipeline { size == .small ? small : large }

    /// What a later process may start from instead of compiling the shader again; `nil` where the driver has nothing to give.
    var cacheData: [UInt8]? { PipelineCacheData.read(cache, of: device) }

    private static func makeSetLayout(_ device: VulkanDevice) throws(VulkanError) -> VkDescriptorSetLayout {
        let bindings = (0..<bindings).map { index in
            var binding = VkDescriptorSetLayoutBinding()
            binding.binding = UInt32(index)
            binding.descriptorType = VK_DESCRIPTOR_TYPE_STORAGE_BUFFER
            binding.descriptorCount = 1
            binding.stageFlags = VK_SHADER_STAGE_COMPUTE_BIT.rawValue
            return binding
        }
        return try bindings.withUnsafeBufferPointer { (bindings) throws(VulkanError) in
            var info = VkDescriptorSetLayoutCreateInfo()
            info.sType = VK_STRUCTURE_TYPE_DESCRIPTOR_SET_LAYOUT_CREATE_INFO
            info.bindingCount = UInt32(bindings.count)
            info.pBindings = bindings.baseAddress
            return try device.create("vkCreateDescriptorSetLayout") {
                device.functions.vkCreateDescriptorSetLayout(device.handle, &info, nil, &$0)
            }
        }
    }

    private static func makeLayout(
        _ device: VulkanDevice, _ setLayout: VkDescriptorSetLayout
    ) throws(VulkanError) -> VkPipelineLayout {
        var constants = VkPushConstantRange()
        constants.stageFlags = VK_SHADER_STAGE_COMPUTE_BIT.rawValue
        constants.size = UInt32(PlaneConstants.byteCount)
        return try withUnsafePointer(to: constants) { (constants) throws(VulkanError) in
            try withUnsafePointer(to: VkDescriptorSetLayout?(setLayout)) { (setLayout) throws(VulkanError) in
                var info = VkPipelineLayoutCreateInfo()
                info.sType = VK_STRUCTURE_TYPE_PIPELINE_LAYOUT_CREATE_INFO
                info.setLayoutCount = 1
                info.pSetLayouts = setLayout
                info.pushConstantRangeCount = 1
                info.pPushConstantRanges = constants
                return try device.create("vkCreatePipelineLayout") {
                    device.functions.vkCreatePipelineLayout(device.handle, &info, nil, &$0)
                }
            }
        }
    }

    private static func makeModule(_ device: VulkanDevice) throws(VulkanError) -> VkShaderModule {
        try frameShader.withUnsafeBufferPointer { (code) throws(VulkanError) in
            var info = VkShaderModuleCreateInfo()
            info.sType = VK_STRUCTURE_TYPE_SHADER_MODULE_CREATE_INFO
            info.codeSize = code.count * 4
            info.pCode = code.baseAddress
            return try device.create("vkCreateShaderModule") {
                device.functions.vkCreateShaderModule(device.handle, &info, nil, &$0)
            }
        }
    }

    private static func makePipeline(
        _ device: VulkanDevice, _ layout: VkPipelineLayout, _ module: VkShaderModule, _ cache: VkPipelineCache, _ size: Size
    ) throws(VulkanError) -> VkPipeline {
        var entry = VkSpecializationMapEntry()
        entry.constantID = 0
        entry.size = 4
        return try withUnsafePointer(to: entry) { (entry) throws(VulkanError) in
            try withUnsafePointer(to: UInt32(size.rowWords)) { (rowWords) throws(VulkanError) in
                var specialization = VkSpecializationInfo()
                specialization.mapEntryCount = 1
                specialization.pMapEntries = entry
                specialization.dataSize = 4
                specialization.pData = UnsafeRawPointer(rowWords)
                return try withUnsafePointer(to: specialization) { (specialization) throws(VulkanError) in
                    var info = VkComputePipelineCreateInfo()
                    info.sType = VK_STRUCTURE_TYPE_COMPUTE_PIPELINE_CREATE_INFO
                    info.stage.sType = VK_STRUCTURE_TYPE_PIPELINE_SHADER_STAGE_CREATE_INFO
                    info.stage.stage = VK_SHADER_STAGE_COMPUTE_BIT
                    info.stage.module = module
                    info.stage.pName = entryPoint.cString
                    info.stage.pSpecializationInfo = specialization
                    info.layout = layout
                    info.basePipelineIndex = -1
                    return try device.create("vkCreateComputePipelines") {
                        device.functions.vkCreateComputePipelines(device.handle, cache, 1, &info, nil, &$0)
                    }
                }
            }
        }
    }
}
