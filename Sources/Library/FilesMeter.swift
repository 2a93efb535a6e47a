import Synchronization

/// How far a transfer of several files has come.
public struct FilesProgress: Hashable, Sendable {
    public var doneFiles = 0
    public var totalFiles = 0
    public var doneBytes: Int64 = 0
    public var totalBytes: Int64 = 0
}

/// Adds up the files that are done, and tells.
final class FilesMeter: Sendable {
    private let state: Mutex<FilesProgress>
    private let report: (@Sendable (FilesProgress) -> Void)?

    init(_ sizes: [Int64], _ report: (@Sendable (FilesProgress) -> Void)?) {
        state = Mutex(FilesProgress(totalFiles: sizes.count, totalBytes: sizes.reduce(0, +)))
        self.report = report
    }

    func finish(_ bytes: Int64) {
        state.withLock { state in
            state.doneFiles += 1
            state.doneBytes += bytes
            report?(state)
        }
    }
}
