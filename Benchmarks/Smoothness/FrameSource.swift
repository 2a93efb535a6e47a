import Foundation
import JSON

/// What makes the frames that are measured.
enum FrameSource: String, CaseIterable, Sendable {
    case ideal = "ideal frames"
    case burns = "burns"
    // Named as in Benchmarks/Peers/contestants.py.
    case zoompan = "zoompan"
    case upscaledZoompan = "zoompan-8000"
    case perspective = "perspective"
    case moviepy = "moviepy"
    case moviepyBox = "moviepy-box"

    var isPeer: Bool { self != .ideal && self != .burns }
    var needsMoviePy: Bool { self == .moviepy || self == .moviepyBox }

    /// The command that writes the move's frames as Y4M to its standard output.
    ///
    /// Peers' commands are those that their films are made with: frames.py of `peers`, a folder, gives them.
    func command(burns: String, peers: String, moviepyPython: String?, project: Project, move: Move) -> [String] {
        switch self {
        case .ideal: []
        case .burns: [burns, "frames", project.folder.path, "--size", "1920x1080", "--fps", "24", "--y4m", "-"]
        default:
            ["/usr/bin/python3", "-B", "\(peers)/frames.py", rawValue, FrameSource.shots(project.picture, move)]
                + [moviepyPython].compactMap { $0 }
        }
    }

    /// The move as the peers are told it: what its first and its last frame show.
    private static func shots(_ picture: URL, _ move: Move) -> String {
        let shot: JSON = [
            "picture": .string(picture.path), "frames": .integer(Int64(Move.frameCount)),
            "first": edges(move.view(atFrame: 0)), "last": edges(move.view(atFrame: Move.frameCount - 1)),
        ]
        return String(decoding: JSON.array([shot]).serializedBytes(), as: UTF8.self)
    }

    private static func edges(_ view: Move.View) -> JSON {
        let size = 1 / view.zoom
        return [
            "left": .number(view.x - size / 2), "top": .number(view.y - size / 2),
            "width": .number(size), "height": .number(size),
        ]
    }
}
