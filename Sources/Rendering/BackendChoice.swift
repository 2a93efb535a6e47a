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

    /// - Parameters:
    ///   - device: a Vulkan device's number, or part of its name; then no other one will do.
    ///   - kernels: of the CPU, for when it makes the frames.
    /// - Throws: `RenderError` where what was asked for is not there. `auto` without a device takes the CPU instead.
    public init(_ request: BackendRequest, device: String? = nil, kernels: FrameKernels) throws {
        let cpu = CPUResampler(kernels: kernels)
        func onCPU(_ cause: String) -> (any Resampler, String) { (cpu, "frames are made on the CPU (\(kernels.name))\(cause)") }
        if request == .cpu {
            (resampler, reason) = onCPU(", as asked")
            return
        }
        if request == .auto && device == nil && !DeviceFiles.mayHaveGPU() {
            (resampler, reason) = onCPU(": there is no GPU among the files of /dev")
            return
        }
        do {
            let (gpu, text) = try Self.gpu(device)
            reason = text
            resampler = request == .vulkan ? gpu : FallbackResampler(gpu, orElse: cpu) { error in
                "\(gpu.device ?? "the GPU") failed (\(error)); the CPU went on, with the same frames"
            }
        } catch {
            guard request == .auto && device == nil else {
                throw RenderError("\(error); --backend cpu gives the same frames", underlying: error)
            }
            (resampler, reason) = onCPU(": \(error)")
        }
    }

    #if Vulkan
    private static func gpu(_ device: String?) throws -> (any Resampler, reason: String) {
        let selector = device.flatMap(DeviceSelector.init(parsing:))
        let instance = try VulkanInstance()
        let chosen = try instance.device(selector)
        let cache = PipelineCacheFile(chosen.pipelineCacheID)
        let kept = cache?.read()
        let resampler = try VulkanResampler(chosen, cachedPipelines: kept)
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
    private static func gpu(_ device: String?) throws -> (any Resampler, reason: String) {
        throw RenderError("this build of burns has no Vulkan backend")
    }
    #endif
}
