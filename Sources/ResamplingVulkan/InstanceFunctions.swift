import CVulkan

/// The functions of an instance.
struct InstanceFunctions: @unchecked Sendable {  // pointers to code
    let vkDestroyInstance: PFN_vkDestroyInstance
    let vkEnumeratePhysicalDevices: PFN_vkEnumeratePhysicalDevices
    let vkGetPhysicalDeviceProperties: PFN_vkGetPhysicalDeviceProperties
    let vkGetPhysicalDeviceProperties2: PFN_vkGetPhysicalDeviceProperties2
    let vkGetPhysicalDeviceFeatures2: PFN_vkGetPhysicalDeviceFeatures2
    let vkGetPhysicalDeviceMemoryProperties2: PFN_vkGetPhysicalDeviceMemoryProperties2
    let vkGetPhysicalDeviceQueueFamilyProperties: PFN_vkGetPhysicalDeviceQueueFamilyProperties
    let vkEnumerateDeviceExtensionProperties: PFN_vkEnumerateDeviceExtensionProperties
    let vkCreateDevice: PFN_vkCreateDevice
    let vkGetDeviceProcAddr: PFN_vkGetDeviceProcAddr

    init(_ find: FunctionLookup) throws(VulkanError) {
        vkDestroyInstance = try find("vkDestroyInstance")
        vkEnumeratePhysicalDevices = try find("vkEnumeratePhysicalDevices")
        vkGetPhysicalDeviceProperties = try find("vkGetPhysicalDeviceProperties")
        vkGetPhysicalDeviceProperties2 = try find("vkGetPhysicalDeviceProperties2")
        vkGetPhysicalDeviceFeatures2 = try find("vkGetPhysicalDeviceFeatures2")
        vkGetPhysicalDeviceMemoryProperties2 = try find("vkGetPhysicalDeviceMemoryProperties2")
        vkGetPhysicalDeviceQueueFamilyProperties = try find("vkGetPhysicalDeviceQueueFamilyProperties")
        vkEnumerateDeviceExtensionProperties = try find("vkEnumerateDeviceExtensionProperties")
        vkCreateDevice = try find("vkCreateDevice")
        vkGetDeviceProcAddr = try find("vkGetDeviceProcAddr")
    }
}
