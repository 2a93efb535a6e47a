import CVulkan

/// Vulkan on this machine: the loader with its drivers.
public final class VulkanInstance: @unchecked Sendable {  // immutable; an instance may be used on any thread
    let handle: VkInstance
    let functions: InstanceFunctions
    let options: VulkanOptions
    private let messenger: ValidationMessenger?

    /// - Throws: `VulkanError` where there is no loader, or no driver.
    public init(options: VulkanOptions = VulkanOptions()) throws(VulkanError) {
        self.options = options
        let library = try VulkanLibrary(fileNames: options.libraryNames)
        let created = try Self.create(library, options)
        handle = created
        let find = library.functions(of: created, options)
        do throws(VulkanError) {
            functions = try InstanceFunctions(find)
            messenger = if let log = options.validation { try ValidationMessenger(log, in: created, find) } else { nil }
        } catch {
            // What was never whole has no end of its own.
            if let vkDestroyInstance: PFN_vkDestroyInstance = try? find("vkDestroyInstance") { vkDestroyInstance(created, nil) }
            throw error
        }
    }

    deinit {
        messenger?.remove(from: handle)
        functions.vkDestroyInstance(handle, nil)
    }

    private static func create(_ library: VulkanLibrary, _ options: VulkanOptions) throws(VulkanError) -> VkInstance {
        let vkCreateInstance: PFN_vkCreateInstance = try library.functions(of: nil, options)("vkCreateInstance")
        guard let validation = options.validation else { return try create(vkCreateInstance, options, next: nil, [], []) }
        return try validation.withCreateInfo { (next, _) throws(VulkanError) in
            try create(vkCreateInstance, options, next: next, [ValidationLog.layer], ValidationLog.extensions)
        }
    }

    private static func create(
        _ vkCreateInstance: PFN_vkCreateInstance, _ options: VulkanOptions, next: UnsafeRawPointer?, _ layers: [StaticString],
        _ extensions: [StaticString]
    ) throws(VulkanError) -> VkInstance {
        var application = VkApplicationInfo()
        application.sType = VK_STRUCTURE_TYPE_APPLICATION_INFO
        application.apiVersion = burns_vk_api_version_1_2
        var instance: VkInstance?
        let result = withUnsafePointer(to: application) { application in
            withNames(layers) { layers, layerCount in
                withNames(extensions) { extensions, extensionCount in
                    var info = VkInstanceCreateInfo()
                    info.sType = VK_STRUCTURE_TYPE_INSTANCE_CREATE_INFO
                    info.pNext = next
                    info.pApplicationInfo = application
                    info.enabledLayerCount = layerCount
                    info.ppEnabledLayerNames = layers
                    info.enabledExtensionCount = extensionCount
                    info.ppEnabledExtensionNames = extensions
                    return options.fault?("vkCreateInstance") ?? VulkanResult(vkCreateInstance(&info, nil, &instance))
                }
            }
        }
        if let instance, result == .success { return instance }
        if result == .incompatibleDriver {
            throw .environment(
                "there is no Vulkan driver; install the GPU's (Debian: mesa-vulkan-drivers, or nvidia-driver for NVIDIA's)")
        }
        throw .call("vkCreateInstance", result)
    }

    /// Every device of this machine, usable or not, in the loader's order.
    public func devices() throws(VulkanError) -> [PhysicalDevice] {
        var count: UInt32 = 0
        do throws(VulkanError) {
            try call("vkEnumeratePhysicalDevices") { functions.vkEnumeratePhysicalDevices(handle, &count, nil) }
        } catch where error.result == .initializationFailed {
            // What the loader says when there are drivers, and none of them finds a device.
            return []
        }
        var handles = [VkPhysicalDevice?](repeating: nil, count: Int(count))
        // A device that comes in between is not among those counted.
        try call("vkEnumeratePhysicalDevices", allowing: .incomplete) {
            functions.vkEnumeratePhysicalDevices(handle, &count, &handles)
        }
        return handles.prefix(Int(count)).compactMap { $0 }.enumerated().map { PhysicalDevice($1, number: $0, of: self) }
    }

    /// Makes a call, or takes the result that a test has for it.
    func result(of name: StaticString, _ body: () -> VkResult) -> VulkanResult {
        options.fault?("\(name)") ?? VulkanResult(body())
    }

    /// Makes a call and throws what it returns, unless that is success.
    func call(_ name: StaticString, allowing allowed: VulkanResult = .success, _ body: () -> VkResult) throws(VulkanError) {
        let result = result(of: name, body)
        if result != .success && result != allowed { throw .call(name, result) }
    }
}
