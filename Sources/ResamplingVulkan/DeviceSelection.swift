/// Which device is asked for.
public enum DeviceSelector: Hashable, Sendable, CustomStringConvertible {
    /// Its place among this machine's devices, from 0.
    case number(Int)
    /// Part of its name, in any case.
    case name(String)

    /// Digits are a number, anything else part of a name; `nil` for nothing at all.
    public init?(parsing text: String) {
        if text.isEmpty { return nil }
        self = Int(text).map { $0 >= 0 ? .number($0) : .name(text) } ?? .name(text)
    }

    public var description: String {
        switch self {
        case .number(let number): "\(number)"
        case .name(let name): name
        }
    }
}

extension [DeviceDescription] {
    /// The device that was asked for.
    ///
    /// - Throws: where there is none, more than one, or one that cannot be used.
    package func chosen(by selector: DeviceSelector) throws(VulkanError) -> DeviceDescription {
        let matches = filter { device in
            switch selector {
            case .number(let number): device.number == number
            case .name(let name): device.name.lowercased().contains(name.lowercased())
            }
        }
        guard let device = matches.first else {
            throw .choice("there is no Vulkan device '\(selector)'; there \(isEmpty ? "is none" : "are \(list)")")
        }
        if matches.count > 1 { throw .choice("'\(selector)' fits more than one Vulkan device: \(matches.list); give its number") }
        if let shortcoming = device.shortcoming {
            throw .choice("the Vulkan device \(device.name) cannot be used: \(shortcoming)")
        }
        return device
    }

    /// The best device for anybody who did not ask for one: never a software driver, which is slower than Burns' own kernels.
    ///
    /// - Throws: where there is none, with what there is instead.
    package func best() throws(VulkanError) -> DeviceDescription {
        let usable = filter { $0.shortcoming == nil && $0.kind != .software }
        // The better kind, then more memory, then the loader's order.
        let best = usable.min {
            ($0.kind.rawValue, -$0.memoryBytes, $0.number) < ($1.kind.rawValue, -$1.memoryBytes, $1.number)
        }
        if let best { return best }
        if isEmpty { throw .choice("Vulkan finds no device") }
        let reasons = map { device in
            device.shortcoming.map { "\(device.name) cannot be used: \($0)" } ?? "\(device.name) is a software driver"
        }
        throw .choice("Vulkan finds no GPU (\(reasons.joined(separator: "; ")))")
    }

    private var list: String { map { "\($0.number) (\($0.name))" }.joined(separator: ", ") }
}

extension VulkanInstance {
    /// The device asked for, or the best.
    public func device(_ selector: DeviceSelector?) throws(VulkanError) -> PhysicalDevice {
        let all = try devices()
        let descriptions = all.map(\.description)
        let chosen = if let selector { try descriptions.chosen(by: selector) } else { try descriptions.best() }
        return all[chosen.number]
    }
}
