import Files
import Glibc
import Media
import Resampling

/// Where frames go before encoding: a YUV4MPEG2 stream, pictures, or their hashes.
public final class FrameSink {
    public enum Destination: Sendable {
        /// A file, or standard output as `-`.
        case y4m(String)
        /// A folder, made if it is not there.
        case png(folder: String)
        /// `INDEX SHA256` a line.
        case hashes
    }

    private enum State {
        case stream(Y4MWriter, descriptor: Int32, file: StagedFile?)
        case pictures(folder: String, digits: Int, inputs: [String])
        case hashes
    }

    private let state: State
    private let print: (String) throws -> Void

    /// - Parameters:
    ///   - inputs: files of the project, which are not overwritten.
    ///   - print: takes a line for standard output.
    public init(
        _ destination: Destination, film: ProjectExamination.Film, inputs: [String],
        print: @escaping (String) throws -> Void
    ) throws {
        self.print = print
        let video = film.video
        switch destination {
        case .y4m("-"):
            state = .stream(
                try Y4MWriter(
                    fileDescriptor: STDOUT_FILENO, width: video.width, height: video.height, frameRate: video.frameRate),
                descriptor: -1, file: nil)
        case .y4m(let path):
            try OutputPlace.check(path, isNot: inputs, allowsDevices: true)
            var status = stat()
            let isSpecial = stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
            let file = isSpecial ? nil : try StagedFile(for: path)
            let descriptor = open(file?.temporaryPath ?? path, O_WRONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw FileError(path: path, operation: "write", errno: errno) }
            state = .stream(
                try Y4MWriter(
                    fileDescriptor: descriptor, width: video.width, height: video.height, frameRate: video.frameRate),
                descriptor: descriptor, file: file)
        case .png(let folder):
            if mkdir(folder, 0o777) != 0 && errno != EEXIST {
                throw FileError(path: folder, operation: "write", errno: errno)
            }
            state = .pictures(folder: folder, digits: String(film.timeline.frameCount - 1).utf8.count, inputs: inputs)
        case .hashes:
            state = .hashes
        }
    }

    deinit { if case .stream(_, let descriptor, _) = state, descriptor >= 0 { close(descriptor) } }

    public func receive(_ index: Int, _ planes: FramePlanes) throws {
        switch state {
        case .stream(let writer, _, _):
            try writer.write(planes)
        case .pictures(let folder, let digits, let inputs):
            let number = String(index)
            let name = "frame-" + String(repeating: "0", count: max(0, digits - number.utf8.count)) + number + ".png"
            try OutputPlace.check(folder + "/" + name, isNot: inputs)
            let file = try StagedFile(for: folder + "/" + name)
            try writePNG(planes: planes, to: file.temporaryPath)
            try file.commit()
        case .hashes:
            try print("\(index) \(FrameSource.hash(planes))")
        }
    }

    /// After the last frame: only now does a stream's file take its name.
    public func finish() throws {
        if case .stream(_, _, let file?) = state { try file.commit() }
    }
}
