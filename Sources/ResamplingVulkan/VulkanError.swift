/// Why something cannot be done on a GPU: one sentence without its full stop, so that callers can go on with what to do.
public struct VulkanError: Error, Sendable, CustomStringConvertible {
    private enum Kind {
        case environment(String)
        case choice(String)
        case call(String, VulkanResult)
        case limit(String)
    }

    private let kind: Kind

    /// What the machine lacks.
    static func environment(_ sentence: String) -> VulkanError { VulkanError(kind: .environment(sentence)) }
    /// A device that was asked for and cannot be used.
    static func choice(_ sentence: String) -> VulkanError { VulkanError(kind: .choice(sentence)) }
    /// A call that failed, by its name in Vulkan's specification.
    static func call(_ name: StaticString, _ result: VulkanResult) -> VulkanError { VulkanError(kind: .call("\(name)", result)) }
    /// Something larger than the device takes.
    static func limit(_ sentence: String) -> VulkanError { VulkanError(kind: .limit(sentence)) }

    /// The failed call's result, where a call failed.
    public var result: VulkanResult? { if case .call(_, let result) = kind { result } else { nil } }

    var isOutOfMemory: Bool { result?.isOutOfMemory ?? false }

    public var description: String {
        switch kind {
        case .environment(let sentence), .choice(let sentence), .limit(let sentence): sentence
        case .call(let name, let result): "\(name): \(result)"
        }
    }
}
