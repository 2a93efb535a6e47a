import Digest
import Timeline

/// The name of a rendered chunk: a hash of everything that its bytes depend on, and of nothing absolute. Neither the film,
/// nor the place of the chunk in it, nor the machine is part of it.
struct ChunkKey: ~Copyable {
    /// Changes whenever the same project would give other frames or other bytes.
    static let engineVersion = 1

    private var hash = SHA256()

    /// - Parameter fingerprint: the video settings'.
    init(fingerprint: String, background: Style.Color) {
        hash.update("burns chunk \(Self.engineVersion)\n\(fingerprint)\nbackground \(background)\n")
    }

    /// One frame: its layers with the planes and the content that they show.
    mutating func add(_ layers: [(layer: Layer, planes: PlaneRequest, contentHash: String)]) {
        for (layer, planes, contentHash) in layers {
            let view = [layer.view.centerX, layer.view.centerY, layer.view.width, layer.view.height]
                .map { String($0.bitPattern, radix: 16) }.joined(separator: " ")
            hash.update("\(contentHash) \(planes.fit) \(planes.width)x\(planes.height) \(view) \(layer.weight);")
        }
        hash.update("\n")
    }

    consuming func finish() -> String { hash.finish() }
}
