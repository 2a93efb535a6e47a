#if Vulkan
import Resampling
import ResamplingVulkan

/// Large blocks, copied.
final class CopyStream: WorkStream, @unchecked Sendable {  // belongs to one thread at a time
    private let trial: CopyTrial

    init(_ trial: CopyTrial) { self.trial = trial }

    var depth: Int { trial.depth }
    func begin() throws { try trial.begin() }
    func finish() throws { try trial.finish() }
}

/// Frames that stay on the device.
final class StayingStream: WorkStream, @unchecked Sendable {  // belongs to one thread at a time
    private let trial: FrameTrial
    private let frames: [[FrameLayer]]
    private var next: Int

    init(_ trial: FrameTrial, _ frames: [[FrameLayer]], start: Int) {
        self.trial = trial
        self.frames = frames
        next = start
    }

    var depth: Int { trial.depth }

    func begin() throws {
        try trial.begin(frames[next % frames.count])
        next += 1
    }

    func finish() throws { try trial.finish() }
}

/// Frames that were made before and are brought to the host.
final class ReadbackStream: WorkStream, @unchecked Sendable {  // belongs to one thread at a time
    private let trial: FrameTrial

    init(_ trial: FrameTrial, _ frames: [[FrameLayer]]) throws {
        self.trial = trial
        for _ in 0..<trial.depth { try trial.begin(frames[0]) }
        for _ in 0..<trial.depth { try trial.finish() }
    }

    var depth: Int { trial.depth }
    func begin() throws { try trial.beginReadback() }
    func finish() throws { try trial.finish() }
}

/// Pictures that are brought to the device, one after the other.
final class UploadStream: WorkStream, @unchecked Sendable {  // belongs to one thread at a time
    private let trial: UploadTrial
    private let pictures: [WorkingPicture]
    private var next = 0
    /// Lets go of a copy when the next one is there.
    private var copy: AnyObject?
    let depth = 1

    init(_ trial: UploadTrial, _ pictures: [WorkingPicture]) {
        self.trial = trial
        self.pictures = pictures
    }

    func begin() {}

    func finish() throws {
        copy = try trial.upload(pictures[next % pictures.count])
        next += 1
    }
}
#endif
