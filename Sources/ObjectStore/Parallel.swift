/// Does work on many things, so many at once.
///
/// - Returns: the results in the things' order.
/// - Throws: the first error; what is under way is cancelled and waited for.
package func inParallel<Item: Sendable, Result: Sendable>(
    _ width: Int, _ items: some Sequence<Item>, _ work: @escaping @Sendable (Item) async throws -> Result
) async throws -> [Result] {
    try await withThrowingTaskGroup(of: (Int, Result).self) { group in
        var results: [(place: Int, result: Result)] = []
        var running = 0
        for (place, item) in items.enumerated() {
            if running >= max(1, width), let done = try await group.next() {
                results.append(done)
                running -= 1
            }
            group.addTask { (place, try await work(item)) }
            running += 1
        }
        while let done = try await group.next() { results.append(done) }
        return results.sorted { $0.place < $1.place }.map(\.result)
    }
}
