import Resampling
import ResamplingCPU
#if Vulkan
import ResamplingVulkan
#endif

/// What the user asks frames to be made with.
public enum BackendRequest: String, CaseIterable, Sendable {
    /// The best GPU, or else the CPU.
    case auto
    case cpu
    case vulkan
}

/// What makes the frames, chosen once for a run, and why.
public struct BackendChoice: Sendable {
    public let resampler: any Resampler
    /// A sentence for the log.
    public let reason: String
    /// Why `auto` has the CPU do it, for the end of a line; `nil` where it is what was asked for, or a GPU.
    public let cause: String?
    /// Whether nobody would expect it: a GPU, or the CPU although there is a GPU.
    public let isRemarkable: Bool

    /// - Parameters:
    ///   - device: a Vulkan device's number, or part of its name; then no other one will do.
    ///   - kernels: of the CPU, for when it makes the frames.
    /// - Throws: `RenderError` where what was asked for is not there. `auto` without a device takes the CPU instead.
    public init(_ request: BackendRequest, device: String? = nil, kernels: FrameKernels) throws {
        try self.init(request, device: device, kernels: kernels) {
            guard request != .auto || device != nil || DeviceFiles.mayHaveGPU() else {
                throw RenderError("there is no GPU among the files of /dev")
            }
            return try Self.gpu(device)
        }
    }

    #if Vulkan
    /// For tests.
    package init(_ request: BackendRequest, device: String? = nil, kernels: FrameKernels, options: VulkanOptions) throws {
        try self.init(request, device: device, kernels: kernels) { try Self.gpu(device, options) }
    }
    #endif

    private init(
        _ request: BackendRequest, device: String?, kernels: FrameKernels,
        gpu makeGPU: () throws -> (resampler: any Resampler, reason: String)
    ) throws {
        let cpu = CPUResampler(kernels: kernels)
        func onCPU(_ cause: String) -> (any Resampler, String) { (cpu, "frames are made on the CPU (\(kernels.name))\(cause)") }
        if request == .cpu {
            (resampler, reason) = onCPU(", as asked")
            (cause, isRemarkable) = (nil, false)
            return
        }
        do {
            let (gpu, text) = try makeGPU()
            reason = text
            (cause, isRemarkable) = (nil, true)
            resampler = request == .vulkan ? gpu : FallbackResampler(gpu, orElse: cpu) { error in
                "\(gpu.device ?? "the GPU") failed (\(error)); the CPU went on, with the same frames"
            }
        } catch {
            guard request == .auto && device == nil else {
                throw RenderError("\(error); --backend cpu gives the same frames", underlying: error)
            }
            (resampler, reason) = onCPU(": \(error)")
            isRemarkable = error is UnusableGPU
            cause = isRemarkable ? "as the GPU cannot be used" : Self.absence
        }
    }

    /// There is one, but it does not work.
    private struct UnusableGPU: Error, CustomStringConvertible {
        let description: String
    }

    #if Vulkan
    private static let absence = "as there is no GPU"

    private static func gpu(
        _ device: String?, _ options: VulkanOptions = VulkanOptions()
    ) throws -> (resampler: any Resampler, reason: String) {
        let selector = device.flatMap(DeviceSelector.init(parsing:))
        let instance = try VulkanInstance(options: options)
        let chosen = try instance.device(selector)
        let cache = PipelineCacheFile(chosen.pipelineCacheID)
        let kept = cache?.read()
        let resampler: VulkanResampler
        do {
            resampler = try VulkanResampler(chosen, cachedPipelines: kept)
        } catch {
            throw UnusableGPU(description: "\(chosen.description.name) cannot be used: \(error)")
        }
        var reason = "frames are made on \(chosen.description.name) (\(chosen.description.kind), \(chosen.description.driver)), "
            + (device == nil ? "the best of the Vulkan devices here" : "as asked")
        if let data = resampler.pipelineCacheData, data != kept, let cache {
            do {
                try cache.write(data)
            } catch {
                reason += "; its compiled shaders are not kept: \(error)"
            }
        }
        return (resampler, reason)
    }
    #else
    private static let absence = "as this build has no Vulkan backend"

    private static func gpu(_ device: String?) throws -> (resampler: any Resampler, reason: String) {
        throw RenderError("this build of burns has no Vulkan backend")
    }
    #endif
}
