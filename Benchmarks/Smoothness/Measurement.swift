/// The figures of one move as one source films it.
struct Measurement: Sendable {
    let move: String
    let source: FrameSource
    /// By plane; `nil` where a dot was not found in some frame.
    let figures: [(plane: Dot.Plane, figures: MotionFigures?)]

    static func take(_ move: Move, _ dots: [Dot], from source: FrameSource, next: (Int) throws -> Frame) async throws -> Measurement {
        var tracks = dots.map { _ in (measured: [SIMD2<Double>](), ideal: [SIMD2<Double>](), isLost: false) }
        for index in 0..<Move.frameCount {
            let frame = try next(index)
            let view = move.view(atFrame: index)
            let found = await withTaskGroup(of: (Int, SIMD2<Double>?).self) { group in
                for (number, dot) in dots.enumerated() {
                    let ideal = move.position(ofX: dot.x, dot.y, in: view)
                    group.addTask { (number, Tracker.position(of: dot, near: ideal, zoom: view.zoom, in: frame)) }
                }
                var positions = [SIMD2<Double>?](repeating: nil, count: dots.count)
                for await (number, position) in group { positions[number] = position }
                return positions
            }
            for (number, dot) in dots.enumerated() {
                guard let position = found[number] else {
                    tracks[number].isLost = true
                    continue
                }
                tracks[number].measured.append(position)
                tracks[number].ideal.append(move.position(ofX: dot.x, dot.y, in: view))
            }
        }
        let figures = Dot.Plane.allCases.map { plane in
            let own = zip(dots, tracks).filter { $0.0.plane == plane }.map(\.1)
            return (plane, own.contains(where: \.isLost) ? nil : MotionFigures(own.map { ($0.measured, $0.ideal) }))
        }
        return Measurement(move: move.name, source: source, figures: figures)
    }

    var isSmooth: Bool { figures.allSatisfy { $0.figures?.isSmooth ?? false } }
}
