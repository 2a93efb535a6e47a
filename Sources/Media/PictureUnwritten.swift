import CFFmpeg
import Glibc

/// Finds pictures whose pixels end too early in a file that is whole otherwise.
///
/// libav's PNG, TIFF and BMP decoders then return a picture whose last rows were never written, and say nothing. So its last
/// rows are filled with noise before decoding; noise that is still there afterwards was not decoded. A picture of eight bytes
/// a row that holds this very noise has one chance in 2^64.
enum PictureUnwritten {
    static func marks(_ format: PictureFormat) -> Bool { format == .png || format == .tiff || format == .bmp }

    private static let leastBytes = 8

    static let getBuffer:
        @convention(c) (UnsafeMutablePointer<AVCodecContext>?, UnsafeMutablePointer<AVFrame>?, Int32) -> Int32 = {
            context, frame, flags in
            let code = avcodec_default_get_buffer2(context, frame, flags)
            guard code >= 0, let frame else { return code }
            // The last row, and the one before it for interlaced pictures of an odd height. Some decoders write upwards.
            let height = Int(frame.pointee.height)
            for y in Set([0, height - 2, height - 1]) where y >= 0 && y < height {
                guard let row = frame.pointee.row(0, y) else { continue }
                let bytes = row.assumingMemoryBound(to: UInt8.self)
                for i in 0..<rowBytes(frame) { bytes[i] = noise(i) }
            }
            return code
        }

    static func isMarked(_ frame: UnsafeMutablePointer<AVFrame>, row: Int) -> Bool {
        let count = rowBytes(frame)
        if count < leastBytes { return false }
        // BMP's rows mostly run upwards: the first is the last to be written.
        return [row, 0].contains { y in
            guard let row = frame.pointee.row(0, y) else { return false }
            let bytes = row.assumingMemoryBound(to: UInt8.self)
            return (0..<count).allSatisfy { bytes[$0] == noise($0) }
        }
    }

    private static func rowBytes(_ frame: UnsafeMutablePointer<AVFrame>) -> Int {
        max(0, Int(av_image_get_linesize(AVPixelFormat(rawValue: frame.pointee.format), frame.pointee.width, 0)))
    }

    private static func noise(_ i: Int) -> UInt8 {
        let mixed = (UInt32(truncatingIfNeeded: i) &+ 1) &* 0x9E37_79B1
        return UInt8(truncatingIfNeeded: (mixed ^ (mixed >> 15)) >> 7)
    }
}
