import CFFmpeg
import CKernels

/// A picture's pixels, as its decoder left them, and the way from there to rows of R'G'B'A.
///
/// - Memory: the decoder's frame (1.5 bytes a pixel for an ordinary JPEG) and a few rows. The file is let go.
/// - Threads: any, one at a time (the rows in between are kept in one place).
public final class DecodedPicture: @unchecked Sendable {
    public let header: PictureHeader
    /// Pixels, as stored: turning upright is cheaper after scaling.
    public var width: Int { header.width }
    public var height: Int { header.height }
    /// False where the picture stores alpha, even if it is opaque everywhere.
    public let isOpaque: Bool
    /// Of the decoded samples: 8 for most, up to 16.
    public let bitsPerSample: Int
    /// What was passed over, each as a sentence without the file's name.
    public let warnings: [String]

    private let rows: PictureRows
    private let alpha: PictureFrame?
    private let alphaBits: Int
    private let colour: ColorTransform?

    /// Decodes a picture file in this thread.
    ///
    /// Limits are checked on the file's size and on its header, before memory is taken for either.
    /// - Throws: for whatever is not a whole picture of an allowed kind; a picture that is cut short is never shown in part.
    public static func decode(path: String, limits: PictureLimits = PictureLimits()) throws(PictureError) -> DecodedPicture {
        LibavLog.install()
        // What a decoder logs about a broken picture is no encoder's last word.
        defer { _ = LibavLog.takeLastError() }
        let file = try PictureFile(path: path)
        // Cheap for what will be refused, and before the file is read whole.
        let early = PictureSource(fileDescriptor: file.descriptor, size: file.size)
        try limits.check(PictureLayout.parse(early, complete: false).header)
        let bytes = try file.readAll(limits: limits)
        let layout = try PictureLayout.parse(PictureSource(bytes), complete: true)
        try limits.check(layout.header)
        // The decoder is given pointers into the bytes.
        defer { withExtendedLifetime(bytes) {} }
        return try DecodedPicture(bytes, layout)
    }

    private init(_ bytes: PictureFileBytes, _ layout: PictureLayout) throws(PictureError) {
        header = layout.header
        for patch in layout.patches { bytes.base[patch.offset] = patch.byte }
        let frame = try PictureDecoder(header)
            .decode(bytes, payload: layout.payload, preamble: layout.preamble)
        try DecodedPicture.checkSize(frame, header)
        if PictureUnwritten.marks(header.format), PictureUnwritten.isMarked(frame.frame) {
            throw PictureError(.broken(header.format, "its pixels end before the picture does"))
        }
        rows = try PictureRows(frame, layout)
        bitsPerSample = rows.bitsPerSample
        var alpha: PictureFrame?
        var alphaBits = 8
        if !layout.alphaPayload.isEmpty {
            let decoded = try PictureDecoder(header).decode(bytes, payload: layout.alphaPayload)
            try DecodedPicture.checkSize(decoded, header)
            alphaBits = Int(av_pix_fmt_desc_get(AVPixelFormat(rawValue: decoded.frame.pointee.format))?.pointee.comp.0.depth ?? 8)
            alpha = decoded
        }
        self.alpha = alpha
        self.alphaBits = alphaBits
        isOpaque = rows.isOpaque && alpha == nil

        let isInk = layout.ink != .none
        var notes = layout.warnings
        let profile = try DecodedPicture.profile(frame, bytes, layout)
        if let profile {
            switch isInk ? .ignored("its colour profile is for ink") : ColorTransform.make(profile: profile, isGrey: rows.isGrey) {
            case .none: colour = nil
            case .transform(let transform): colour = transform
            case .ignored(let reason):
                colour = nil
                notes.append("The picture's colours are read as sRGB: \(reason).")
            }
        } else if let points = layout.codePoints, !isInk {
            colour = try ColorTransform.make(codePoints: points, header.format)
        } else {
            colour = nil
        }
        warnings = notes
    }

    private static func checkSize(_ frame: PictureFrame, _ header: PictureHeader) throws(PictureError) {
        let (width, height) = (Int(frame.frame.pointee.width), Int(frame.frame.pointee.height))
        if width != header.width || height != header.height {
            throw PictureError(
                .broken(header.format, "its header says \(header.width) × \(header.height) and its pixels \(width) × \(height)"))
        }
    }

    private static func profile(
        _ frame: PictureFrame, _ bytes: PictureFileBytes, _ layout: PictureLayout
    ) throws(PictureError) -> [UInt8]? {
        if let range = layout.profile { return try PictureSource(bytes).bytes(range) }
        guard let data = av_frame_get_side_data(frame.frame, AV_FRAME_DATA_ICC_PROFILE) else { return nil }
        return Array(UnsafeBufferPointer(start: data.pointee.data, count: data.pointee.size))
    }

    /// Rows `y ..< y + count` as interleaved R', G', B', A: 0 … 65535, A = 65535 opaque, colours not multiplied by it,
    /// sRGB-encoded, the embedded profile applied.
    ///
    /// Rows may be asked for in any order and come out the same.
    /// - Parameters:
    ///   - destination: `(count - 1) * strideSamples + 4 * width` samples.
    ///   - strideSamples: from one row to the next, at least `4 * width`.
    /// - Cost: about 3 ns a pixel for an 8-bit JPEG, 8 ns more with a colour profile.
    public func readRows(_ y: Int, count: Int, into destination: UnsafeMutablePointer<UInt16>, strideSamples: Int) {
        precondition(y >= 0 && count >= 0 && y + count <= height && (count < 2 || strideSamples >= 4 * width))
        for index in 0..<count {
            let row = destination + index * strideSamples
            rows.read(y + index, into: row)
            colour?.apply(to: row, width: width)
            if let samples = alpha?.frame.pointee.row(0, y + index) {
                burns_picture_alpha_row(row, samples, alphaBits > 8 ? 2 : 1, (1 << Int32(alphaBits)) - 1, Int32(width))
            }
        }
    }
}
