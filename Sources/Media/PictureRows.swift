import CFFmpeg
import CKernels

/// Turns any row of a decoded frame into R'G'B'A of 16 bits, exactly: no scaler, no dithering, v × 257 for 8 bits.
final class PictureRows {
    private enum Kind {
        case yuv(PictureYUVRows)
        case packed8([Component], step: Int)
        case packed16([Component], step: Int, bigEndian: Bool)
        case palette([UInt16])
        case components(UnsafePointer<AVPixFmtDescriptor>, indices: [Int], maxima: [Int32], inverted: Bool)
    }

    /// Where a component's samples start in a row: plane and byte.
    private struct Component { var plane, offset, step, shift, bits: Int }

    private let frame: PictureFrame
    private let kind: Kind
    private let isInk: Bool
    private let isPremultiplied: Bool
    private let width: Int
    private let scratch: UnsafeMutablePointer<UInt16>

    /// Bits of the finest component.
    let bitsPerSample: Int
    /// False where samples of alpha are stored.
    let isOpaque: Bool
    let isGrey: Bool

    init(_ frame: PictureFrame, _ layout: PictureLayout) throws(PictureError) {
        let picture = frame.frame.pointee
        let format = AVPixelFormat(rawValue: picture.format)
        guard let descriptor = av_pix_fmt_desc_get(format) else {
            throw PictureError(.broken(layout.header.format, "its pixel format is unknown"))
        }
        func unsupported() -> PictureError {
            PictureError(.unsupported("a \(layout.header.format) with pixels of the kind \(String(cString: descriptor.pointee.name))"))
        }
        self.frame = frame
        width = Int(picture.width)
        let flags = descriptor.pointee.flags
        let comp = descriptor.pointee.comp
        let count = Int(descriptor.pointee.nb_components)
        let components = [comp.0, comp.1, comp.2, comp.3].prefix(count).map {
            Component(plane: Int($0.plane), offset: Int($0.offset), step: Int($0.step), shift: Int($0.shift), bits: Int($0.depth))
        }
        if components.contains(where: { picture.row($0.plane, 0) == nil }) {
            throw PictureError(.broken(layout.header.format, "it was decoded to nothing"))
        }
        if flags & burns_pix_fmt_flag_float != 0 || components.isEmpty { throw unsupported() }
        bitsPerSample = components.reduce(0) { max($0, $1.bits) }
        let isRGB = flags & burns_pix_fmt_flag_rgb != 0
        isGrey = count < 3 && !isRGB && flags & burns_pix_fmt_flag_pal == 0
        isInk = layout.ink == .raw
        if isInk, format != AV_PIX_FMT_YUVA444P { throw unsupported() }
        let storesAlpha = flags & burns_pix_fmt_flag_alpha != 0 && layout.header.format != .jpeg && layout.alpha != .meaningless
        isPremultiplied = storesAlpha && layout.alpha == .premultiplied
        // R, G, B, A, each by its index among the components.
        var indices = isGrey ? [0, 0, 0] : [0, 1, 2]
        if isInk { indices.append(3) } else if storesAlpha { indices.append(isGrey ? 1 : 3) }

        let isBigEndian = flags & burns_pix_fmt_flag_be != 0
        let fullRange = PictureRows.isFullRange(picture, layout)
        let isYUV = count >= 3 && !isRGB && flags & burns_pix_fmt_flag_pal == 0
        let bits = components[0].bits
        var palette: [UInt16]?
        if flags & burns_pix_fmt_flag_pal != 0 {
            let colours = PictureRows.palette(picture)
            palette = colours
            kind = .palette(colours)
        } else if (isYUV && !isInk) || (isGrey && !fullRange && bits >= 8) {
            let isPlanar = flags & burns_pix_fmt_flag_planar != 0 || isGrey
            let (shiftX, shiftY) = (Int(descriptor.pointee.log2_chroma_w), Int(descriptor.pointee.log2_chroma_h))
            if !isPlanar || bits > 12 || isBigEndian || components[0].shift != 0 || max(shiftX, shiftY) > (bits == 8 ? 2 : 1) {
                throw unsupported()
            }
            let code = layout.codePoints?.matrix ?? (layout.header.format == .avif ? Int(picture.colorspace.rawValue) : 5)
            guard let matrix = PictureMatrix(matrix: code, fullRange: fullRange, bits: bits) else {
                throw PictureError(.unsupported("a \(layout.header.format) with colours coded by matrix \(code) of H.273"))
            }
            let isAVIF = layout.header.format == .avif
            kind = .yuv(
                PictureYUVRows(
                    frame, matrix: matrix, bits: bits, shiftX: shiftX, shiftY: shiftY, hasChroma: isYUV,
                    cositedX: isAVIF && [AVCHROMA_LOC_LEFT, AVCHROMA_LOC_TOPLEFT].contains(picture.chroma_location),
                    cositedY: isAVIF && picture.chroma_location == AVCHROMA_LOC_TOPLEFT))
        } else {
            let used = indices.map { components[$0] }
            let uniform = used.allSatisfy { $0.shift == 0 && $0.bits == bits && $0.step == used[0].step }
            if uniform, bits == 8 {
                kind = .packed8(used, step: used[0].step)
            } else if uniform, bits == 16 {
                kind = .packed16(used, step: used[0].step, bigEndian: isBigEndian)
            } else {
                kind = .components(
                    descriptor, indices: indices, maxima: used.map { (1 << Int32($0.bits)) - 1 },
                    inverted: format == AV_PIX_FMT_MONOWHITE)
            }
        }
        isOpaque = palette.map { colours in stride(from: 3, to: colours.count, by: 4).allSatisfy { colours[$0] == 65535 } }
            ?? !storesAlpha
        scratch = .allocate(capacity: 4 * width)
        scratch.initialize(repeating: 0, count: 4 * width)
        hasAlphaPlane = storesAlpha && isYUV
        alphaMaximum = (1 << Int32(bits)) - 1
    }

