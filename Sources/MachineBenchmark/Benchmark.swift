import Files
import Rendering
import Resampling
import Timeline

/// Measures this machine: the CPU against its GPUs, stage by stage, each beside the machine's own limit.
public final class Benchmark {
    /// How far a run has come.
    public struct Progress: Sendable {
        /// 0 … 1, roughly.
        public var share: Double
        public var text: String
    }

    private let options: BenchmarkOptions
    private let cancellation: Cancellation
    private let onProgress: (Progress) -> Void
    private var report: BenchmarkReport
    /// Those that have not failed.
    private var devices: [DeviceUnderTest] = []

    /// Of a core; what kernels, timers and the like take is less than the rest.
    private static let undisturbedShare = 0.93

    /// Steps of each size, for the progress.
    private static let stepsPerSize = 6.0

    public init(_ options: BenchmarkOptions, cancellation: Cancellation, onProgress: @escaping (Progress) -> Void = { _ in }) {
        self.options = options
        self.cancellation = cancellation
        self.onProgress = onProgress
        report = BenchmarkReport(
            version: options.version, startedAt: MachineFacts.now(), isQuick: options.isQuick, jobs: options.jobs,
            kernels: options.kernels.name)
    }

    /// - Returns: what was measured; a GPU that failed is left out from there, and among its failures.
    /// - Throws: `FrameMismatch` where contestants make different frames; `RenderError` for a project that cannot be rendered, a
    ///   device that is not there, or when cancelled.
    public func run() throws -> BenchmarkReport {
        let start = monotonicSeconds()
        tell(0, "devices and memory")
        devices = try DeviceUnderTest.all(options.backend, named: options.device) { report.notes.append($0) }
        report.devices = devices.map(\.facts)
        let threads = ProcessorStages.threadCounts(upTo: options.jobs)
        try measureLimits(threads: threads)

        // Goes with the last reference: also when this throws.
        let scratch = try ScratchFolder()
        let location: ProjectLocation
        if let given = options.location {
            location = given
        } else {
            tell(0.02, "drawing pictures")
            let project = try BuiltInProject(in: scratch.path, jobs: options.jobs, cancellation)
            location = try ProjectLocation(project.manifestFolder, store: nil)
        }
        for (index, size) in options.sizes.enumerated() {
            var output = OutputOptions()
            output.size = size
            let session = RenderSession(
                location: location, output: output,
                options: RenderOptions(resampler: UnusedResampler(), jobs: options.jobs, limits: options.limits),
                onMissing: options.onMissing, cancellation: cancellation)
            _ = try session.run { _, plan in
                describe(plan)
                report.sizes.append(try measure(plan, threads: threads, number: index))
            }
        }
        withExtendedLifetime(scratch) {}
        noteOtherPrograms()
        report.seconds = monotonicSeconds() - start
        return report
    }

    /// What threads got of the cores that they may have tells whether others wanted them, too: while the limits were measured, or
    /// at a size.
    private func noteOtherPrograms() {
        let threads = min(options.jobs, Machine.coreCount)
        let granted = min(Double(threads), Machine.grantedCores)
        let limits = report.limits.filter { $0.kind == .memoryCopy && $0.threads == threads }.map(\.bytesPerSecond)
        let sizes = report.sizes.map { size in
            size.rows(.resample).filter { $0.device == nil && $0.threads == threads }.map(\.rate)
        }
        let shares = ([limits] + sizes).filter { !$0.isEmpty }.map { $0.map { $0.share(ofCores: granted) }.median }
        guard let least = shares.min(), least < Self.undisturbedShare else { return }
        report.notes.append(
            "other programs kept this machine busy: at times threads got about \(NumberText.percent(least)) of their cores, so "
                + "rates or limits are too low; measure again when it is idle")
    }

    private func tell(_ share: Double, _ text: String) { onProgress(Progress(share: share, text: text)) }

    private func describe(_ plan: FilmPlan) {
        let film = plan.film
        var project = ProjectFacts()
        project.id = film.project.id
        project.isBuiltIn = options.location == nil
        project.pictures = film.pictures.count { $0 != nil }
        project.frames = film.timeline.frameCount
        project.framesPerSecond = film.timeline.frameRate.description
        project.encoder = film.video.encoder + (film.video.presetName.map { " " + $0 } ?? "")
        project.encoders = plan.jobs(atMost: options.jobs)
        report.project = project
    }

    // MARK: Limits

