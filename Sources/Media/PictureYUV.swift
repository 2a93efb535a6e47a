import CFFmpeg
import CKernels

/// How Y'CbCr code values become R'G'B': the matrix and its range.
struct PictureMatrix {
    let coefficients: burns_yuv_matrix

    /// - Parameters:
    ///   - matrix: ITU-T H.273 matrix coefficients; "unspecified" is read as BT.601, as JPEG and AVIF do.
    ///   - bits: of a sample, 8 … 12.
    /// - Returns: nil for matrices of another form.
    init?(matrix: Int, fullRange: Bool, bits: Int) {
        let weights: (red: Double, blue: Double)
        switch matrix {
        case 1: weights = (0.2126, 0.0722)
        case 2, 5, 6: weights = (0.299, 0.114)
        case 4: weights = (0.30, 0.11)
        case 7: weights = (0.212, 0.087)
        case 9: weights = (0.2627, 0.0593)
        default: return nil
        }
        let green = 1 - weights.red - weights.blue
        let one = Double(1 << 13) * 65535
        let maximum = Double((1 << bits) - 1)
        let limited = Double(1 << (bits - 8))
        let lumaGain = one / (fullRange ? maximum : 219 * limited)
        let chromaGain = one / (fullRange ? maximum : 224 * limited) / 16
        func fixed(_ value: Double) -> Int32 { Int32(value.rounded()) }
        let y = fixed(lumaGain)
        let rv = fixed(chromaGain * 2 * (1 - weights.red))
        let bu = fixed(chromaGain * 2 * (1 - weights.blue))
        let gu = -fixed(chromaGain * 2 * (1 - weights.blue) * weights.blue / green)
        let gv = -fixed(chromaGain * 2 * (1 - weights.red) * weights.red / green)
        // From the rounded coefficients, so that neutral chroma adds exactly nothing.
        let black = (1 << 12) - y * (fullRange ? 0 : 16 << Int32(bits - 8))
        let centre = Int32(16) << Int32(bits - 1)
        coefficients = burns_yuv_matrix(
            y: y, rv: rv, gu: gu, gv: gv, bu: bu, r0: black - rv * centre, g0: black - (gu + gv) * centre,
            b0: black - bu * centre)
    }
}

/// Rows of a planar Y'CbCr frame, chroma raised with triangle filters as libjpeg's "fancy upsampling" does.
///
/// Any row can be read at any time and comes out the same: it depends on two stored rows of chroma at most.
final class PictureYUVRows {
    private let frame: PictureFrame
    private let matrix: burns_yuv_matrix
    private let width, height: Int
    private let shiftX, shiftY: Int
    private let sampleBytes: Int
    private let hasChroma: Bool
    private let layout: burns_chroma_layout
    private let cositedY: Bool
    private let scratch: UnsafeMutablePointer<UInt16>

    /// - Parameter bits: of a sample, 8 … 12 (8 where chroma has a quarter of luma's columns or rows).
    init(
        _ frame: PictureFrame, matrix: PictureMatrix, bits: Int, shiftX: Int, shiftY: Int, hasChroma: Bool, cositedX: Bool,
        cositedY: Bool
    ) {
        self.frame = frame
        self.matrix = matrix.coefficients
        width = Int(frame.frame.pointee.width)
        height = Int(frame.frame.pointee.height)
        self.shiftX = shiftX
        self.shiftY = shiftY
        self.hasChroma = hasChroma
        self.cositedY = cositedY
        sampleBytes = bits > 8 ? 2 : 1
        layout = switch shiftX {
        case 0: burns_chroma_full
        case 1: cositedX ? burns_chroma_half_cosited : burns_chroma_half_centred
        default: burns_chroma_quarter_centred
        }
        scratch = .allocate(capacity: 3 * width + 2)
        // What a picture without chroma keeps for all rows.
        scratch.initialize(repeating: UInt16(16 << (bits - 1)), count: 3 * width + 2)
    }

    deinit { scratch.deallocate() }

    func read(_ y: Int, into rgba: UnsafeMutablePointer<UInt16>) {
        let u = scratch
        let v = scratch + width
        if hasChroma {
            let (near, far, nearWeight, farWeight) = chromaRows(y)
            let horizontal = shiftX == 2 ? 8 : 4
            let shift = (horizontal * (nearWeight + farWeight)).trailingZeroBitCount - 4
            for (plane, out) in [(1, u), (2, v)] {
                guard let nearRow = row(plane, near), let farRow = row(plane, far) else { return }
                burns_picture_chroma_row(
                    out, Int32(width), nearRow, farRow, Int32(sampleBytes), Int32((width + (1 << shiftX) - 1) >> shiftX),
                    Int32(nearWeight), Int32(farWeight), Int32(shift), layout, scratch + 2 * width)
            }
        }
        guard let luma = row(0, y) else { return }
        withUnsafePointer(to: matrix) {
            burns_picture_yuv_row(rgba, luma, Int32(sampleBytes), u, v, Int32(width), $0)
        }
    }

    /// The two chroma rows that luma's row lies between and their weights.
    private func chromaRows(_ y: Int) -> (near: Int, far: Int, nearWeight: Int, farWeight: Int) {
        let last = ((height + (1 << shiftY) - 1) >> shiftY) - 1
        let near = y >> shiftY
        switch shiftY {
        case 0: return (y, y, 4, 0)
        case 1 where cositedY: return (near, min(near + 1, last), y & 1 == 0 ? 4 : 2, y & 1 == 0 ? 0 : 2)
        case 1: return (near, min(max(near + (y & 1 == 0 ? -1 : 1), 0), last), 3, 1)
        default:
            let phase = y & 3
            let farWeight = phase == 0 || phase == 3 ? 3 : 1
            return (near, min(max(near + (phase < 2 ? -1 : 1), 0), last), 8 - farWeight, farWeight)
        }
    }

    private func row(_ plane: Int, _ y: Int) -> UnsafeMutableRawPointer? {
        frame.frame.pointee.row(plane, y)
    }
}

extension AVFrame {
    func row(_ plane: Int, _ y: Int) -> UnsafeMutableRawPointer? {
        let (base, stride) = switch plane {
        case 0: (data.0, linesize.0)
        case 1: (data.1, linesize.1)
        case 2: (data.2, linesize.2)
        default: (data.3, linesize.3)
        }
        guard let base else { return nil }
        return UnsafeMutableRawPointer(base + y * Int(stride))
    }
}
