import HTTP
import ObjectStore
import TestSupport
import Testing

/// Conditions of writes, at servers that do not keep to them.
@Suite(.timeLimit(.minutes(1))) struct ConditionTests {
    @Test func `A server that ignores conditions is asked before every write`() async throws {
        let fake = try FakeS3()
        fake.state.withLock { $0.ignoresConditions = true }
        let store = try await fake.store()
        fake.put([1], "a")
        try await refusal(.preconditionFailed) { try await store.put([2], to: "a", condition: .absent) }
        try await refusal(.preconditionFailed) { try await store.put([2], to: "a", condition: .matches(ETag("other"))) }
        #expect(fake.bytes("a") == [1])
        // Now it has shown what it is.
        try await store.put([3], to: "b", condition: .absent)
        try await store.put([4], to: "b", condition: .matches(try await store.head("b").etag))
        #expect(fake.bytes("b") == [4])
        let before = fake.names.count
        try await refusal(.preconditionFailed) { try await store.put([5], to: "b", condition: .absent) }
        try await refusal(.preconditionFailed) { try await store.put([5], to: "b", condition: .matches(ETag("other"))) }
        #expect(Array(fake.names.dropFirst(before)) == ["HEAD", "HEAD"] && fake.bytes("b") == [4])
    }

    /// It is asked only until that is known, and shown once what it must not do.
    @Test func `A server that keeps to conditions is trusted`() async throws {
        let fake = try FakeS3()
        let store = try await fake.store()
        for number in 0..<3 { try await store.put([1], to: "\(number)", condition: .absent) }
        #expect(fake.names == ["HEAD", "PUT", "HEAD", "PUT", "PUT", "PUT"])
        try await refusal(.preconditionFailed) { try await store.put([2], to: "0", condition: .absent) }
        #expect(fake.bytes("0") == [1])
    }

    /// Perhaps something comes and goes: then it is not for this one to write.
    @Test func `What is refused twice is not written without its condition`() async throws {
        let fake = try FakeS3()
        let store = try await fake.store()
        fake.setFault { request, _, _ in request.method == "PUT" ? [.send(FakeS3.failure(412, "PreconditionFailed"))] : nil }
        try await refusal(.preconditionFailed) { try await store.put([1], to: "a", condition: .absent) }
        let puts = fake.server.requests.filter { $0.method == "PUT" }
        #expect(puts.count == 2 && puts.allSatisfy { $0["If-None-Match"] == "*" })
    }

    /// As Ceph 16 does.
    @Test func `A server that takes no ETag for the right one is asked before`() async throws {
        let fake = try FakeS3()
        let store = try await fake.store()
        fake.put([1], "a")
        fake.setFault { request, _, _ in request["If-Match"] != nil ? [.send(FakeS3.failure(412, "PreconditionFailed"))] : nil }
        for number in UInt8(2)...3 {
            let etag = try await store.head("a").etag
            try await store.put([number], to: "a", condition: .matches(etag))
            #expect(fake.bytes("a") == [number])
            try await refusal(.preconditionFailed) { try await store.put([9], to: "a", condition: .matches(etag)) }
        }
        #expect(fake.server.requests.count { $0["If-Match"] != nil } == 2)
    }
}
