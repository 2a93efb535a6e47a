/// Why a benchmark cannot go on, or what it found too bad: a sentence.
package struct BenchmarkError: Error, CustomStringConvertible {
    package let description: String
    package init(_ description: String) { self.description = description }
}
