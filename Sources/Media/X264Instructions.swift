import CFFmpeg

/// The instruction sets that libx264 may use.
///
/// With AVX-512 its macroblock tree (mbtree) reads past the end of a row of macroblocks unless a row has a multiple of eight of
/// them, and what lies there finds its way into quantisers: two runs over the same frames differ, as 1080×1920 and 480×270 do and
/// 1920×1080 does not. Seen in version 164 with B-frames and mbtree; AVX2 does the same work within 2 % of the time.
enum X264Instructions {
    private static let alignedWidth = 8 * 16

    /// Options of libav's encoder for frames `width` pixels wide. They are no part of what a chunk is: machines without
    /// AVX-512 make the same bytes without them (seen from SSSE3 on).
    static func options(width: Int) -> [(String, String)] {
        let paddedWidth = (width + 15) / 16 * 16
        guard paddedWidth % alignedWidth != 0, av_get_cpu_flags() & AV_CPU_FLAG_AVX512 != 0 else { return [] }
        return [("x264opts", "asm=AVX2,FMA3,BMI1,BMI2,LZCNT")]
    }
}
