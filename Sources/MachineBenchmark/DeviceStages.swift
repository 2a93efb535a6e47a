#if Vulkan
import Rendering
import Resampling
import ResamplingVulkan

/// A device's limits, and what it makes of a sample's frames.
struct DeviceStages {
    let device: DeviceUnderTest
    let extent: BenchmarkOptions.Extent
    let cancellation: Cancellation

    /// Bytes between host and device, and within the device: by whichever of its queues is faster.
    func limits() throws -> [MachineLimit] {
        let turns = Turns(rounds: extent.rounds, seconds: extent.limitSeconds, cancellation: cancellation)
        let ways: [(CopyTrial.Way, MachineLimit.Kind, directions: Double)] = [
            (.hostToDevice, .hostToDevice, 1), (.deviceToHost, .deviceToHost, 1), (.withinDevice, .withinDevice, 2),
        ]
        return try ways.compactMap { way, kind, directions in
            try [false, true].compactMap { byCopyEngine -> MachineLimit? in
                guard let trial = try CopyTrial(device.resampler, way, byCopyEngine: byCopyEngine) else { return nil }
                let bytes = Double(trial.bytesPerCopy) * directions
                let rate = try turns.measure([Runner(threads: 1) { _ in CopyStream(trial) }])[0]
                return MachineLimit(
                    kind: kind, device: device.facts.number, threads: 1, byCopyEngine: byCopyEngine,
                    bytesPerSecond: rate.scaled(by: bytes))
            }.max { $0.bytesPerSecond.median < $1.bytesPerSecond.median }
        }
    }

    /// - Parameters:
    ///   - limits: what `limits` gave.
    ///   - threads: that have frames made at the same time, each number in turn.
    func measure(_ sample: FrameSample, limits: [MachineLimit], threads: [Int]) throws -> [StageRow] {
        let (width, height) = (sample.size.width, sample.size.height)
        let turns = Turns(
            rounds: extent.rounds, seconds: max(0.1, extent.deviceSeconds / Double(extent.rounds)), cancellation: cancellation)
        let trials = device.resampler
        func staying(_ threads: Int) -> Runner {
            Runner(threads: threads) { thread in
                try StayingStream(
                    FrameTrial(trials, width: width, height: height), sample.layers,
                    start: thread * sample.layers.count / threads)
            }
        }
        let pictures = sample.requests.flatMap(\.requests).compactMap { sample.pictures[$0] }
        let uploads = try UploadStream(UploadTrial(trials), pictures)
        let readBack = Runner(threads: 1) { _ in
            try ReadbackStream(FrameTrial(trials, width: width, height: height), sample.layers)
        }
        let fetched = threads.map { Runner.frames(trials, sample, threads: $0) }
        let runners = threads.map(staying) + fetched + [readBack, Runner(threads: 1) { _ in uploads }]
        let rates = try turns.measure(runners)

        func row(
            _ stage: Stage, _ threads: Int, _ rate: Rate, _ bytes: Double, _ limit: StageLimit.Kind, item: StageRow.Item = .frame
        ) -> StageRow {
            let bound = limits.first { $0.kind.rawValue == limit.rawValue }
            return StageRow(
                stage: stage, contestant: device.facts.name, device: device.facts.number, isSoftware: device.facts.isSoftware,
                threads: threads, item: item, rate: rate, bytesPerItem: bytes,
                limit: bound.map { StageLimit(kind: limit, itemsPerSecond: $0.bytesPerSecond.median / bytes) })
        }
        let frameBytes = Double(sample.frameBytes)
        let count = threads.count
        var resample = threads.indices.map { row(.resample, threads[$0], rates[$0], sample.movedBytes, .withinDevice) }
        resample[0].deviceSecondsPerItem = try deviceSeconds(sample)
        return [row(.upload, 1, rates[2 * count + 1], sample.pictureBytes, .hostToDevice, item: .picture)] + resample
            + [row(.readBack, 1, rates[2 * count], frameBytes, .deviceToHost)]
            + threads.indices.map { row(.resampleAndReadBack, threads[$0], rates[count + $0], frameBytes, .deviceToHost) }
    }

    /// Of a frame alone on the device; the median. `nil` where the device has no clock.
    private func deviceSeconds(_ sample: FrameSample) throws -> Double? {
        guard let stopwatch = try FrameStopwatch(device.resampler, width: sample.size.width, height: sample.size.height) else {
            return nil
        }
        var seconds: [Double] = []
        let start = monotonicSeconds()
        for layers in sample.layers where seconds.isEmpty || monotonicSeconds() - start < extent.deviceSeconds {
            try cancellation.check()
            seconds.append(try stopwatch.time(layers))
        }
        return seconds.median
    }
}
#endif
