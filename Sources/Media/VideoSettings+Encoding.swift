import CFFmpeg
import Resampling

extension VideoSettings {
    /// Whether these settings can be encoded here: sizes, frame rate, encoder, preset and crf are checked, then the encoder is
    /// opened once (a hardware encoder without its device refuses there).
    ///
    /// - Cost: opening the encoder, some 10 ms for libx264 in 1080p.
    public func validate() throws(FilmError) {
        let plan = try EncoderPlan(self)
        do {
            _ = try plan.open()
        } catch let error as FilmError {
            throw error
        } catch {
            throw FilmError(.encoding, "The encoder \(encoder) cannot start: \(error).")
        }
    }

    /// The preset that is encoded with; `nil` for encoders without one.
    package var presetName: String? { EncoderTraits.preset(of: self) }

    /// Whether a process has one open encoder of this kind at most: another thread that opens one waits until it is closed.
    package var encodesOneAtATime: Bool { EncoderTurn.isNeeded(for: encoder) }

    /// Canonical text of everything that the encoded bytes depend on, for cache keys: size, frame rate, encoder, every option
    /// but those that merely choose instructions, the versions of libavcodec and libavformat, and a hash of one small frame
    /// encoded with these settings, which changes with the encoder library's own version (x264 and x265 write theirs into the
    /// stream) and its handling of the options.
    ///
    /// - Cost: encoding one 64×64 frame, some milliseconds; SVT-AV1 some hundred. Ask once.
    public var fingerprint: String {
        var lines = [
            "size=\(width)x\(height)", "rate=\(frameRate.numerator)/\(frameRate.denominator)", "encoder=\(encoder)",
            "keyint=\(keyFrameInterval)", "libavcodec=\(versionText(avcodec_version()))", "libavformat=\(versionText(avformat_version()))",
        ]
        do {
            let plan = try EncoderPlan(self)
            lines += plan.options.map { "\($0.0)=\($0.1)" }
            if let quantiser = plan.quantiser { lines.append("qscale=\(quantiser)") }
            lines.append("probe=\(String(try probeHash(), radix: 16))")
        } catch {
            // Such settings never encode anything; the text still tells two of them apart.
            lines.append("preset=\(preset ?? "")")
            lines.append("crf=\(crf.map { "\($0)" } ?? "")")
            lines.append("invalid=\(error)")
        }
        return lines.joined(separator: " ")
    }

    /// FNV-1a, 64 bits, of the extradata and the packets that one grey 64×64 frame becomes.
    private func probeHash() throws -> UInt64 {
        var small = self
        small.width = 64
        small.height = 64
        let encoder = try EncoderPlan(small).open()
        let frame = try VideoFrame(FramePool(width: 64, height: 64).frame())
        frame.withPlanes { planes in
            for row in 0..<planes.height { (planes.y + row * planes.yStrideBytes).update(repeating: 128, count: planes.width) }
            for row in 0..<planes.chromaHeight {
                (planes.cb + row * planes.cbStrideBytes).update(repeating: 128, count: planes.chromaWidth)
                (planes.cr + row * planes.crStrideBytes).update(repeating: 128, count: planes.chromaWidth)
            }
        }
        frame.pointer.pointee.pts = 0
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        func add(_ bytes: UnsafePointer<UInt8>?, _ count: Int32) {
            guard let bytes else { return }
            for byte in UnsafeBufferPointer(start: bytes, count: Int(count)) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        }
        let packet = try Packet()
        try encoder.send(frame.pointer)
        try encoder.send(nil)
        add(encoder.context.pointee.extradata, encoder.context.pointee.extradata_size)
        while try encoder.receive(packet) { add(packet.pointer.pointee.data, packet.pointer.pointee.size) }
        return hash
    }
}

/// "59.37.100": a libav library's version.
func versionText(_ version: UInt32) -> String { "\(version >> 16).\(version >> 8 & 255).\(version & 255)" }
