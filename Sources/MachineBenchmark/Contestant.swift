import Resampling
import ResamplingCPU

/// Somebody who makes frames.
package struct Contestant: Sendable {
    /// "avx2", or a device's name.
    package var name: String
    package var resampler: any Resampler
    /// The device's, as `burns doctor` counts them; `nil`: the CPU.
    package var deviceNumber: Int?
    /// A device whose driver computes on the CPU.
    package var isSoftware = false

    /// That have a device make frames at the same time: more change nothing but the memory that they take.
    private static let mostDeviceThreads = 32

    package init(name: String, resampler: any Resampler, deviceNumber: Int? = nil, isSoftware: Bool = false) {
        self.name = name
        self.resampler = resampler
        self.deviceNumber = deviceNumber
        self.isSoftware = isSoftware
    }

    /// Threads that have it make frames side by side. A software driver gets one, as it takes all cores by itself.
    func threads(upTo jobs: Int) -> Int {
        isSoftware ? 1 : deviceNumber == nil ? jobs : min(jobs, Self.mostDeviceThreads)
    }

    /// The CPU's kernels up to `best`, worst first.
    static func processor(upTo best: FrameKernels) -> [Contestant] {
        let all = FrameKernels.available
        let count = (all.firstIndex { $0.name == best.name } ?? all.count - 1) + 1
        return all.prefix(count).map { Contestant(name: $0.name, resampler: CPUResampler(kernels: $0)) }
    }
}