    private func measureLimits(threads: [Int]) throws {
        let extent = options.extent
        let turns = Turns(rounds: extent.rounds, seconds: extent.limitSeconds, cancellation: cancellation)
        for (count, rate) in zip(threads, try MemoryCopy.measure(threads: threads, turns)) {
            report.limits.append(
                MachineLimit(kind: .memoryCopy, device: nil, threads: count, byCopyEngine: false, bytesPerSecond: rate))
        }
        #if Vulkan
        for device in devices {
            tell(0.01, "\(device.facts.name): copies")
            let stages = DeviceStages(device: device, extent: extent, cancellation: cancellation)
            report.limits += try attempt(device, "copies") { try stages.limits() } ?? []
        }
        #endif
    }

    // MARK: Failures

    #if Vulkan
    /// What only a device does.
    ///
    /// - Returns: `nil` where it fails, and is left out from here on.
    private func attempt<R>(_ device: DeviceUnderTest, _ task: String, _ body: () throws -> R) throws -> R? {
        do {
            return try device.contestant.resampler.making(body)
        } catch let error as RenderError where error.isBackendFailure {
            try leaveOut(device.contestant, task, error)
            return nil
        }
    }
    #endif

    /// - Throws: the error, where the contestant is no device that others can be measured without.
    private func leaveOut(_ contestant: Contestant, _ task: String, _ error: RenderError) throws {
        guard let number = contestant.deviceNumber else { throw error }
        devices.removeAll { $0.facts.number == number }
        let reason = error.underlying.map { "\($0)" } ?? "\(error)"
        report.failures.append(DeviceFailure(device: number, name: contestant.name, task: task, reason: reason))
    }

    // MARK: Sizes

    private func measure(_ plan: FilmPlan, threads: [Int], number: Int) throws -> SizeReport {
        let extent = options.extent
        let outputSize = plan.film.timeline.outputSize
        var step = 0.0
        func next(_ text: String) {
            let share = (Double(number) + step / Self.stepsPerSize) / Double(options.sizes.count)
            tell(0.04 + 0.96 * share, "\(outputSize): \(text)")
            step += 1
        }
        next("decoding and preparing pictures")
        let sample = try FrameSample(plan, extent, limits: options.limits, cancellation)
        let processors = Contestant.processor(upTo: options.kernels)

        next("comparing everybody's frames")
        let verification = try FrameVerification(
            processors + devicesAndMore, width: sample.size.width, height: sample.size.height,
            frames: zip(sample.indices, sample.layers).map { ($0, $1) }, threads: options.jobs,
            slowSeconds: 2 * extent.deviceSeconds, cancellation: cancellation
        ) { try leaveOut($0, "frames at \(outputSize)", $1) }
        var size = SizeReport(
            size: sample.size, sampleFrames: sample.indices.count, blendedFrames: sample.blendedCount, verification: verification)

        var copies: [Int: Rate] = [:]
        for limit in report.limits where limit.kind == .memoryCopy { copies[limit.threads] = limit.bytesPerSecond }
        if let copy = copies[1] {
            let pictures = try PictureStages(sample, copy: copy, limits: options.limits, extent, cancellation)
            size.rows += [pictures.decode, pictures.prepare]
        }
        next("resampling on the CPU")
        size.rows += try ProcessorStages.measure(processors, sample, copies: copies, threads: threads, extent, cancellation)
        next("resampling on the GPU")
        #if Vulkan
        for device in devices {
            let stages = DeviceStages(device: device, extent: extent, cancellation: cancellation)
            let limits = report.limits.filter { $0.device == device.facts.number }
            let threads = Set([1, device.contestant.threads(upTo: options.jobs)]).sorted()
            size.rows += try attempt(device, "resampling at \(outputSize)") {
                try stages.measure(sample, limits: limits, threads: threads)
            } ?? []
        }
        #endif
        next("encoding and rendering films")
        let contestants = (processors.suffix(1) + devicesAndMore).map { contestant in
            let rows = size.rows.filter { $0.device == contestant.deviceNumber && $0.stage == .resampleAndReadBack }
            return (contestant, rows.map(\.rate.median).max())
        }
        let stages = FilmStages(
            plan: plan, options: options, cancellation: cancellation, note: { size.notes.append($0) },
            failed: { [self] in try leaveOut($0, "the film at \(outputSize)", $1) })
        let films = try stages.measure(contestants, isBuiltIn: options.location == nil)
        size.rows += films.rows
        size.films = films.films
        size.comparedFilmFrames = films.comparedFrames
        return size
    }

    /// The devices that have not failed, and what tests add to them.
    private var devicesAndMore: [Contestant] {
        let failed = report.failures.map(\.device)
        return devices.map(\.contestant)
            + options.extraContestants.filter { $0.deviceNumber.map { !failed.contains($0) } ?? true }
    }
}

/// Sessions are made with a resampler; here everybody makes frames with one of its own.
private struct UnusedResampler: Resampler {
    let backend = "none"
    let kernels = "none"

    func makeQueue(width: Int, height: Int) throws -> any FrameQueue {
        throw RenderError("no frames are made here; please report this")
    }
}
