import CVulkan
import Synchronization

/// What the validation layers have to say, synchronisation included. Empty is right.
package final class ValidationLog: Sendable {
    private let entries = Mutex<[String]>([])

    package init() {}

    package var messages: [String] { entries.withLock { $0 } }

    fileprivate func record(_ message: String) { entries.withLock { $0.append(message) } }

    static let layer: StaticString = "VK_LAYER_KHRONOS_validation"
    static let extensions: [StaticString] = ["VK_EXT_debug_utils", "VK_EXT_validation_features"]

    /// Calls `body` with what an instance is made with to report to this log, for its `pNext`: that serves while it is being made
    /// and unmade; in between, a messenger of the same settings does. The log must outlive the instance.
    func withCreateInfo<R>(
        _ body: (UnsafeRawPointer, UnsafePointer<VkDebugUtilsMessengerCreateInfoEXT>) throws(VulkanError) -> R
    ) throws(VulkanError) -> R {
        try withUnsafePointer(to: messengerInfo) { (messenger) throws(VulkanError) in
            let synchronization = VK_VALIDATION_FEATURE_ENABLE_SYNCHRONIZATION_VALIDATION_EXT
            return try withUnsafePointer(to: synchronization) { (enabled) throws(VulkanError) in
                var features = VkValidationFeaturesEXT()
                features.sType = VK_STRUCTURE_TYPE_VALIDATION_FEATURES_EXT
                features.pNext = UnsafeRawPointer(messenger)
                features.enabledValidationFeatureCount = 1
                features.pEnabledValidationFeatures = enabled
                return try withUnsafePointer(to: features) { (features) throws(VulkanError) in
                    try body(UnsafeRawPointer(features), messenger)
                }
            }
        }
    }

    private var messengerInfo: VkDebugUtilsMessengerCreateInfoEXT {
        var info = VkDebugUtilsMessengerCreateInfoEXT()
        info.sType = VK_STRUCTURE_TYPE_DEBUG_UTILS_MESSENGER_CREATE_INFO_EXT
        info.messageSeverity =
            VK_DEBUG_UTILS_MESSAGE_SEVERITY_WARNING_BIT_EXT.rawValue | VK_DEBUG_UTILS_MESSAGE_SEVERITY_ERROR_BIT_EXT.rawValue
        info.messageType =
            VK_DEBUG_UTILS_MESSAGE_TYPE_VALIDATION_BIT_EXT.rawValue | VK_DEBUG_UTILS_MESSAGE_TYPE_PERFORMANCE_BIT_EXT.rawValue
        info.pfnUserCallback = { _, _, data, user in
            if let user, let message = data?.pointee.pMessage {
                Unmanaged<ValidationLog>.fromOpaque(user).takeUnretainedValue().record(String(cString: message))
            }
            return VK_FALSE
        }
        info.pUserData = Unmanaged.passUnretained(self).toOpaque()
        return info
    }
}

/// A log's ear in an instance. Its owner removes it before the instance goes.
struct ValidationMessenger: @unchecked Sendable {  // a handle and code
    private let handle: VkDebugUtilsMessengerEXT
    private let vkDestroyDebugUtilsMessengerEXT: PFN_vkDestroyDebugUtilsMessengerEXT

    init(_ log: ValidationLog, in instance: VkInstance, _ find: FunctionLookup) throws(VulkanError) {
        let vkCreateDebugUtilsMessengerEXT: PFN_vkCreateDebugUtilsMessengerEXT = try find("vkCreateDebugUtilsMessengerEXT")
        vkDestroyDebugUtilsMessengerEXT = try find("vkDestroyDebugUtilsMessengerEXT")
        handle = try log.withCreateInfo { (_, info) throws(VulkanError) in
            var messenger: VkDebugUtilsMessengerEXT?
            let result = VulkanResult(vkCreateDebugUtilsMessengerEXT(instance, info, nil, &messenger))
            guard let messenger else { throw .call("vkCreateDebugUtilsMessengerEXT", result) }
            return messenger
        }
    }

    func remove(from instance: VkInstance) { vkDestroyDebugUtilsMessengerEXT(instance, handle, nil) }
}
