import Dispatch
import Synchronization

extension Cancellation {
    /// Does asynchronous work and waits for it: for threads that may block, never for Swift's own.
    ///
    /// - Throws: what the work throws; `RenderError` when cancelled, as soon as the work has noticed.
    public func wait<Result: Sendable>(for work: @escaping @Sendable () async throws -> Result) throws -> Result {
        let outcome = Outcome<Result>()
        let task = Task {
            do {
                outcome.set(.success(try await work()))
            } catch {
                outcome.set(.failure(error))
            }
        }
        while !outcome.wait(milliseconds: 50) { if isCancelled { task.cancel() } }
        do {
            return try outcome.get()
        } catch {
            if error is CancellationError || isCancelled { throw RenderError.cancelled }
            throw error
        }
    }

    private final class Outcome<Success: Sendable>: Sendable {
        private let result = Mutex<Result<Success, any Error>?>(nil)
        private let isDone = DispatchSemaphore(value: 0)

        func set(_ new: Result<Success, any Error>) {
            result.withLock { $0 = new }
            isDone.signal()
        }

        func wait(milliseconds: Int) -> Bool { isDone.wait(timeout: .now() + .milliseconds(milliseconds)) == .success }

        func get() throws -> Success {
            guard let result = result.withLock({ $0 }) else { throw CancellationError() }
            return try result.get()
        }
    }
}
