import Glibc
import HTTP
import Synchronization
import Testing
import TestSupport

/// A client that asks no proxy.
func makeClient(_ change: (inout HTTPClient.Configuration) -> Void = { _ in }) throws -> HTTPClient {
    var configuration = HTTPClient.Configuration()
    configuration.usesProxy = false
    change(&configuration)
    return try HTTPClient(configuration)
}

extension ScriptedServer {
    func request(
        _ method: String = "GET", _ path: String = "/", query: String? = nil, host: String = "127.0.0.1"
    ) -> HTTPRequest {
        HTTPRequest(method: method, address: HTTPAddress(scheme: "http", host: host, port: port, path: path, query: query))
    }
}

extension HTTPResponse {
    var text: String { String(decoding: body, as: UTF8.self) }
}

/// The error that a request fails with.
@discardableResult
func failure(
    _ kind: HTTPError.Kind? = nil, of body: () async throws -> HTTPResponse, sourceLocation: SourceLocation = #_sourceLocation
) async throws -> HTTPError {
    do {
        let response = try await body()
        Issue.record("status \(response.status) where an error was expected")
        throw UnexpectedResponse()
    } catch let error as HTTPError {
        // One sentence, without a line's end.
        #expect(!error.description.contains("\n") && !error.description.hasSuffix("."), sourceLocation: sourceLocation)
        if let kind { #expect(error.kind == kind, "\(error)", sourceLocation: sourceLocation) }
        return error
    }
}

struct UnexpectedResponse: Error {}

/// Waits for what another thread does; at most ten seconds.
func eventually(_ isTrue: () -> Bool) async throws {
    for _ in 0..<1000 where !isTrue() { try await Task.sleep(for: .milliseconds(10)) }
    #expect(isTrue())
}

/// A file that has no name, gone with the last reference.
final class UnnamedFile: Sendable {
    let descriptor: Int32

    convenience init(_ bytes: [UInt8]) throws {
        try self.init(count: 0)
        try #require(pwrite(descriptor, bytes, bytes.count, 0) == bytes.count)
    }

    /// Nothing but zeros, without a place on the disk.
    init(count: Int) throws {
        var path = Array("/tmp/burns-test-XXXXXX".utf8CString)
        descriptor = mkstemp(&path)
        try #require(descriptor >= 0)
        unlink(path)
        try #require(ftruncate(descriptor, count) == 0)
    }

    deinit { close(descriptor) }

    /// All of it.
    var body: HTTPBody { .file(descriptor: descriptor, offset: 0, count: Int64(size)) }

    var size: Int {
        var status = stat()
        fstat(descriptor, &status)
        return status.st_size
    }

    func bytes(_ range: Range<Int>) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: range.count)
        let count = pread(descriptor, &bytes, bytes.count, off_t(range.lowerBound))
        return Array(bytes.prefix(max(0, count)))
    }
}

/// Keeps what it is given; throws where it is told to.
final class RecordingSink: HTTPSink {
    struct Refusal: Error, Equatable { let place: String }

    let statuses = Mutex<[Int]>([])
    let received = Mutex<[UInt8]>([])
    let hasEnded = Mutex(false)
    private let refusesAt: String?

    init(refusesAt: String? = nil) { self.refusesAt = refusesAt }

    func begin(_ response: HTTPResponse) throws {
        statuses.withLock { $0.append(response.status) }
        if refusesAt == "begin" { throw Refusal(place: "begin") }
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        if refusesAt == "write" { throw Refusal(place: "write") }
        received.withLock { $0 += bytes }
    }

    func end() throws {
        hasEnded.withLock { $0 = true }
        if refusesAt == "end" { throw Refusal(place: "end") }
    }
}
