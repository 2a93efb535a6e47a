import CFFmpeg

/// Puts decoded frames where their times say, so that a sound with holes stays as long as it was: a packet that could not be
/// decoded becomes silence instead of moving everything after it.
struct AudioTimeline {
    let sampleRate: Int
    /// Samples so far, silence included.
    private(set) var position: Int64 = 0
    private(set) var silentSamples: Int64 = 0
    private var origin: Int64?
    private let timeBase: AVRational
    /// Containers round times to milliseconds; a smaller step is rounding.
    private var toleranceSamples: Int64 { Int64(sampleRate / 100) }
    /// A longer hole is a broken clock, not a hole.
    private var maximumHoleSamples: Int64 { Int64(sampleRate) * 60 }

    init(_ input: AudioInput) {
        sampleRate = input.sampleRate
        timeBase = input.stream.pointee.time_base
    }

    /// Silence before the first frame, in samples.
    mutating func begin(delaySeconds: Double) -> Int64 {
        let samples = Int64((delaySeconds * Double(sampleRate)).rounded())
        position += samples
        return samples
    }

    /// Samples of silence that belong before this frame. Call once for each frame, in order.
    mutating func place(_ frame: UnsafeMutablePointer<AVFrame>) -> Int64 {
        var hole: Int64 = 0
        let time = frame.pointee.best_effort_timestamp
        let here = av_rescale_q(time, timeBase, AVRational(num: 1, den: Int32(sampleRate)))
        if time != burns_av_nopts && plausibleTimes.contains(here) {
            if let origin {
                let distance = here - origin - position
                if distance > maximumHoleSamples || distance < -maximumHoleSamples {
                    self.origin = here - position
                } else if distance > toleranceSamples {
                    hole = distance
                }
            } else {
                origin = here - position
            }
        }
        position += hole
        silentSamples += hole
        position += frame.pointee.sample_rate == Int32(sampleRate)
            ? Int64(frame.pointee.nb_samples)
            : av_rescale(Int64(frame.pointee.nb_samples), Int64(sampleRate), Int64(max(1, frame.pointee.sample_rate)))
        return hole
    }
}
