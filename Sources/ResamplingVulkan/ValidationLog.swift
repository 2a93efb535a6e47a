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

    /// Calls `body` with what makes an instance report to this log, for its `pNext`. The log must outlive the instance.
    func withCreateInfo<R>(_ body: (UnsafeRawPointer) throws(VulkanError) -> R) throws(VulkanError) -> R {
        var messenger = VkDebugUtilsMessengerCreateInfoEXT()
        messenger.sType = VK_STRUCTURE_TYPE_DEBUG_UTILS_MESSENGER_CREATE_INFO_EXT
        messenger.messageSeverity =
            VK_DEBUG_UTILS_MESSAGE_SEVERITY_WARNING_BIT_EXT.rawValue | VK_DEBUG_UTILS_MESSAGE_SEVERITY_ERROR_BIT_EXT.rawValue
        messenger.messageType =
            VK_DEBUG_UTILS_MESSAGE_TYPE_VALIDATION_BIT_EXT.rawValue | VK_DEBUG_UTILS_MESSAGE_TYPE_PERFORMANCE_BIT_EXT.rawValue
        messenger.pfnUserCallback = { _, _, data, user in
            if let user, let message = data?.pointee.pMessage {
                Unmanaged<ValidationLog>.fromOpaque(user).takeUnretainedValue().record(String(cString: message))
            }
            return VK_FALSE
        }
        messenger.pUserData = Unmanaged.passUnretained(self).toOpaque()
        return try withUnsafePointer(to: messenger) { (messenger) throws(VulkanError) in
            try withUnsafePointer(to: VK_VALIDATION_FEATURE_ENABLE_SYNCHRONIZATION_VALIDATION_EXT) { (enabled) throws(VulkanError) in
                var features = VkValidationFeaturesEXT()
                features.sType = VK_STRUCTURE_TYPE_VALIDATION_FEATURES_EXT
                features.pNext = UnsafeRawPointer(messenger)
                features.enabledValidationFeatureCount = 1
                features.pEnabledValidationFeatures = enabled
                return try withUnsafePointer(to: features) { (features) throws(VulkanError) in try body(UnsafeRawPointer(features)) }
            }
        }
    }
}
