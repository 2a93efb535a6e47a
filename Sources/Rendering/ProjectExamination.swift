import Files
import Glibc
import Media
import ObjectStore
import Resampling
import Timeline

/// A project that was read, and everything about it that can be known without decoding a picture.
public struct ProjectExamination: Sendable {
    public let location: ProjectLocation
    /// Everything wrong or odd, with its JSON path; errors mean that it cannot be rendered.
    public private(set) var diagnostics: [Diagnostic]
    /// What can be rendered; `nil` iff there are errors.
    public private(set) var film: Film?

    /// The files that the project consists of, as far as they are there, used or not: nothing may be written over them.
    public private(set) var inputPaths: [String]

    /// A project whose every part was found.
    public struct Film: Sendable {
        public var project: Project
        public var timeline: Timeline
        /// By index of the project's pictures; `nil` for those that no shot shows.
        public var pictures: [PictureFile?]
        /// The narration's file, its sound and its length.
        public var narration: Narration?
        public var video: VideoSettings
    }

    public struct Narration: Sendable {
        public var path: String
        public var info: AudioInfo
        /// What the file was when it was examined.
        var identity: FileIdentity
    }

    /// What its film and shared chunks are called in a store. The id by which it was found there goes before the manifest's own:
    /// a copy of a project does not take the place of the first one's film.
    public var projectID: String { location.storeID ?? film?.project.id ?? location.fallbackID }

    public var errors: [Diagnostic] { diagnostics.filter { $0.severity == .error } }
    public var warnings: [Diagnostic] { diagnostics.filter { $0.severity == .warning } }

    /// What to do about a picture that is missing or broken.
    public enum MissingPicturePolicy: String, Hashable, Sendable, CaseIterable {
        case fail
        /// The picture before it goes on in its place, and a warning says so.
        case hold
    }

    /// - Parameter broken: pictures (by index) known to be broken beyond what an examination finds, and why.
    /// - Throws: only where there is no manifest to speak about, or when cancelled.
    public init(
        _ location: ProjectLocation, options: OutputOptions, limits: PictureLimits = PictureLimits(),
        onMissing: MissingPicturePolicy = .fail, broken: [Int: String] = [:], cancellation: Cancellation
    ) throws {
        self.location = location
        inputPaths = [location.manifestPath]
        let bytes = try Self.readManifest(location.manifestPath)
        let (readProject, readDiagnostics) = Project.read(bytes, fallbackID: location.fallbackID)
        diagnostics = readDiagnostics
        guard var project = readProject else { return }

        let assets = AssetFinder(location: location, projectID: project.id)
        var pictures: [PictureFile?] = project.pictures.map { _ in nil }
        var missing: Set<Int> = []
        for index in project.usedPictures {
            try cancellation.check()
            do {
                if let reason = broken[index] { throw AssetError(reason) }
                pictures[index] = try assets.picture(project.pictures[index], limits: limits)
            } catch let error as AssetError {
                missing.insert(index)
                let held = onMissing == .hold ? " The picture before it, or else the next one, is shown in its place." : ""
                diagnostics.append(
                    Diagnostic(
                        severity: onMissing == .hold ? .warning : .error, path: project.pictures[index].jsonPath,
                        message: "picture \(project.pictures[index].displayName): \(error.reason)\(held)"))
            }
        }
        inputPaths += project.pictures.indices.compactMap { index in
            // One that cannot be found is said so above, and cannot be overwritten.
            pictures[index]?.path ?? (try? assets.file(project.pictures[index]))
        }
        if !missing.isEmpty {
            if onMissing == .hold, let held = project.replacingPictures(missing) {
                project = held
            } else if onMissing == .hold {
                diagnostics.append(
                    Diagnostic(severity: .error, path: "$.segments", message: "not one picture of the project can be shown"))
            }
        }

        var narration: Narration?
        if let reference = project.narration {
            do {
                let found = try assets.narration(reference, cancellation: cancellation)
                narration = found
                inputPaths.append(found.path)
                diagnostics += Self.oddities(of: found.info, reference, declaredSeconds: project.declaredDurationSeconds)
            } catch let error as AssetError {
                diagnostics.append(
                    Diagnostic(
                        severity: .error, path: reference.jsonPath,
                        message: "narration \(reference.displayName): \(error.reason)"))
            }
        }

        let size = options.size ?? Self.requestedSize(project.output)
        guard let rate = options.frameRate ?? project.output.fps ?? OutputOptions.defaultFrameRate else { return }
        let video = Self.videoSettings(project.output, options: options, size: size, rate: rate)
        do {
            try video.validate()
        } catch {
            let asked = [("--encoder", options.encoder != nil), ("--preset", options.preset != nil), ("--crf", options.crf != nil)]
                .filter(\.1).map(\.0)
            diagnostics.append(
                Diagnostic(
                    severity: .error, path: asked.isEmpty ? "$.output" : asked.joined(separator: ", "), message: "\(error)"))
        }
        guard errors.isEmpty else { return }
        do {
            let timeline = try Timeline(
                project: project, pictureSizes: pictures.map { picture in
                    picture.map { PictureSize(width: $0.header.uprightWidth, height: $0.header.uprightHeight) }
                        ?? PictureSize(width: 1, height: 1)
                },
                narrationSeconds: narration?.info.durationSeconds, outputSize: size, frameRate: rate)
            diagnostics += timeline.diagnostics
            guard errors.isEmpty else { return }
            film = Film(project: project, timeline: timeline, pictures: pictures, narration: narration, video: video)
        } catch {
            diagnostics.append(Diagnostic(severity: .error, path: "$.segments", message: "\(error)"))
        }
    }

