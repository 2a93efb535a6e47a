import AWS
import Digest
import HTTP
import ObjectStore
import Synchronization
import TestSupport
import Testing

/// What no real server does when it is asked to.
@Suite(.timeLimit(.minutes(2))) struct FaultTests {
    typealias Step = ScriptedServer.Step

    // MARK: Failures that pass

    enum Passing: String, CaseIterable {
        case slowDown, internalError, badGateway, tooMany, requestTimeout, resetAtOnce, resetInHead, resetInBody, truncated, stall

        func steps(_ answer: [UInt8]) -> [Step] {
            switch self {
            case .slowDown: [.send(FakeS3.failure(503, "SlowDown"))]
            case .internalError: [.send(FakeS3.failure(500, "InternalError"))]
            case .badGateway: [.send(FakeS3.response(502, [], Array("<html>Bad Gateway</html>".utf8)))]
            case .tooMany: [.send(FakeS3.response(429))]
            case .requestTimeout: [.send(FakeS3.failure(400, "RequestTimeout", ["Connection: close"])), .close]
            case .resetAtOnce: [.reset]
            case .resetInHead: [.send(Array(answer.prefix(20))), .reset]
            case .resetInBody: [.send(Array(answer.dropLast(1))), .reset]
            case .truncated: [.send(Array(answer.prefix(answer.count - 1))), .close]
            case .stall: [.send(Array(answer.prefix(30))), .stall]
            }
        }
    }

    @Test(arguments: Passing.allCases)
    func `Everything goes on after a failure that passes`(failure: Passing) async throws {
        // Every kind of request fails once, and the third of each kind.
        let fake = try FakeS3 { request, number, answer in
            let isLost = failure == .resetInBody || failure == .truncated
            // Lost answers to a completed upload are another test's.
            let mayBeDone = FakeS3.name(request) != "POST upload"
            guard number == 0 || number == 2 else { return nil }
            // A 400 without a body says nothing of its reason.
            if failure == .requestTimeout, request.method == "HEAD" { return nil }
            return failure.steps(isLost && mayBeDone ? answer() : FakeS3.response(200, [], [1, 2]))
        }
        var limits = S3Store.Limits()
        limits.silence = .milliseconds(200)
        let store = try await fake.store(limits: limits) { $0.stall = HTTPClient.StallLimit(duration: .milliseconds(200)) }
        let folder = try TemporaryFolder()
        var options = TransferOptions()
        options.partBytes = 64 << 10
        let bytes = content(300_000)
        try await store.put(bytes, to: "small")
        #expect(try await store.read("small") == bytes)
        try await store.upload(try folder.file(bytes), to: "large", options: options)
        #expect(fake.bytes("large") == bytes)
        #expect(try await store.download("large", to: folder.path + "/back", options: options).size == 300_000)
        #expect(try folder.bytes("back") == bytes)
        #expect(try await store.list().allObjects().map(\.key) == ["large", "small"])
        _ = try await store.copy("large", to: "copy")
        #expect(try await store.delete(["small", "large"]) == [])
        #expect(fake.state.withLock { Set($0.objects.keys) } == ["copy"])
        #expect(fake.state.withLock { $0.uploads.isEmpty })
        #expect(try folder.names == ["back", "file"])
    }

    /// Of the answer: nothing, the first, within the status and a header, the whole header, within the body, all but one.
    @Test(arguments: ["GET", "PUT", "GET list", "PUT part", "POST upload"])
    func `A connection may end after any byte`(name: String) async throws {
        let positions = [0.0, 1, 9, 16, 30, -1, -2, 0.5]
        let fake = try FakeS3()
        fake.setFault { request, number, answer in
            // Each position twice: a reset, and an end.
            guard FakeS3.name(request) == name, number < positions.count * 4, number % 2 == 0 else { return nil }
            let (bytes, position) = (answer(), positions[number / 4])
            let head = bytes.firstRange(of: Array("\r\n\r\n".utf8))?.upperBound ?? bytes.count
            let count = position == -1 ? head : position == -2 ? bytes.count - 1
                : position == 0.5 ? (head + bytes.count) / 2 : Int(position)
            return [.send(Array(bytes.prefix(min(count, bytes.count - 1)))), number % 4 == 0 ? .reset : .close]
        }
        let (store, folder) = (try await fake.store(), try TemporaryFolder())
        var options = TransferOptions()
        options.partBytes = 64 << 10
        let path = try folder.file(content(100_000))
        for number in 0..<positions.count * 2 {
            try await store.put(content(1000, seed: UInt64(number)), to: "small")
            #expect(try await store.read("small") == content(1000, seed: UInt64(number)))
            try await store.upload(path, to: "large", options: options)
            #expect(fake.bytes("large") == content(100_000))
            #expect(try await store.list().allObjects().map(\.key) == ["large", "small"])
        }
        #expect(fake.state.withLock { $0.uploads.isEmpty })
    }

    /// Within the body of what is sent: at its beginning, in the middle, and before its end.
    @Test(arguments: [1, 70_000, 199_999])
    func `A connection may end while content is sent`(count: Int) async throws {
        let (fake, folder) = (try FakeS3(), try TemporaryFolder())
        // Each second connection breaks.
        let breaking = try ScriptedServer { $0 % 2 == 0 ? [.readHead, .discard(count), .reset] : [.readHead, .discard(200_000), .respond(200, ["ETag: \"x\""])] }
        let store = try await fake.store(variables: ["AWS_ENDPOINT_URL_S3": "http://127.0.0.1:\(breaking.port)"])
        for _ in 0..<3 { try await store.put(content(200_000), to: "a") }
        #expect(breaking.requests.count == 6)
        // To the end, in parts, through what breaks each part once.
        fake.setFault { request, number, _ in FakeS3.name(request) == "PUT part" && number % 2 == 0 ? [.reset] : nil }
        var options = TransferOptions()
        options.partBytes = 64 << 10
        try await fake.store().upload(try folder.file(content(200_000)), to: "b", options: options)
        #expect(fake.bytes("b") == content(200_000))
    }

    /// A server whose bytes move is at work, even if all breaks off in the end.
    @Test func `Attempts that take long are as many as others`() async throws {
        let fake = try FakeS3 { _, number, answer in
            let bytes = answer()
            let start = bytes.count - 200
            return number < 4
                ? [.send(Array(bytes[..<start])), .drip(Array(bytes[start...].dropLast()), chunk: 16, every: .milliseconds(100)), .close]
                : nil
        }
        fake.put(content(200), "a")
        var limits = S3Store.Limits()
        limits.patience = .seconds(1)
        #expect(try await fake.store(limits: limits).read("a") == content(200))
        #expect(fake.names.count == 5)
    }

    enum Listing: CaseIterable { case unsupported, missing, refused }

    @Test(arguments: Listing.allCases, [true, false])
    func `An upload begins again where uploads cannot be listed`(listing: Listing, isLost: Bool) async throws {
        let (fake, folder, notes) = (try FakeS3(), try TemporaryFolder(), try TemporaryFolder())
        fake.setFault { request, number, answer in
            switch FakeS3.name(request) {
            case "POST uploads" where number == 0:
                if isLost { _ = answer() }
                return [isLost ? .reset : .send(FakeS3.failure(503, "SlowDown"))]
            case "GET uploads":
                return switch listing {
                case .unsupported: [.send(FakeS3.failure(501, "NotImplemented"))]
                case .missing: [.send(FakeS3.response(404))]
                case .refused: [.send(FakeS3.response(405))]
                }
            default: return nil
            }
        }
        var options = TransferOptions()
        (options.partBytes, options.journalFolder) = (64 << 10, notes.path)
        try await fake.store().upload(try folder.file(content(100_000)), to: "a", options: options)
        #expect(fake.bytes("a") == content(100_000))
        #expect(try notes.names == [])
    }

    /// A server that has only asked to wait has begun nothing; what has is another machine's.
    @Test func `Nobody else's upload is thrown away after a refusal`() async throws {
        let (fake, folder) = (try FakeS3(), try TemporaryFolder())
        fake.state.withLock { $0.uploads["theirs"] = FakeS3.Upload(key: "a") }
        fake.setFault { request, number, _ in
            FakeS3.name(request) == "POST uploads" && number < 2 ? [.send(FakeS3.failure(503, "SlowDown"))] : nil
        }
        var options = TransferOptions()
        options.partBytes = 64 << 10
        try await fake.store().upload(try folder.file(content(100_000)), to: "a", options: options)
        #expect(fake.state.withLock { Array($0.uploads.keys) } == ["theirs"])
        #expect(!fake.names.contains("DELETE upload"))
    }

    @Test func `A listing of uploads that does not go on ends`() async throws {
        let fake = try FakeS3 { request, _, _ in
            guard FakeS3.name(request) == "GET uploads" else { return nil }
            let markers = "<NextKeyMarker>a</NextKeyMarker><NextUploadIdMarker>1</NextUploadIdMarker>"
            return [.send(FakeS3.document("<R><IsTruncated>true</IsTruncated>\(markers)</R>"))]
        }
        #expect(try await fake.store().unfinishedUploads() == [])
        #expect(fake.names.count == 2)
    }

    @Test func `In the end it is given up`() async throws {
        let fake = try FakeS3 { _, _, _ in [.send(FakeS3.failure(503, "SlowDown"))] }
        let error = try await refusal(.unavailable) { try await fake.store().read("a") }
        #expect(error.description == "s3://bucket/a: the server fails (SlowDown: The message.)")
        #expect(fake.names.count == 5)
    }

    @Test(arguments: [
        ([:], 5), (["AWS_RETRY_MODE": "legacy"], 5), (["AWS_RETRY_MODE": "standard"], 3), (["AWS_RETRY_MODE": "adaptive"], 3),
        (["AWS_MAX_ATTEMPTS": "2"], 2), (["AWS_RETRY_MODE": "standard", "AWS_MAX_ATTEMPTS": "4"], 4),
    ] as [([String: String], Int)])
    func `As often as is set`(variables: [String: String], attempts: Int) async throws {
        let fake = try FakeS3 { _, _, _ in [.send(FakeS3.failure(503, "SlowDown"))] }
        try await refusal(.unavailable) { try await fake.store(variables: variables).read("a") }
        #expect(fake.names.count == attempts)
    }

    /// Otherwise a server that says "later" again and again would keep a thousand files waiting a thousand times.
    @Test(arguments: [true, false])
    func `A server that does nothing for long is asked once for each thing`(answers: Bool) async throws {
        let fake = try FakeS3 { _, _, _ in [answers ? .send(FakeS3.failure(503, "SlowDown", ["Retry-After: 0"])) : .reset] }
        var limits = S3Store.Limits()
        limits.patience = .milliseconds(50)
        let store = try await fake.store(limits: limits)
        let start = ContinuousClock.now
        while ContinuousClock.now - start < .milliseconds(60) { try await refusal(.unavailable) { try await store.read("a") } }
        var before = fake.names.count
        try await refusal(.unavailable) { try await store.read("a") }
        #expect(fake.names.count == before + 1)
        // Once it has done something, it is asked as often as ever.
        fake.setFault { _, _, _ in nil }
        try await store.put([1], to: "a")
        fake.setFault { _, number, _ in number == 0 ? [.send(FakeS3.failure(503, "SlowDown"))] : nil }
        before = fake.names.count
        #expect(try await store.read("a") == [1])
        #expect(fake.names.count == before + 2)
    }

    /// A policy with s3:PutObject and nothing else.
    @Test func `Whether one may write is found out without the permission to abort`() async throws {
        let (fake, notes) = (try FakeS3(), try TemporaryFolder())
        fake.setFault { request, _, _ in request.method == "DELETE" ? [.send(FakeS3.failure(403, "AccessDenied"))] : nil }
        let store = try await fake.store()
        #expect(try await !store.checkWritable("videos/a.mp4", notingIn: notes.path))
        #expect(try await !store.checkWritable("videos/a.mp4"))
        #expect(try notes.names == [] && fake.state.withLock { $0.objects.isEmpty })
        fake.setFault { _, _, _ in nil }
        #expect(try await store.checkWritable("videos/a.mp4", notingIn: notes.path))
        fake.setFault { request, _, _ in request.method == "POST" ? [.send(FakeS3.failure(403, "AccessDenied"))] : nil }
        try await refusal(.accessDenied) { try await store.checkWritable("videos/a.mp4", notingIn: notes.path) }
        #expect(try notes.names == [])
    }

    @Test(arguments: [
        (403, "AccessDenied", StoreError.Kind.accessDenied), (403, "SignatureDoesNotMatch", .credentials),
        (403, "InvalidAccessKeyId", .credentials), (404, "NoSuchBucket", .noStore), (404, "NoSuchKey", .notFound),
        (400, "InvalidArgument", .invalidRequest), (501, "NotImplemented", .unsupported), (400, "KeyTooLongError", .invalidKey),
    ])
    func `What cannot get better is not tried again`(status: Int, code: String, kind: StoreError.Kind) async throws {
        let fake = try FakeS3 { _, _, _ in [.send(FakeS3.failure(status, code))] }
        let error = try await refusal(kind) { try await fake.store().read("a") }
        #expect(error.description.contains(code) && fake.names.count == 1)
    }

    @Test func `Connections are used again`() async throws {
        let fake = try FakeS3()
        // Other tests take the time between two requests.
        let store = try await fake.store { $0.idleSeconds = 60 }
        for number in 0..<20 { try await store.put([1], to: "\(number)") }
        #expect(fake.server.connectionCount == 1)
    }

    // MARK: Content that is not what it should be

    @Test(arguments: CRC.Kind.allCases)
    func `A wrong checksum is noticed and read again`(kind: CRC.Kind) async throws {
        let fake = try FakeS3 { request, number, answer in
            guard request.method == "GET", number == 0 else { return nil }
            var bytes = answer()
            bytes[bytes.count - 1] ^= 1
            return [.send(bytes)]
        }
        fake.state(checksum: kind)
        fake.put(content(1000), "a")
        #expect(try await fake.store().read("a") == content(1000))
        #expect(fake.names == ["GET", "GET"])
    }

    @Test(arguments: [1000, 300_000], CRC.Kind.allCases)
    func `What is always wrong does not become a file`(size: Int, kind: CRC.Kind) async throws {
        let fake = try FakeS3 { request, _, answer in
            guard request.method == "GET" else { return nil }
            var bytes = answer()
            bytes[bytes.count - 1] ^= 1
            return [.send(bytes)]
        }
        fake.state(checksum: kind)
        fake.put(content(size), "a")
        let folder = try TemporaryFolder()
        var options = TransferOptions()
        options.partBytes = 64 << 10
        let store = try await fake.store()
        let error = try await refusal(.corrupted) { try await store.download("a", to: folder.path + "/b", options: options) }
        #expect(error.description.contains("checksum that the server states (\(kind.rawValue))"), "\(error)")
        #expect(try folder.names == [])
    }

    @Test(arguments: [1000, 300_000], CRC.Kind.allCases)
    func `What is right becomes a file, by a sum of the whole or of the parts' sums`(size: Int, kind: CRC.Kind) async throws {
        let (fake, folder) = (try FakeS3(), try TemporaryFolder())
        fake.put(content(size), "a")
        var options = TransferOptions()
        options.partBytes = 64 << 10
        for type in ["FULL_OBJECT", "COMPOSITE"] {
            fake.state(checksum: kind, type: type)
            let info = try await fake.store().download("a", to: folder.path + "/\(type)", options: options)
            #expect(info.checksum?.algorithm == (type == "COMPOSITE" ? nil : kind.rawValue))
            #expect(try folder.bytes(type) == content(size))
        }
    }

    /// Its ETag is of the parts that somebody has sent, and says nothing here.
    @Test(arguments: CRC.Kind.allCases)
    func `Content is known again by its checksum`(kind: CRC.Kind) async throws {
        let (fake, folder) = (try FakeS3(), try TemporaryFolder())
        fake.state(checksum: kind)
        fake.put(content(1000), "a", etag: "0123456789abcdef0123456789abcdef-7")
        let store = try await fake.store()
        let listed = ListedObject(try await store.head("a"))
        let (same, other) = (try folder.file(content(1000)), try folder.file(content(1000, seed: 2), "other"))
        #expect(try await store.holds(listed, contentOf: same, partBytes: 64 << 10) == true)
        #expect(try await store.holds(listed, contentOf: other, partBytes: 64 << 10) == false)
    }

    @Test func `It is not compared where nobody wants it`() async throws {
        let fake = try FakeS3 { request, _, answer in
            var bytes = answer()
            if request.method == "GET" { bytes[bytes.count - 1] ^= 1 }
            return [.send(bytes)]
        }
        fake.put(content(1000), "a")
        let store = try await fake.store(variables: ["AWS_RESPONSE_CHECKSUM_VALIDATION": "when_required"])
        #expect(try await store.read("a").count == 1000)
        #expect(fake.server.requests.allSatisfy { $0["x-amz-checksum-mode"] == nil })
    }

    @Test(arguments: [true, false])
    func `Checksums go up where they are known`(isSupported: Bool) async throws {
        let fake = try FakeS3()
        let store = try await fake.store(
            variables: ["AWS_REQUEST_CHECKSUM_CALCULATION": isSupported ? "when_supported" : ""])
        try await store.put(Array("123456789".utf8), to: "a")
        #expect(fake.server.requests[0]["x-amz-checksum-crc32c"] == (isSupported ? "4waSgw==" : nil))
    }

    @Test func `More than a range is refused`() async throws {
        let fake = try FakeS3 { request, _, _ in
            [.send(FakeS3.response(206, ["ETag: \"e\"", "Content-Range: bytes 0-99/100"], content(100)))]
        }
        try await refusal(.corrupted) { try await fake.store().read("a", range: 0..<10) }
        let whole = try FakeS3 { _, _, _ in [.send(FakeS3.response(200, ["ETag: \"e\""], content(100)))] }
        try await refusal(.corrupted) { try await whole.store().read("a", range: 0..<10) }
    }

    @Test func `A server that ignores conditions is noticed`() async throws {
        let fake = try FakeS3 { _, _, _ in [.send(FakeS3.response(200, ["ETag: \"other\""], [1]))] }
        try await refusal(.preconditionFailed) { try await fake.store().read("a", ifMatch: ETag("mine")) }
    }

    // MARK: An object that changes

    @Test func `An object that changes while it is read is read again`() async throws {
        let fake = try FakeS3()
        fake.setFault { request, number, _ in
            if request.method == "GET", number == 2 { fake.put(content(300_000, seed: 2), "a") }
            return nil
        }
        fake.put(content(300_000), "a")
        let folder = try TemporaryFolder()
        var options = TransferOptions()
        options.partBytes = 64 << 10
        _ = try await fake.store().download("a", to: folder.path + "/b", options: options)
        #expect(try folder.bytes("b") == content(300_000, seed: 2))
        #expect(try folder.names == ["b"])
    }

    @Test func `One that changes again and again is given up`() async throws {
        let fake = try FakeS3()
        fake.setFault { request, number, _ in
            if request.method == "GET" { fake.put(content(300_000, seed: UInt64(number + 10)), "a") }
            return nil
        }
        fake.put(content(300_000), "a")
        let folder = try TemporaryFolder()
        var options = TransferOptions()
        options.partBytes = 64 << 10
        let store = try await fake.store()
        try await refusal(.changed) { try await store.download("a", to: folder.path + "/b", options: options) }
        #expect(try folder.names == [])
    }

    // MARK: Failures after a 200

    @Test func `A 200 that holds a failure is one`() async throws {
        let late = FakeS3.failure(200, "InternalError")
        let fake = try FakeS3 { request, number, _ in
            let mayBeLate = FakeS3.name(request) == "POST upload" || request["x-amz-copy-source"] != nil
            return mayBeLate && number < 2 ? [.send(number == 0 ? late : FakeS3.response(200))] : nil
        }
        let (store, folder) = (try await fake.store(), try TemporaryFolder())
        var options = TransferOptions()
        options.partBytes = 64 << 10
        try await store.upload(try folder.file(content(100_000)), to: "a", options: options)
        #expect(fake.bytes("a") == content(100_000))
        _ = try await store.copy("a", to: "b")
        #expect(fake.bytes("b") == content(100_000))

        fake.setFault { request, _, _ in FakeS3.name(request) == "POST upload" ? [.send(late)] : nil }
        try await refusal(.unavailable) { try await store.upload(folder.path + "/file", to: "c", options: options) }
        #expect(fake.bytes("c") == nil && fake.state.withLock { $0.uploads.isEmpty })
    }

    @Test func `A listing without end is given up`() async throws {
        let fake = try FakeS3 { _, number, _ in
            let end = "<IsTruncated>true</IsTruncated><NextContinuationToken>again</NextContinuationToken>"
            return number > 10 ? [.reset] : [.send(FakeS3.document("<ListBucketResult>\(end)</ListBucketResult>"))]
        }
        let error = try await refusal(.corrupted) { try await fake.store().list().allObjects() }
        #expect(error.description.contains("in circles") && fake.names.count == 2)
    }

    @Test func `Keys that cannot be deleted are told one by one`() async throws {
        let fake = try FakeS3 { request, _, answer in
            guard FakeS3.name(request) == "POST delete" else { return nil }
            _ = answer()
            let errors = ["locked": "AccessDenied", "slow": "SlowDown", "gone": "NoSuchKey"].map {
                "<Error><Key>\($0.key)</Key><Code>\($0.value)</Code><Message>Why.</Message></Error>"
            }
            return [.send(FakeS3.document("<DeleteResult>\(errors.joined())</DeleteResult>"))]
        }
        let failures = try await fake.store().delete(["a", "locked", "slow", "gone", "odd\u{1}key"])
        #expect(failures.map(\.key) == ["locked"] && failures.first?.error.kind == .accessDenied)
        // What documents cannot hold, and what may get better, goes alone.
        #expect(fake.names == ["DELETE", "POST delete", "DELETE"])
    }

    @Test func `An answer that got lost is not a failure`() async throws {
        let fake = try FakeS3 { request, number, answer in
            guard FakeS3.name(request) == "POST upload", number == 0 else { return nil }
            _ = answer()
            return [.reset]
        }
        let folder = try TemporaryFolder()
        var options = TransferOptions()
        options.partBytes = 64 << 10
        let etag = try await fake.store().upload(try folder.file(content(100_000)), to: "a", options: options)
        #expect(etag.text.hasSuffix("-2") && fake.bytes("a") == content(100_000))
    }

    /// Encrypted objects have ETags of which nobody can tell what they are made of.
    @Test func `An answer that got lost is not a failure of an encrypted object either`() async throws {
        let fake = try FakeS3()
        fake.setFault { [weak fake] request, number, answer in
            guard FakeS3.name(request) == "POST upload", number == 0 else { return nil }
            _ = answer()
            fake?.state.withLock { $0.objects["a"]?.etag = "encrypted-2" }
            return [.reset]
        }
        let folder = try TemporaryFolder()
        var options = TransferOptions()
        options.partBytes = 64 << 10
        let etag = try await fake.store().upload(try folder.file(content(100_000)), to: "a", options: options)
        #expect(etag.text == "encrypted-2" && fake.bytes("a") == content(100_000))
    }

    // MARK: What the server teaches

    @Test func `The region is found out and remembered`() async throws {
        let fake = try FakeS3()
        fake.state.withLock { $0.region = "eu-central-1" }
        let store = try await fake.store()
        #expect(try await store.headIfPresent("a") == nil)
        try await store.put([1], to: "a")
        #expect(try await store.read("a") == [1])
        #expect(fake.names == ["HEAD", "HEAD", "PUT", "GET"])
    }

    @Test func `A presigned URL is signed for the bucket's own region`() async throws {
        let fake = try FakeS3()
        fake.state.withLock { $0.region = "eu-central-1" }
        let store = try await fake.store()
        for _ in 0..<2 {
            let address = try await store.presign(.put, "a", expiresSeconds: 60)
            #expect(address.query?.contains("%2Feu-central-1%2Fs3%2Faws4_request") == true)
        }
        // Asked for once, not at all after other requests, and also where looking is not allowed.
        #expect(fake.names == ["HEAD", "HEAD"])
        let other = try FakeS3 { request, _, _ in request.method == "HEAD" ? [.send(FakeS3.response(403))] : nil }
        other.put([1], "a")
        let reading = try await other.store()
        _ = try await reading.read("a")
        _ = try await reading.presign(.get, "a", expiresSeconds: 60)
        _ = try await other.store().presign(.get, "a", expiresSeconds: 60)
        #expect(other.names == ["GET", "HEAD"])
        let gone = try FakeS3 { _, _, _ in [.reset] }
        try await refusal(.unavailable) { try await gone.store().presign(.get, "a", expiresSeconds: 60) }
    }

    @Test(arguments: [301, 307])
    func `A redirect is signed anew`(status: Int) async throws {
        let fake = try FakeS3 { request, _, _ in
            guard request["Authorization"]?.contains("/us-east-1/s3/") == true else { return nil }
            let place = status == 307 ? "Location: https://bucket.s3.eu-west-3.amazonaws.com/a" : "x-amz-bucket-region: eu-west-3"
            return [.send(FakeS3.failure(status, "PermanentRedirect", [place]))]
        }
        fake.put([1], "a")
        #expect(try await fake.store().read("a") == [1])
        #expect(fake.server.requests[1]["Authorization"]?.contains("/eu-west-3/s3/") == true)
    }

    @Test func `A redirect to nowhere does not go round in circles`() async throws {
        let fake = try FakeS3 { _, number, _ in
            [.send(FakeS3.failure(301, "PermanentRedirect", ["x-amz-bucket-region: eu-west-\(number)"]))]
        }
        try await refusal(.other) { try await fake.store().read("a") }
        #expect(fake.names.count == 4)
        let evil = try FakeS3 { _, _, _ in
            [.send(FakeS3.failure(301, "PermanentRedirect", ["x-amz-bucket-region: evil.example/"]))]
        }
        try await refusal(.other) { try await evil.store().read("a") }
        #expect(evil.names.count == 1)
    }

    @Test(arguments: [1200, -1200], ["GET", "HEAD"])
    func `A wrong clock is corrected`(offset: Int, method: String) async throws {
        let fake = try FakeS3 { request, _, _ in
            let date = request["X-Amz-Date"].flatMap { AWSDate(iso8601: $0) } ?? AWSDate(secondsSince1970: 0)
            guard abs(date.seconds(since: .now)) > 900 else { return nil }
            let isMute = request.method == "HEAD"
            return [.send(FakeS3.dated(isMute ? FakeS3.response(403) : FakeS3.failure(403, "RequestTimeTooSkewed")))]
        }
        fake.put([1], "a")
        let store = try await fake.store(clock: AWSClock { AWSDate.now.adding(seconds: offset) })
        if method == "HEAD" { #expect(try await store.head("a").size == 1) }
        #expect(try await store.read("a") == [1])
        #expect(fake.names.count == (method == "HEAD" ? 3 : 2))
    }

    @Test func `Credentials that expire in mid-transfer are renewed`() async throws {
        let given = Mutex(0)
        let source = try ScriptedServer.serving { _ in
            let number = given.withLock { number in
                number += 1
                return number
            }
            return [.respond(body: """
                {"AccessKeyId": "AKID\(number)", "SecretAccessKey": "s", "Token": "token-\(number)",
                 "Expiration": "2999-01-01T00:00:00Z"}
                """)]
        }
        let fake = try FakeS3 { request, number, _ in
            let isOld = FakeS3.name(request) == "PUT part" && number >= 2 && request["X-Amz-Security-Token"] == "token-1"
            return isOld ? [.send(FakeS3.failure(400, "ExpiredToken"))] : nil
        }
        let store = try await fake.store(variables: [
            "AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "",
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:\(source.port)/",
        ])
        let folder = try TemporaryFolder()
        var options = TransferOptions()
        options.partBytes = 64 << 10
        try await store.upload(try folder.file(content(600_000)), to: "a", options: options)
        #expect(fake.bytes("a") == content(600_000))
        #expect(given.withLock { $0 } == 2)
    }

    @Test func `A presigned URL ends with the credentials that signed it`() async throws {
        let end = AWSDate.now.adding(seconds: 3600)
        let source = try ScriptedServer.serving { _ in
            [.respond(body: #"{"AccessKeyId": "A", "SecretAccessKey": "s", "Token": "t", "Expiration": "\#(end)"}"#)]
        }
        let fake = try FakeS3()
        let store = try await fake.store(variables: [
            "AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "",
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:\(source.port)/",
        ])
        let seconds = try #require(try await store.presign(.get, "a", expiresSeconds: 86_400).presignedSeconds)
        #expect(3500...3600 ~= seconds)
        #expect(try await store.presign(.get, "a", expiresSeconds: 60).presignedSeconds == 60)
        // The first of the two asked the server for the bucket's region.
        #expect(fake.names == ["HEAD"])
    }

    @Test func `Certificates are those that the environment names`() async throws {
        let fake = try FakeS3()
        let store = try await fake.store(variables: [
            "AWS_ENDPOINT_URL_S3": "https://127.0.0.1:\(fake.server.port)", "AWS_CA_BUNDLE": "/nowhere.pem",
        ])
        let error = try await refusal(.other) { try await store.read("a") }
        #expect(error.description.contains("/nowhere.pem"))
    }

    // MARK: Secrets

    @Test func `Errors hold no secrets`() async throws {
        let fake = try FakeS3 { _, number, _ in
            guard number == 0 else { return [.reset] }
            return [.send(FakeS3.failure(403, "SignatureDoesNotMatch", extra: "<StringToSign>x</StringToSign>"))]
        }
        let store = try await fake.store(variables: ["AWS_SESSION_TOKEN": "a-token"])
        for _ in 0..<2 {
            do {
                _ = try await store.read("a")
            } catch {
                let text = "\(error) \(String(reflecting: error)) \(dumped(error)) \(dumped(store))"
                for secret in ["a-secret-key", "a-token", "Signature=", "X-Amz-", "StringToSign"] {
                    #expect(!text.contains(secret), "\(secret)")
                }
            }
        }
    }

    @Test func `Where a container's credentials are is no part of an error`() async throws {
        let store = try await FakeS3().store(variables: [
            "AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "",
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:1/v2/credentials/a-secret-path",
        ])
        let error = try await refusal(.credentials) { try await store.read("a") }
        #expect(!error.description.contains("a-secret-path") && error.description.contains("127.0.0.1"))
    }

    private func dumped(_ value: Any) -> String {
        var text = ""
        dump(value, to: &text)
        return text
    }
}
