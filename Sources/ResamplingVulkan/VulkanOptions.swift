/// How the GPU is used. What is not for everybody is here for tests.
public struct VulkanOptions: Sendable {
    /// Frames that a queue has the device work on at a time.
    package var framesInFlight = 3
    /// Where validation layers report to; they are loaded only when there is somebody to listen.
    package var validation: ValidationLog?
    /// Asked before each call that can fail, with its name; a result that it gives takes the place of the call.
    package var fault: (@Sendable (_ call: String) -> VulkanResult?)?
    package typealias FunctionReplacement = @Sendable (_ name: String, _ found: UnsafeRawPointer?) -> UnsafeRawPointer?
    /// Gives the code that takes the place of one of Vulkan's functions, or the function itself; `nil`: the driver lacks it.
    package var replaceFunction: FunctionReplacement?
    /// Replaces what a device says of itself, to make it smaller than it is, or another one.
    package var adjustDescription: (@Sendable (inout DeviceDescription) -> Void)?
    /// Flushes and invalidates mapped memory that does not need it, as if it did.
    package var distrustsCoherence = false
    /// The most memory of the device that pictures may take together; `nil` leaves it to the device.
    package var memoryBudgetBytes: Int?
    /// The loader: the first of these that there is.
    package var libraryNames = [VulkanLibrary.fileName, VulkanLibrary.carriedFileName]

    public init() {}
}
