import Foundation

/// What makes the frames that are measured.
enum FrameSource: String, CaseIterable, Sendable {
    case ideal = "ideal frames"
    case burns = "burns"
    case zoompan = "zoompan"
    case upscaledZoompan = "8000 px + zoompan"

    /// The command that writes the move's frames as Y4M to its standard output.
    func command(burns: String, project: URL, picture: URL, move: Move) -> [String] {
        switch self {
        case .ideal: []
        case .burns: [burns, "frames", project.path, "--size", "1920x1080", "--fps", "24", "--y4m", "-"]
        case .zoompan: ffmpeg(picture, move, before: "format=yuv420p")
        // 4:2:0 as photographs give it; RGB would halve zoompan's step and is no one's way of using it.
        case .upscaledZoompan: ffmpeg(picture, move, before: "scale=8000:-2,format=yuv420p")
        }
    }

    private func ffmpeg(_ picture: URL, _ move: Move, before: String) -> [String] {
        let filter = "\(before),zoompan=\(FrameSource.zoompanOptions(move)),format=yuv420p"
        return ["/usr/bin/env", "ffmpeg", "-v", "error", "-nostdin", "-i", picture.path, "-vf", filter,
            "-frames:v", "\(Move.frameCount)", "-f", "yuv4mpegpipe", "-"]
    }

    /// The move's own formulas, in zoompan's expressions.
    private static func zoompanOptions(_ move: Move) -> String {
        let time = "((on+0.5)/\(Move.frameCount))"
        let ratio = move.from.zoom / move.to.zoom
        let share = ratio == 1 ? time : "((pow(\(ratio),\(time))-1)/\(ratio - 1))"
        func corner(_ size: String, _ from: Double, _ to: Double) -> String {
            "(\(from)+(\(to - from))*\(share))*\(size)-\(size)/zoom/2"
        }
        return "z='\(move.from.zoom)*pow(\(1 / ratio),\(time))':x='\(corner("iw", move.from.x, move.to.x))'"
            + ":y='\(corner("ih", move.from.y, move.to.y))':d=\(Move.frameCount):fps=\(Move.fps)"
            + ":s=\(Move.outputWidth)x\(Move.outputHeight)"
    }
}