    /// What is worth knowing about a narration that can be used.
    private static func oddities(
        of info: AudioInfo, _ reference: MediaReference, declaredSeconds: Double?
    ) -> [Diagnostic] {
        var found: [Diagnostic] = []
        if info.damagedPackets > 0 {
            found.append(
                Diagnostic(
                    severity: .warning, path: reference.jsonPath,
                    message: "narration \(reference.displayName): \(info.damagedPackets) packets are damaged and will be silent"))
        }
        if let declaredSeconds, abs(declaredSeconds - info.durationSeconds) > 1 {
            let seconds = (info.durationSeconds * 1000).rounded() / 1000
            found.append(
                Diagnostic(
                    severity: .warning, path: "$.duration",
                    message: "the narration lasts \(seconds) s and not \(declaredSeconds); the film is as long as the narration"))
        }
        return found
    }

    /// More than the manifest reader takes, so that it is the one to say what is allowed.
    private static let manifestReadLimit = (16 << 20) + 1

    private static func readManifest(_ path: String) throws -> [UInt8] {
        var status = stat()
        guard stat(path, &status) == 0 else { throw FileError(path: path, operation: "read", errno: errno) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw RenderError("\(path) is not a file; name a manifest, or a folder with a manifest.json in it")
        }
        return try SmallFile.read(path, upTo: manifestReadLimit)
    }

    /// A size is both sides; one alone was warned of.
    private static func requestedSize(_ output: OutputRequest) -> PictureSize {
        guard let width = output.width, let height = output.height else { return OutputOptions.defaultSize }
        return PictureSize(width: width, height: height)
    }

    private static func videoSettings(
        _ output: OutputRequest, options: OutputOptions, size: PictureSize, rate: FrameRate
    ) -> VideoSettings {
        let codecs = ["h264": "libx264", "avc": "libx264", "hevc": "libx265", "h265": "libx265", "av1": "libsvtav1"]
        let asked = output.codec.map { codecs[$0.lowercased()] ?? $0 }
        let encoder = options.encoder ?? asked ?? "libx264"
        // The manifest's quality and preset are on the scale of the manifest's encoder.
        let sameEncoder = encoder == asked ?? "libx264"
        return VideoSettings(
            width: size.width, height: size.height,
            frameRate: Rational(numerator: Int32(rate.numerator), denominator: Int32(rate.denominator)), encoder: encoder,
            preset: options.preset ?? (sameEncoder ? output.preset : nil),
            crf: options.crf ?? (sameEncoder ? output.crf.map(Double.init) : nil))
    }
}
