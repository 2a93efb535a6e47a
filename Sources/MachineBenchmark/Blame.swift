import Rendering

/// Runs what a contestant or a device does; what it throws is said with its name and what to do.
func blaming<Result>(_ name: String, _ body: () throws -> Result) throws -> Result {
    do {
        return try body()
    } catch where !(error is RenderError || error is FrameMismatch) {
        throw RenderError("\(name) cannot be measured: \(error); --backend cpu measures the CPU alone", underlying: error)
    }
}