    private let hasAlphaPlane: Bool
    private let alphaMaximum: Int32

    deinit { scratch.deallocate() }

    /// JPEG and TIFF use all code values, WebP 16 … 235; AVIF says which.
    private static func isFullRange(_ picture: AVFrame, _ layout: PictureLayout) -> Bool {
        switch layout.header.format {
        case .webp: picture.color_range == AVCOL_RANGE_JPEG
        case .avif: layout.codePoints?.fullRange ?? (picture.color_range != AVCOL_RANGE_MPEG)
        default: true
        }
    }

    private static func palette(_ picture: AVFrame) -> [UInt16] {
        guard let entries = picture.data.1 else { return [UInt16](repeating: 0, count: 1024) }
        return entries.withMemoryRebound(to: UInt32.self, capacity: 256) { argb in
            (0..<256).flatMap { index in [16, 8, 0, 24].map { UInt16(argb[index] >> UInt32($0) & 0xFF) * 257 } }
        }
    }

    /// Row `y` as `4 * width` samples.
    func read(_ y: Int, into rgba: UnsafeMutablePointer<UInt16>) {
        let picture = frame.frame.pointee
        func samples(_ component: Component) -> UnsafePointer<UInt8>? {
            picture.row(component.plane, y).map { UnsafePointer($0.assumingMemoryBound(to: UInt8.self) + component.offset) }
        }
        switch kind {
        case .yuv(let rows):
            rows.read(y, into: rgba)
            if hasAlphaPlane, let alpha = picture.row(3, y) {
                burns_picture_alpha_row(rgba, alpha, alphaMaximum > 255 ? 2 : 1, alphaMaximum, Int32(width))
            }
        case .packed8(let used, let step):
            guard let r = samples(used[0]), let g = samples(used[1]), let b = samples(used[2]) else { return }
            burns_picture_packed8_row(rgba, r, g, b, used.count > 3 ? samples(used[3]) : nil, Int32(step), Int32(width))
        case .packed16(let used, let step, let bigEndian):
            guard let r = samples(used[0]), let g = samples(used[1]), let b = samples(used[2]) else { return }
            burns_picture_packed16_row(
                rgba, r, g, b, used.count > 3 ? samples(used[3]) : nil, Int32(step), Int32(width), bigEndian ? 1 : 0)
        case .palette(let colours):
            guard let indices = picture.row(0, y) else { return }
            burns_picture_palette_row(rgba, indices.assumingMemoryBound(to: UInt8.self), colours, Int32(width))
        case .components(let descriptor, let indices, let maxima, let inverted):
            readComponents(y, descriptor, indices, maxima, inverted, into: rgba)
        }
        if isInk { burns_picture_cmyk_row(rgba, Int32(width)) }
        if isPremultiplied { burns_picture_unpremultiply_row(rgba, Int32(width)) }
    }

    /// Depths and packings without a kernel of their own, through libav's description of them.
    private func readComponents(
        _ y: Int, _ descriptor: UnsafePointer<AVPixFmtDescriptor>, _ indices: [Int], _ maxima: [Int32], _ inverted: Bool,
        into rgba: UnsafeMutablePointer<UInt16>
    ) {
        let picture = frame.frame.pointee
        var planes = [picture.data.0, picture.data.1, picture.data.2, picture.data.3].map { $0.map { UnsafePointer($0) } }
        let strides = [picture.linesize.0, picture.linesize.1, picture.linesize.2, picture.linesize.3]
        for (slot, index) in indices.enumerated() {
            let row = scratch + slot * width
            av_read_image_line2(row, &planes, strides, descriptor, 0, Int32(y), Int32(index), Int32(width), 0, 2)
            if inverted { for x in 0..<width { row[x] ^= 1 } }
        }
        let rows: [UnsafePointer<UInt16>] = (0..<3).map { UnsafePointer(scratch + $0 * width) }
        rows.withUnsafeBufferPointer { rows in
            guard let base = rows.baseAddress else { return }
            burns_picture_components_row(
                rgba, base, indices.count > 3 ? UnsafePointer(scratch + 3 * width) : nil, maxima + [0], Int32(width))
        }
    }
}
