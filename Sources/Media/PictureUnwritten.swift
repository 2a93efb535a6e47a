import CFFmpeg
import Glibc

/// Finds pictures whose pixels end too early in a file that is whole otherwise.
///
/// libav's PNG, TIFF and BMP decoders then return a picture whose last rows were never written, and say nothing. So its first
/// and last row are filled with noise before decoding; noise that is still there afterwards was not decoded. A sound picture
/// of eight bytes a row, the least that is looked at, holds this very noise once in 2^64.
///
/// Not found: interlaced PNGs, of which libav makes a coarse picture first.
enum PictureUnwritten {
    static func marks(_ format: PictureFormat) -> Bool { format == .png || format == .tiff || format == .bmp }

    private static let leastBytes = 8

    static let getBuffer:
        @convention(c) (UnsafeMutablePointer<AVCodecContext>?, UnsafeMutablePointer<AVFrame>?, Int32) -> Int32 = {
            context, frame, flags in
            let code = avcodec_default_get_buffer2(context, frame, flags)
            guard code >= 0, let frame else { return code }
            for y in lastWrittenRows(frame) {
                guard let row = frame.pointee.row(0, y) else { continue }
                let bytes = row.assumingMemoryBound(to: UInt8.self)
                for i in 0..<rowBytes(frame) { bytes[i] = noise(i) }
            }
            return code
        }

    static func isMarked(_ frame: UnsafeMutablePointer<AVFrame>) -> Bool {
        let count = rowBytes(frame)
        if count < leastBytes { return false }
        return lastWrittenRows(frame).contains { y in
            guard let row = frame.pointee.row(0, y) else { return false }
            let bytes = row.assumingMemoryBound(to: UInt8.self)
            return (0..<count).allSatisfy { bytes[$0] == noise($0) }
        }
    }

    /// BMP's rows mostly run upwards.
    private static func lastWrittenRows(_ frame: UnsafeMutablePointer<AVFrame>) -> [Int] { [0, max(0, Int(frame.pointee.height) - 1)] }

    private static func rowBytes(_ frame: UnsafeMutablePointer<AVFrame>) -> Int {
        max(0, Int(av_image_get_linesize(AVPixelFormat(rawValue: frame.pointee.format), frame.pointee.width, 0)))
    }

    private static func noise(_ i: Int) -> UInt8 {
        let mixed = (UInt32(truncatingIfNeeded: i) &+ 1) &* 0x9E37_79B1
        return UInt8(truncatingIfNeeded: (mixed ^ (mixed >> 15)) >> 7)
    }
}
