/// How the GPU is used. What is not for everybody is here for tests.
public struct VulkanOptions: Sendable {
    /// Frames that a queue has the device work on at a time.
    package var framesInFlight = 3
    /// Where validation layers report to; they are loaded only when there is somebody to listen.
    package var validation: ValidationLog?
    /// Asked before each call that can fail, with its name; a result that it gives takes the place of the call.
    package var fault: (@Sendable (_ call: String) -> VulkanResult?)?
    /// Replaces what the device says of itself, to make it smaller than it is.
    package var adjustLimits: (@Sendable (inout DeviceLimits) -> Void)?
    /// Flushes and invalidates mapped memory that does not need it, as if it did.
    package var distrustsCoherence = false
    /// The most memory of the device that pictures may take together; `nil` leaves it to the device.
    package var memoryBudgetBytes: Int?
    /// The loader: the first of these that there is.
    package var libraryNames = [VulkanLibrary.fileName, VulkanLibrary.carriedFileName]

    public init() {}
}
