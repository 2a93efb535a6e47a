import Foundation
import JSON

/// A folder with a project of one shot: a picture and a move by key frames.
struct Project {
    let folder: URL
    let picture: URL

    init(_ name: String, move: Move, in parent: URL) throws {
        folder = parent.appendingPathComponent(name)
        picture = folder.appendingPathComponent("picture.png")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let manifest: JSON = [
            "project_id": .string(name),
            "segments": [
                [
                    "id": 0, "start_time": 0, "end_time": .integer(Int64(Move.frameCount / Move.fps)),
                    "generated_images": [
                        [
                            "path": "picture.png",
                            "motion": [
                                "from": Project.keyFrame(move.from), "to": Project.keyFrame(move.to), "easing": "linear",
                            ],
                        ]
                    ],
                ]
            ],
        ]
        try Data(manifest.serializedBytes(pretty: true)).write(to: folder.appendingPathComponent("manifest.json"))
    }

    private static func keyFrame(_ view: Move.View) -> JSON {
        ["x": .number(view.x), "y": .number(view.y), "zoom": .number(view.zoom)]
    }
}
