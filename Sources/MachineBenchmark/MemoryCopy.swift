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

    /// The memory is this thread's, on whichever of the machine's nodes it runs: it touches it first.
    private init(threads: Int) {
        byteCount = Self.byteCount(threads: threads)
        source = .allocate(byteCount: byteCount, alignment: 4096)
        target = .allocate(byteCount: byteCount, alignment: 4096)
        memset(source, 1, byteCount)
        memset(target, 2, byteCount)
    }

    /// Of each block. A thread's is as large as a cache that it may have for itself, but all together leave most of the memory
    /// alone.
    private static func byteCount(threads: Int) -> Int {
        let cache = max(threadBytes.least, sysconf(Int32(_SC_LEVEL3_CACHE_SIZE)))
        let wanted = min(max(totalBytes / threads, cache), max(threadBytes.most, cache))
        return max(1 << 20, min(wanted, Machine.memoryBytes / 16 / threads))
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
            Runner(threads: threads) { _ in MemoryCopy(threads: threads) }
        })
        return zip(rates, threads).map { $0.scaled(by: Double(2 * byteCount(threads: $1))) }
    }
}
