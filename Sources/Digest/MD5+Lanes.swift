import CChecksum

extension MD5 {
    /// How many messages the processor's vectors take side by side; 1: it has none.
    package static var laneCount: Int { burns_md5_lane_count() }

    /// Fills the buffer with the bytes of a message from an offset on.
    package typealias Reading = (_ message: Int, _ offset: Int64, _ buffer: UnsafeMutableRawBufferPointer) throws -> Void

    /// Of each message in a lane at a time. Whole blocks of 64 bytes.
    private static let stepBytes = 16 << 10
    /// Fewer messages are faster one after the other.
    private static let fewestInLanes = 3

    /// Digests messages of one length side by side.
    ///
    /// - Parameters:
    ///   - length: of each of the `count` messages, in bytes.
    ///   - laneCount: 1, or 8 or 16 on a machine that has them.
    /// - Returns: 16 bytes for each message.
    /// - Cost: one pass. All lanes together take little longer than one message by itself.
    package static func digests(
        count: Int, length: Int64, laneCount: Int = MD5.laneCount, _ read: Reading
    ) rethrows -> [[UInt8]] {
        let buffer = UnsafeMutablePointer<UInt8>.allocate(capacity: laneCount * stepBytes)
        defer { buffer.deallocate() }
        var digests: [[UInt8]] = []
        for first in stride(from: 0, to: count, by: laneCount) {
            let messages = first..<min(count, first + laneCount)
            if laneCount > 1, messages.count >= fewestInLanes {
                digests += try digestsInLanes(messages, length, laneCount, buffer, read)
            } else {
                for message in messages { digests.append(try digest(message, length, buffer, read)) }
            }
        }
        return digests
    }

    private static func digest(
        _ message: Int, _ length: Int64, _ buffer: UnsafeMutablePointer<UInt8>, _ read: Reading
    ) rethrows -> [UInt8] {
        var digest = MD5()
        for offset in stride(from: 0, to: length, by: stepBytes) {
            let bytes = UnsafeMutableRawBufferPointer(start: buffer, count: Int(min(Int64(stepBytes), length - offset)))
            try read(message, offset, bytes)
            digest.update(UnsafeRawBufferPointer(bytes))
        }
        return digest.finishBytes()
    }

    private static func digestsInLanes(
        _ messages: Range<Int>, _ length: Int64, _ laneCount: Int, _ buffer: UnsafeMutablePointer<UInt8>, _ read: Reading
    ) rethrows -> [[UInt8]] {
        // Lanes that are left over do what the first one does.
        let lanes = (0..<laneCount).map { UnsafePointer(buffer + ($0 < messages.count ? $0 : 0) * stepBytes) }
        var states = burns_md5_begin()
        var wholeBytes = 0
        for offset in stride(from: 0, to: length, by: stepBytes) {
            let count = Int(min(Int64(stepBytes), length - offset))
            for (lane, message) in messages.enumerated() {
                try read(message, offset, UnsafeMutableRawBufferPointer(start: buffer + lane * stepBytes, count: count))
            }
            burns_md5_add(&states, laneCount, lanes, count / 64)
            wholeBytes = count / 64 * 64
        }
        burns_md5_end(&states, laneCount, lanes.map { $0 + wholeBytes }, UInt64(length))
        return (0..<messages.count).map { lane in
            withUnsafeBytes(of: burns_md5_digest_of(&states, lane).bytes) { Array($0) }
        }
    }
}
