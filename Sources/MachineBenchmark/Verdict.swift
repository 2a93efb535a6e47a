import Timeline

/// What people want to know of a GPU.
public struct Verdict: Sendable {
    public enum Question: String, Sendable {
        /// How many times as fast as the CPU it resamples, frames staying on the device.
        case timesProcessor = "times_cpu"
        /// How much of the bandwidth to the host is left when frames are made and read back.
        case shareOfDeviceToHost = "share_of_device_to_host"

        /// What is good.
        public var wanted: Double {
            switch self {
            case .timesProcessor: 5
            case .shareOfDeviceToHost: 0.7
            }
        }
    }

    public let question: Question
    public let device: Int
    public let size: PictureSize
    public let value: Double
    /// `nil` for a software driver, of which nothing is wanted, and beside a CPU that was not to give all it has.
    public let isMet: Bool?
}

extension BenchmarkReport {
    /// For each size and device.
    public var verdicts: [Verdict] {
        sizes.flatMap { size in
            devices.flatMap { device -> [Verdict] in
                func best(_ stage: Stage) -> StageRow? {
                    size.rows(stage).filter { $0.device == device.number }.max { $0.rate.median < $1.rate.median }
                }
                func verdict(_ question: Verdict.Question, _ value: Double?) -> Verdict? {
                    value.map {
                        Verdict(
                            question: question, device: device.number, size: size.size, value: $0,
                            isMet: device.isSoftware || question == .timesProcessor && !usesWholeProcessor
                                ? nil : $0 >= question.wanted)
                    }
                }
                let times = best(.resample).flatMap { gpu in size.processor.map { gpu.rate.median / $0.rate.median } }
                return [
                    verdict(.timesProcessor, times), verdict(.shareOfDeviceToHost, best(.resampleAndReadBack)?.ratio),
                ].compactMap { $0 }
            }
        }
    }

    /// Whether the CPU may use all cores and its best kernels.
    var usesWholeProcessor: Bool { jobs >= machine.cores && kernels == machine.levels.last }
}
