import Digest
import Files
import Glibc
import JSON
import Timeline

/// What a render did, as one JSON document and as one sentence.
public struct RenderReport: Sendable {
    public let outcome: RenderOutcome
    public let examination: ProjectExamination
    public let options: RenderOptions
    /// `nil` where only a share was rendered.
    public let filmPath: String?
    /// Where the film has been pushed to.
    public var address: FilmPlace.Address?
    public let totalSeconds: Double

    public init(
        _ outcome: RenderOutcome, examination: ProjectExamination, options: RenderOptions, filmPath: String?,
        totalSeconds: Double
    ) {
        self.outcome = outcome
        self.examination = examination
        self.options = options
        self.filmPath = filmPath
        self.totalSeconds = totalSeconds
    }

    /// What there is to warn of, each with its place.
    public var warnings: [String] {
        examination.warnings.map { "\($0.path): \($0.message)" } + outcome.warnings + options.resampler.warnings
    }

    public func document() throws -> JSON {
        let film = examination.film
        var output: JSON = .null
        if let filmPath {
            output = [
                "path": .string(address?.location ?? absolute(filmPath)), "bytes": .integer(Int64(fileSize(filmPath))),
                "sha256": .string(try SHA256.ofFile(filmPath)), "url": address.map { .string($0.url) } ?? .null,
            ]
        }
        let times = outcome.times
        return [
            "project": .string(examination.projectID),
            "frames": .integer(Int64(outcome.frameCount)),
            "duration_s": .number(film?.timeline.frameRate.seconds(ofFrame: outcome.frameCount) ?? 0),
            "fps": .string(film?.timeline.frameRate.description ?? ""),
            "size": .string(film?.timeline.outputSize.description ?? ""),
            "backend": .string(options.resampler.backend),
            "device": options.resampler.device.map { .string($0) } ?? .null,
            "kernels": .string(options.resampler.kernels),
            "backend_reason": options.choice.map { .string($0.reason) } ?? .null,
            "frames_made_by": .array(outcome.makers.map(\.document)),
            "encoder": .string(film?.video.encoder ?? ""),
            "jobs": .integer(Int64(options.jobs)),
            "chunks": [
                "total": .integer(Int64(outcome.chunkCount)), "cached": .integer(Int64(outcome.cachedChunkCount)),
                "shared": .integer(Int64(outcome.sharedChunkCount)),
            ],
            "pictures": ["decoded": .integer(Int64(outcome.decodedPictureCount))],
            "seconds": [
                "decode": .number(rounded(times.decode)), "prepare": .number(rounded(times.prepare)),
                "resample": .number(rounded(times.resample)), "encode": .number(rounded(times.encode)),
                "audio": .number(rounded(times.audio)), "assemble": .number(rounded(times.assemble)),
                "total": .number(rounded(totalSeconds)),
            ],
            "peak_rss_bytes": .integer(Int64(Machine.peakResidentBytes())),
            "output": output,
            "warnings": .array(warnings.map { .string($0) }),
        ]
    }

    /// "earthrise.mp4: 949 frames, 39.5 s of film in 21.3 s (1.9 × real time), 10 of 12 chunks from the cache; frames by
    /// the CPU (avx512), as there is no GPU".
    public var sentence: String {
        let duration = examination.film?.timeline.frameRate.seconds(ofFrame: outcome.frameCount) ?? 0
        let size = filmPath.map { " (\(decimal(Double(fileSize($0)) / 1e6)) MB)" } ?? ""
        let speed = duration / max(totalSeconds, 1e-3)
        let cached = outcome.cachedChunkCount == 0
            ? "" : ", \(outcome.cachedChunkCount) of \(outcome.chunkCount) chunks from the cache"
        let shared = outcome.sharedChunkCount == 0 ? "" : ", \(outcome.sharedChunkCount) from other machines"
        let place = address.map { "\($0.location) <\($0.url)>" } ?? filmPath.map(absolute)
        return "\(place ?? "the share is in the cache")\(size): \(outcome.frameCount) frames, "
            + "\(decimal(duration)) s of film in \(decimal(totalSeconds)) s (\(decimal(speed)) × real time)"
            + cached + shared + makers
    }

    /// "; frames by the CPU (avx512), as there is no GPU", "; 40 frames by NVIDIA H100, 909 by the CPU (avx512)".
    private var makers: String {
        let makers = outcome.makers
        guard let first = makers.first else { return "" }
        if makers.count == 1 {
            let cause = options.resampler.substitute == nil ? options.choice?.cause.map { ", \($0)" } ?? "" : ""
            return "; frames by \(first.name)\(cause)"
        }
        return "; \(first.frames) frames by \(first.name)" + makers.dropFirst().map { ", \($0.frames) by \($0.name)" }.joined()
    }

    /// What the film's object says of it.
    public func metadata() throws -> [String: String] {
        let film = examination.film
        return [
            "project-id": examination.projectID, "frames": "\(outcome.frameCount)",
            "frame-rate": film?.timeline.frameRate.description ?? "",
            "duration-seconds": decimal(film?.timeline.frameRate.seconds(ofFrame: outcome.frameCount) ?? 0),
            "size": film?.timeline.outputSize.description ?? "", "encoder": film?.video.encoder ?? "",
            "sha256": try filmPath.map { path throws(FileError) in try SHA256.ofFile(path) } ?? "",
        ]
    }

    private func decimal(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }

    private func rounded(_ seconds: Double) -> Double { (seconds * 1000).rounded() / 1000 }

    private func absolute(_ path: String) -> String {
        guard let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    private func fileSize(_ path: String) -> Int {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : 0
    }
}
