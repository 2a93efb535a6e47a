import HTTP
import Synchronization

/// Writes under conditions, also at servers that compare wrongly or not at all.
extension S3Store {
    /// Where nobody knows yet whether the server keeps to such a condition, or it does not, it is asked for the object just before.
    ///
    /// - Parameters:
    ///   - isInParts: it cannot be written a second time; and servers other than AWS may forget conditions of what came in parts.
    ///   - looksFirst: where nobody knows.
    ///   - write: with the condition that the server is to keep to.
    func keeping(
        _ condition: WriteCondition?, _ key: String, isInParts: Bool, looksFirst: Bool = true,
        _ write: (WriteCondition?) async throws -> ETag
    ) async throws -> ETag {
        guard let condition else { return try await write(nil) }
        let support = session.conditions.support(of: condition)
        let looks = support == .unkept || support == nil && looksFirst || isInParts && !session.endpoint.isAWS
        if looks { try await check(condition, key) }
        guard support != .unkept else { return try await write(nil) }
        let etag = try await insisting(condition, key, write)
        guard !isInParts, session.conditions.beginTrial(of: condition) else { return etag }
        let found = await trial(of: condition, key, etag, write)
        session.conditions.endTrial(of: condition, found.support)
        return found.etag
    }

    private func insisting(
        _ condition: WriteCondition, _ key: String, _ write: (WriteCondition?) async throws -> ETag
    ) async throws -> ETag {
        do {
            return try await write(condition)
        } catch let error as StoreError where [.preconditionFailed, .unsupported].contains(error.kind) {
            try await check(condition, key)
            // Whatever was in the way may have gone since.
            do {
                return try await write(condition)
            } catch let error as StoreError where [.preconditionFailed, .unsupported].contains(error.kind) {
                try await check(condition, key)
                // At AWS, it is something that comes and goes. Elsewhere, some compare the quotation marks, too, and so refuse all.
                guard !session.endpoint.isAWS, error.kind == .unsupported || condition != .absent else { throw error }
            }
            session.conditions.endTrial(of: condition, .unkept)
            return try await write(nil)
        }
    }

    /// Writes once more what was just written, if it is still there, under a condition that is not true.
    ///
    /// - Parameter etag: of what was written.
    /// - Returns: `nil` where the answer tells nothing; and the ETag of what is there.
    private func trial(
        of condition: WriteCondition, _ key: String, _ etag: ETag, _ write: (WriteCondition?) async throws -> ETag
    ) async -> (support: WriteConditions.Support?, etag: ETag) {
        do {
            try await check(.matches(etag), key)
        } catch {
            return (nil, etag)
        }
        do {
            return (.unkept, try await write(condition == .absent ? .absent : .matches(ETag(String(repeating: "0", count: 32)))))
        } catch {
            // What was written is written.
            switch (error as? StoreError)?.kind {
            case .preconditionFailed: return (.kept, etag)
            case .unsupported: return (.unkept, etag)
            default: return (nil, etag)
            }
        }
    }

    /// - Throws: `preconditionFailed`, and `notFound` where the object has to be there and is not.
    private func check(_ condition: WriteCondition, _ key: String) async throws {
        let found = try await headIfPresent(key)?.etag
        switch (condition, found) {
        case (.absent, nil): return
        case (.absent, _): throw StoreError(.preconditionFailed, "\(location.naming(key)) is there already")
        case (.matches, nil): throw StoreError(.notFound, "there is no object \(location.naming(key))")
        case (.matches(let etag), let found):
            guard found == etag else { throw StoreError.another(location.naming(key), than: etag) }
        }
    }
}

/// What is known of how a server treats conditions of writes.
final class WriteConditions: Sendable {
    enum Support {
        case kept
        /// It refuses what is true, or does what it should refuse.
        case unkept
    }

    private struct State {
        var support: Support?
        var isTried = false
    }

    private let states: Mutex<(absent: State, matches: State)>

    /// - Parameter isAWS: there is nothing to be found out.
    init(isAWS: Bool) {
        let state = State(support: isAWS ? .kept : nil, isTried: isAWS)
        states = Mutex((state, state))
    }

    /// `nil`: nobody knows yet.
    func support(of condition: WriteCondition) -> Support? { with(condition) { $0.support } }

    /// - Returns: whether it is for the caller to find out.
    func beginTrial(of condition: WriteCondition) -> Bool {
        with(condition) { state in
            defer { state.isTried = true }
            return !state.isTried
        }
    }

    /// - Parameter found: `nil`: another one has to try.
    func endTrial(of condition: WriteCondition, _ found: Support?) {
        with(condition) { $0 = State(support: found ?? $0.support, isTried: found != nil || $0.support != nil) }
    }

    private func with<Result>(_ condition: WriteCondition, _ body: (inout State) -> Result) -> Result {
        states.withLock { condition == .absent ? body(&$0.absent) : body(&$0.matches) }
    }
}

extension WriteCondition {
    var headers: HTTPHeaders {
        var headers = HTTPHeaders()
        switch self {
        case .absent: headers["If-None-Match"] = "*"
        case .matches(let etag): headers["If-Match"] = etag.quoted
        }
        return headers
    }
}
