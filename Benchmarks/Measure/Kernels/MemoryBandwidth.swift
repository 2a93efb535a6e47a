import Glibc

/// What one thread copies from memory to memory, far beyond the caches.
enum MemoryBandwidth {
    private static let bytes = 256 << 20
    private static let rounds = 5

    /// Bytes read and written per second, the best of several rounds.
    static func measured() -> Double {
        let source = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 4096)
        let target = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 4096)
        defer {
            source.deallocate()
            target.deallocate()
        }
        memset(source, 1, bytes)
        memset(target, 2, bytes)
        let best = (0..<rounds).map { _ in
            let start = threadCPUSeconds()
            memcpy(target, source, bytes)
            return threadCPUSeconds() - start
        }.min() ?? .nan
        return 2 * Double(bytes) / best
    }
}
