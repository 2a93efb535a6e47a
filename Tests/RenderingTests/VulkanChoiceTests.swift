#if Vulkan
import Library
import Rendering
import ResamplingCPU
import ResamplingVulkan
import Testing

/// A GPU that is there and does not work: the software driver, in the place of one where that matters.
@Suite struct VulkanChoiceTests {
    private func options(asGPU: Bool, failing: String) -> VulkanOptions {
        var options = VulkanOptions()
        options.adjustDescription = { device in
            if device.kind == .software && asGPU { device.kind = .discrete }
            if device.kind != .software && !device.name.hasPrefix("llvmpipe") { device.hasTimelineSemaphores = false }
        }
        options.fault = { $0 == failing ? .initializationFailed : nil }
        return options
    }

    @Test(arguments: ["vkCreateDevice", "vkCreateComputePipelines"])
    func autoSaysThatAGPUCannotBeUsed(call: String) throws {
        let options = options(asGPU: true, failing: call)
        let choice = try BackendChoice(.auto, kernels: .best, options: options)
        #expect(choice.resampler.backend == "cpu" && choice.isRemarkable && choice.cause == "as the GPU cannot be used")
        #expect(choice.reason.hasPrefix("frames are made on the CPU (\(FrameKernels.best.name)): llvmpipe"), "\(choice.reason)")
        #expect(choice.reason.hasSuffix(" cannot be used: \(call): initialization failed"), "\(choice.reason)")
        #expect(throws: RenderError.self) { try BackendChoice(.vulkan, kernels: .best, options: options) }
    }

    @Test func autoTakesAGPUThatWorks() throws {
        let choice = try BackendChoice(.auto, kernels: .best, options: options(asGPU: true, failing: ""))
        #expect(choice.resampler.backend == "vulkan" && choice.isRemarkable && choice.cause == nil)
        #expect(choice.reason.hasSuffix("the best of the Vulkan devices here"))
    }

    /// Each device is opened: one that cannot be is not called good, although nobody would take it by itself.
    @Test(arguments: [true, false])
    func doctorOpensEachDevice(asGPU: Bool) throws {
        func device(_ findings: [Finding]) throws -> Finding {
            try #require(findings.first { $0.topic.hasPrefix("Vulkan device") && $0.text.hasPrefix("llvmpipe") })
        }
        let good = VulkanFindings.all(options(asGPU: asGPU, failing: ""))
        #expect(try device(good).state == .works && good[0].state == (asGPU ? .works : .absent))
        let bad = VulkanFindings.all(options(asGPU: asGPU, failing: "vkCreateDevice"))
        let found = try device(bad)
        #expect(found.state == .absent && found.text.contains(": cannot be used: vkCreateDevice: initialization failed; "))
        #expect(bad[0].state == .absent && bad[0].text.hasSuffix("; frames are made on the CPU"), "\(bad[0].text)")
    }
}
#endif
