import CVulkan

/// A Vulkan call's result. Codes that this build does not know survive as their number.
public struct VulkanResult: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    public let rawValue: Int32
    public init(rawValue: Int32) { self.rawValue = rawValue }
    init(_ result: VkResult) { rawValue = result.rawValue }

    public static let success = VulkanResult(VK_SUCCESS)
    public static let timeout = VulkanResult(VK_TIMEOUT)
    public static let incomplete = VulkanResult(VK_INCOMPLETE)
    public static let outOfHostMemory = VulkanResult(VK_ERROR_OUT_OF_HOST_MEMORY)
    public static let outOfDeviceMemory = VulkanResult(VK_ERROR_OUT_OF_DEVICE_MEMORY)
    public static let initializationFailed = VulkanResult(VK_ERROR_INITIALIZATION_FAILED)
    public static let deviceLost = VulkanResult(VK_ERROR_DEVICE_LOST)
    public static let layerNotPresent = VulkanResult(VK_ERROR_LAYER_NOT_PRESENT)
    public static let extensionNotPresent = VulkanResult(VK_ERROR_EXTENSION_NOT_PRESENT)
    public static let featureNotPresent = VulkanResult(VK_ERROR_FEATURE_NOT_PRESENT)
    public static let incompatibleDriver = VulkanResult(VK_ERROR_INCOMPATIBLE_DRIVER)
    public static let tooManyObjects = VulkanResult(VK_ERROR_TOO_MANY_OBJECTS)

    /// Short of memory, or of allocations, on either side.
    var isOutOfMemory: Bool { [.outOfHostMemory, .outOfDeviceMemory, .tooManyObjects].contains(self) }

    public var description: String {
        switch self {
        case .success: "success"
        case .timeout: "no answer in time"
        case .outOfHostMemory: "out of host memory"
        case .outOfDeviceMemory: "out of device memory"
        case .initializationFailed: "initialization failed"
        case .deviceLost: "the device was lost"
        case .layerNotPresent: "a layer is not installed"
        case .extensionNotPresent: "an extension is missing"
        case .featureNotPresent: "a feature is missing"
        case .incompatibleDriver: "no driver"
        case .tooManyObjects: "too many objects"
        default: "result \(rawValue)"
        }
    }
}
