import Glibc
import Rendering

/// What threads copy from memory to memory, far beyond the caches.
final class MemoryCopy: WorkStream, @unchecked Sendable {  // belongs to one thread at a time
    private let byteCount: Int
    private let source: UnsafeMutableRawPointer
    private let target: UnsafeMutableRawPointer
    let depth = 1

    /// Of the blocks of all threads together, as long as each one's is beyond the caches.
    private static let totalBytes = 512 << 20
    private static let threadBytes = (least: 16 << 20, most: 128 << 20)

    private init(threads: Int) {
        byteCount = Self.byteCount(threads: threads)
        source = .allocate(byteCount: byteCount, alignment: 4096)
        target = .allocate(byteCount: byteCount, alignment: 4096)
        memset(source, 1, byteCount)
        memset(target, 2, byteCount)
    }

    private static func byteCount(threads: Int) -> Int {
        min(max(min(totalBytes, Machine.memoryBytes / 16) / threads, threadBytes.least), threadBytes.most)
    }

    deinit {
        source.deallocate()
        target.deallocate()
    }

    func begin() {}
    func finish() { memcpy(target, source, byteCount) }

    /// Bytes read and written in a second, by so many threads together.
    static func measure(threads: [Int], _ turns: Turns) throws -> [Rate] {
        let rates = try turns.measure(threads.map { threads in
            Runner { (0..<threads).map { _ in MemoryCopy(threads: threads) } }
        })
        return zip(rates, threads).map { $0.scaled(by: Double(2 * byteCount(threads: $1))) }
    }
}
