/// Frames drawn straight from the dots' formula at the exact positions, rounded to 8 bits: what tracking them gives is the
/// tracker's own error.
enum IdealFrames {
    static func frame(_ index: Int, dots: [Dot], move: Move) -> Frame {
        let view = move.view(atFrame: index)
        var frame = Frame(bytes: [])
        frame.bytes.reserveCapacity(Frame.byteCount)
        for plane in Dot.Plane.allCases {
            let (width, height) = Frame.size(of: plane)
            frame.bytes.append(contentsOf: repeatElement(code(SIMD3(repeating: 0.5), plane), count: width * height))
        }
        for dot in dots {
            for plane in Dot.Plane.allCases { draw(dot, in: plane, view: view, move: move, into: &frame) }
        }
        return frame
    }

    private static func draw(
        _ dot: Dot, in plane: Dot.Plane, view: Move.View, move: Move, into frame: inout Frame
    ) {
        let (width, height) = Frame.size(of: plane)
        let center = Frame.planePosition(move.position(ofX: dot.x, dot.y, in: view), in: plane)
        let reach = dot.drawnReach * view.zoom / plane.pitch + 1
        for row in max(0, Int(center.y - reach))...min(height - 1, Int(center.y + reach)) {
            for column in max(0, Int(center.x - reach))...min(width - 1, Int(center.x + reach)) {
                let luma = Frame.lumaPosition(SIMD2(Double(column), Double(row)), in: plane)
                let x = view.x + ((luma.x + 0.5) / Double(Move.outputWidth) - 0.5) / view.zoom
                let y = view.y + ((luma.y + 0.5) / Double(Move.outputHeight) - 0.5) / view.zoom
                // Dots are too far apart to overlap.
                frame.bytes[Frame.offset(of: plane) + row * width + column] = code(TestPicture.Dots.color(of: [dot], x, y), plane)
            }
        }
    }

    /// BT.709, limited range.
    private static func code(_ color: SIMD3<Double>, _ plane: Dot.Plane) -> UInt8 {
        let luma = (color * SIMD3(0.2126, 0.7152, 0.0722)).sum()
        let value =
            switch plane {
            case .luma: 16 + 219 * luma
            case .cb: 128 + 224 * (color.z - luma) / 1.8556
            case .cr: 128 + 224 * (color.x - luma) / 1.5748
            }
        return UInt8(value.rounded())
    }
}
