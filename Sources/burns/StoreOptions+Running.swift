import Library
import ObjectStore
import Rendering

extension ConnectionOptions {
    /// Does a command's work until it is done or cancelled.
    ///
    /// - Parameter resume: what to do after a cancellation.
    func run<Result: Sendable>(
        resume: String = "start again", _ work: @escaping @Sendable (StoreSettings) async throws -> Result
    ) throws -> Result {
        let cancellation = Cancellation()
        let watch = SignalWatch(cancellation, resume: resume)
        defer { watch.end() }
        let settings = settings
        return try cancellation.wait { try await work(settings) }
    }

}

extension StoreOptions {
    /// The same.
    func run<Result: Sendable>(
        resume: String = "start again", _ work: @escaping @Sendable (StoreSettings) async throws -> Result
    ) throws -> Result { try connection.run(resume: resume, work) }

    /// The same, with the store open.
    func withStore<Result: Sendable>(
        _ location: StoreLocation, resume: String = "start again",
        _ work: @escaping @Sendable (any ObjectStore) async throws -> Result
    ) throws -> Result {
        try run(resume: resume) { settings in try await work(try await settings.open(location)) }
    }
}
