/// Why something cannot be done with a store's projects: one sentence with the cause and what to do.
public struct LibraryError: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String
    init(_ description: String) { self.description = description }
}
