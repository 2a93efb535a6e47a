import ProjectImport
import Synchronization
import Testing

/// What tasks have in common.
private final class Shared<Value: Sendable>: Sendable {
    private let state: Mutex<Value>
    init(_ value: Value) { state = Mutex(value) }
    var value: Value { state.withLock { $0 } }
    func change(_ body: (inout Value) -> Void) { state.withLock { value in body(&value) } }
}

@Suite(.timeLimit(.minutes(1))) struct HostCourtesyTests {
    private func courtesy(_ perHost: Int, gap: Duration = .zero) -> HostCourtesy {
        var limits = HostCourtesy.Limits()
        (limits.perHost, limits.gap) = (perHost, gap)
        return HostCourtesy(limits)
    }

    @Test func `No more at once than a host is asked for, and hosts do not wait for each other`() async throws {
        let courtesy = courtesy(2)
        let now = Shared((running: ["a": 0, "b": 0], most: ["a": 0, "b": 0], both: 0))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<40 {
                let host = number % 2 == 0 ? "a" : "b"
                group.addTask {
                    try await courtesy.turn(at: host) {
                        now.change {
                            $0.running[host, default: 0] += 1
                            $0.most[host] = max($0.most[host] ?? 0, $0.running[host] ?? 0)
                            $0.both = max($0.both, $0.running.values.reduce(0, +))
                        }
                        try await Task.sleep(for: .milliseconds(5))
                        now.change { $0.running[host, default: 0] -= 1 }
                    }
                }
            }
            try await group.waitForAll()
        }
        let seen = now.value
        #expect(seen.most == ["a": 2, "b": 2] && seen.both > 2)
    }

    @Test func `A pause between starts`() async throws {
        let courtesy = courtesy(2, gap: .milliseconds(40))
        let starts = Shared<[ContinuousClock.Instant]>([])
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<5 { group.addTask { try await courtesy.turn(at: "a") { starts.change { $0.append(.now) } } } }
            try await group.waitForAll()
        }
        let sorted = starts.value.sorted()
        for (one, next) in zip(sorted, sorted.dropFirst()) { #expect(next - one >= .milliseconds(35)) }
    }

    @Test func `A host that asks for time gets it`() async throws {
        let courtesy = courtesy(2)
        try await courtesy.turn(at: "a") {}
        await courtesy.hold("a", for: .milliseconds(150))
        let start = ContinuousClock.now
        try await courtesy.turn(at: "b") {}
        #expect(ContinuousClock.now - start < .milliseconds(100))
        try await courtesy.turn(at: "a") {}
        #expect(ContinuousClock.now - start >= .milliseconds(140))
    }

    @Test func `A host that asks for time again and again gets no end of it`() async throws {
        var limits = HostCourtesy.Limits()
        (limits.gap, limits.longestWaitInAll) = (.zero, .milliseconds(250))
        let courtesy = HostCourtesy(limits)
        var turns = 0
        let error = await #expect(throws: HostCourtesy.HostIsBusy.self) {
            while true {
                try await courtesy.turn(at: "a") {}
                turns += 1
                // Asked for twice at once, it is waited for once.
                for _ in 0..<2 { await courtesy.hold("a", for: .milliseconds(100)) }
            }
        }
        guard case .inAll(let held)? = error else { Issue.record("\(String(describing: error))"); return }
        #expect(turns == 3 && held > .milliseconds(250))
        try await courtesy.turn(at: "b") {}
    }

    @Test func `Who is cancelled waits no longer, and takes no place along`() async throws {
        let courtesy = courtesy(1)
        let (stream, hold) = AsyncStream.makeStream(of: Void.self)
        let first = Task { try await courtesy.turn(at: "a") { for await _ in stream {} } }
        try await Task.sleep(for: .milliseconds(30))
        let second = Task { try await courtesy.turn(at: "a") {} }
        try await Task.sleep(for: .milliseconds(30))
        second.cancel()
        await #expect(throws: CancellationError.self) { try await second.value }
        hold.finish()
        try await first.value
        try await courtesy.turn(at: "a") {}
    }
}
