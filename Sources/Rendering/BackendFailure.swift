import Resampling

extension Resampler {
    /// Runs what makes frames; what the backend throws is said with its name and what to do.
    package func making<R>(_ body: () throws -> R) throws -> R {
        do {
            return try body()
        } catch let error as RenderError {
            throw error
        } catch {
            throw RenderError.backend(
                "frames cannot be made on \(device ?? backend): \(error); --backend cpu gives the same frames", underlying: error)
        }
    }
}
