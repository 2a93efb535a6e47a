import CFFmpeg

/// One sample of a timed-text track, in milliseconds; an empty text clears the screen.
struct TimedTextSample: Hashable {
    var start: Int64
    var duration: Int64
    var text: String
}

/// 3GPP timed text (`tx3g`, libav's mov_text): what soft captions in an MP4 are.
///
/// - Source: 3GPP TS 26.245, 5.16 (sample description) and 5.17 (samples).
enum TimedText {
    static let timescale: Int32 = 1000

    /// Samples without gaps from 0 until the last caption's end: a track must not have holes, so that empty samples stand
    /// between captions.
    static func samples(_ captions: [Caption]) -> [TimedTextSample] {
        let sorted = captions.filter { $0.endSeconds > $0.startSeconds && !$0.text.isEmpty }.sorted { $0.startSeconds < $1.startSeconds }
        var samples: [TimedTextSample] = []
        var now: Int64 = 0
        for (index, caption) in sorted.enumerated() {
            let start = max(now, milliseconds(caption.startSeconds))
            var end = milliseconds(caption.endSeconds)
            if index + 1 < sorted.count { end = min(end, milliseconds(sorted[index + 1].startSeconds)) }
            if end <= start { continue }
            if start > now { samples.append(TimedTextSample(start: now, duration: start - now, text: "")) }
            samples.append(TimedTextSample(start: start, duration: end - start, text: caption.text))
            now = end
        }
        return samples
    }

    private static func milliseconds(_ seconds: Double) -> Int64 { Int64((max(0, min(seconds, 1e9)) * 1000).rounded()) }

    /// The bytes of a sample: length, UTF-8. Cut at a character's edge where the 16-bit length ends.
    static func payload(_ text: String) -> [UInt8] {
        var kept = String(text.map { $0.isNewline ? "\n" : $0 })
        while kept.utf8.count > Int(UInt16.max) { kept.removeLast() }
        let bytes = Array(kept.utf8)
        return [UInt8(bytes.count >> 8), UInt8(bytes.count & 255)] + bytes
    }

    /// White, centred, at the bottom; the player chooses the font and its true size. Arial at 16 is what readers take for "no wish",
    /// so that extracted texts come out plain.
    static let sampleDescription: [UInt8] = {
        var bytes: [UInt8] = []
        func put16(_ value: UInt16) { bytes += [UInt8(value >> 8), UInt8(value & 255)] }
        func put32(_ value: UInt32) { put16(UInt16(value >> 16)); put16(UInt16(value & 0xffff)) }
        put32(0)  // display flags: neither scrolling nor forced
        bytes += [1, 0xff]  // centred; at the bottom
        put32(0)  // background: clear
        for _ in 0..<4 { put16(0) }  // box: the whole track
        put16(0); put16(0); put16(1)  // style: from, to, font
        bytes += [0, 16]  // plain, 16 points
        put32(0xffff_ffff)  // opaque white
        let font = Array("Arial".utf8)
        put32(UInt32(8 + 2 + 2 + 1 + font.count))
        bytes += Array("ftab".utf8)
        put16(1); put16(1)
        bytes.append(UInt8(font.count))
        bytes += font
        return bytes
    }()
}
