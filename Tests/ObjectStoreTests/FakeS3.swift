import AWS
import Digest
import Foundation
import HTTP
import ObjectStore
import Synchronization
import TestSupport

/// A bucket in memory behind a scripted server: it does what is right, except where a test says otherwise.
final class FakeS3: Sendable {
    typealias Request = ScriptedServer.Request

    struct Object: Sendable {
        var bytes: [UInt8]
        var etag: String
        var headers: [String] = []
        /// What is said of each, in bytes; `nil`: nothing.
        var parts: [Int]?
        var modifiedAt = AWSDate(secondsSince1970: 1_700_000_000)
    }

    struct Upload: Sendable {
        let key: String
        var begunAt = AWSDate.now
        var headers: [String] = []
        var parts: [Int: [UInt8]] = [:]
    }

    struct State: Sendable {
        var objects: [String: Object] = [:]
        var uploads: [String: Upload] = [:]
        /// Signed for this region; `nil`: any will do.
        var region: String?
        var count = 0
        /// What is stated of objects.
        var checksum: CRC.Kind? = .crc32c
        var checksumType = "FULL_OBJECT"
        /// As some servers do with conditions of writes.
        var ignoresConditions = false
    }

    /// What happens to a request instead.
    ///
    /// - Parameters:
    ///   - number: of this request among those that `name` names alike, from 0.
    ///   - answer: does what is asked, and gives the bytes of the response. Called or not.
    typealias Fault = @Sendable (_ request: Request, _ number: Int, _ answer: () -> [UInt8]) -> [ScriptedServer.Step]?

    let state = Mutex(State())
    private let seen = Mutex<[String: Int]>([:])
    private let fault: Mutex<Fault>
    private let box = Mutex<ScriptedServer?>(nil)
    var server: ScriptedServer { box.withLock { $0! } }

    init(_ fault: @escaping Fault = { _, _, _ in nil }) throws {
        self.fault = Mutex(fault)
        let server = try ScriptedServer.serving { [weak self] request in
            guard let self else { return [.close] }
            let name = FakeS3.name(request)
            let number = seen.withLock { seen in
                defer { seen[name, default: 0] += 1 }
                return seen[name, default: 0]
            }
            let fault = self.fault.withLock { $0 }
            return fault(request, number) { self.answer(request) } ?? [.send(answer(request))]
        }
        box.withLock { $0 = server }
    }

    func setFault(_ fault: @escaping Fault) {
        self.fault.withLock { $0 = fault }
        seen.withLock { $0 = [:] }
    }

    /// "GET", "PUT part", "POST uploads" …: what the same faults may befall.
    static func name(_ request: Request) -> String {
        let query = parameters(request)
        let kinds = [
            ("partNumber", " part"), ("uploads", " uploads"), ("uploadId", " upload"), ("list-type", " list"),
            ("delete", " delete"),
        ]
        return request.method + (kinds.first { query[$0.0] != nil }?.1 ?? "")
    }

    var names: [String] { server.requests.map(FakeS3.name) }

    /// - Parameter change: of the client's network.
    func store(
        variables: [String: String] = [:], clock: AWSClock = AWSClock(), retry: RetryPolicy = .quick,
        limits: S3Store.Limits = S3Store.Limits(), network change: (inout HTTPClient.Configuration) -> Void = { _ in }
    ) async throws -> S3Store {
        var network = HTTPClient.Configuration.direct
        change(&network)
        let all = [
            "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:\(server.port)", "AWS_ACCESS_KEY_ID": "AKIDTEST",
            "AWS_SECRET_ACCESS_KEY": "a-secret-key", "AWS_REGION": "us-east-1",
            "AWS_REQUEST_CHECKSUM_CALCULATION": "when_supported",
        ].merging(variables) { $1 }
        return try await S3Store(
            .s3(bucket: "bucket", prefix: ""),
            configuration: AWSConfiguration(environment: AWSEnvironment(all.filter { !$0.value.isEmpty }, homeFolder: nil)),
            network: network, retry: retry, clock: clock, limits: limits)
    }

    /// As somebody has sent it, in parts of these lengths.
    ///
    /// - Parameter telling: whether the server says where one ends.
    func put(_ bytes: [UInt8], _ key: String, parts: [Int], telling: Bool) {
        var (start, digests) = (0, [UInt8]())
        for length in parts {
            digests += MD5.digest(of: Array(bytes[start..<start + length]))
            start += length
        }
        let etag = "\(FakeS3.md5(digests))-\(parts.count)"
        state.withLock { $0.objects[key] = Object(bytes: bytes, etag: etag, parts: telling ? parts : nil) }
    }

    func put(
        _ bytes: [UInt8], _ key: String, etag: String? = nil, at date: AWSDate = AWSDate(secondsSince1970: 1_700_000_000)
    ) {
        state.withLock { $0.objects[key] = Object(bytes: bytes, etag: etag ?? FakeS3.md5(bytes), modifiedAt: date) }
    }

    /// A response with a `Date`, as every server but this one sends it.
    static func dated(_ response: [UInt8], _ date: AWSDate = .now) -> [UInt8] {
        let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let parts = date.description.split { "-T:Z".contains($0) }.map(String.init)
        let day = "\(parts[2]) \(names[(Int(parts[1]) ?? 1) - 1]) \(parts[0]) \(parts[3]):\(parts[4]):\(parts[5])"
        let end = response.firstIndex(of: UInt8(ascii: "\n")) ?? 0
        return response[...end] + Array("Date: Mon, \(day) GMT\r\n".utf8) + response[(end + 1)...]
    }

    func state(checksum: CRC.Kind?, type: String = "FULL_OBJECT") {
        state.withLock { ($0.checksum, $0.checksumType) = (checksum, type) }
    }

    func bytes(_ key: String) -> [UInt8]? { state.withLock { $0.objects[key]?.bytes } }

    // MARK: Answers

    static func failure(_ status: Int, _ code: String, _ headers: [String] = [], extra: String = "") -> [UInt8] {
        let error = "<Error><Code>\(code)</Code><Message>The message.</Message>\(extra)</Error>"
        return document("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + error, status, headers)
    }

    static func document(_ text: String, _ status: Int = 200, _ headers: [String] = []) -> [UInt8] {
        response(status, headers, Array(text.utf8))
    }

    static func response(_ status: Int, _ headers: [String] = [], _ body: [UInt8] = []) -> [UInt8] {
        let lines = ["HTTP/1.1 \(status) Status"] + headers + ["Content-Length: \(body.count)", "", ""]
        return Array(lines.joined(separator: "\r\n").utf8) + body
    }

    private static func md5(_ bytes: [UInt8]) -> String { Hexadecimal.encode(MD5.digest(of: bytes)) }

    static func crc(_ bytes: [UInt8], _ kind: CRC.Kind = .crc32c) -> String {
        var crc = CRC(kind)
        crc.update(bytes)
        return Base64.encode(crc.bytes)
    }

    static func parameters(_ request: Request) -> [String: String] {
        guard let mark = request.target.firstIndex(of: "?") else { return [:] }
        var result: [String: String] = [:]
        for part in request.target[request.target.index(after: mark)...].split(separator: "&") {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            result[pair[0]] = (pair.count > 1 ? pair[1] : "").removingPercentEncoding
        }
        return result
    }

    static func key(_ request: Request) -> String {
        let path = request.target.split(separator: "?", omittingEmptySubsequences: false)[0]
        return String(path.dropFirst("/bucket".count).drop { $0 == "/" }).removingPercentEncoding ?? ""
    }

    private func answer(_ request: Request) -> [UInt8] {
        state.withLock { state in
            let scope = request["Authorization"]?.split(separator: "/") ?? []
            if let region = state.region, scope.count < 3 || scope[2] != region {
                return request.method == "HEAD"
                    ? FakeS3.response(400, ["x-amz-bucket-region: \(region)"])
                    : FakeS3.failure(400, "AuthorizationHeaderMalformed", extra: "<Region>\(region)</Region>")
            }
            let (key, query) = (FakeS3.key(request), FakeS3.parameters(request))
            switch FakeS3.name(request) {
            case "GET", "HEAD", "HEAD part": return FakeS3.get(request, key, state)
            case "PUT":
                if let source = request["x-amz-copy-source"]?.removingPercentEncoding {
                    guard let object = state.objects[String(source.dropFirst("/bucket/".count))] else {
                        return FakeS3.failure(404, "NoSuchKey")
                    }
                    state.objects[key] = object
                    return FakeS3.document("<CopyObjectResult><ETag>\"\(object.etag)\"</ETag></CopyObjectResult>")
                }
                if let stated = request["x-amz-checksum-crc32c"], stated != FakeS3.crc(request.body) {
                    return FakeS3.failure(400, "BadDigest")
                }
                if let refusal = FakeS3.refusal(request, key, state) { return refusal }
                let etag = FakeS3.md5(request.body)
                state.objects[key] = Object(bytes: request.body, etag: etag, modifiedAt: .now)
                return FakeS3.response(200, ["ETag: \"\(etag)\""])
            case "DELETE":
                state.objects[key] = nil
                return FakeS3.response(204)
            case "POST uploads":
                state.count += 1
                let id = "upload-\(state.count)"
                state.uploads[id] = Upload(key: key)
                return FakeS3.document("<R><UploadId>\(id)</UploadId></R>")
            case "PUT part":
                guard state.uploads[query["uploadId"] ?? ""] != nil, let number = Int(query["partNumber"] ?? "") else {
                    return FakeS3.failure(404, "NoSuchUpload")
                }
                state.uploads[query["uploadId"] ?? ""]?.parts[number] = request.body
                let crc = FakeS3.crc(request.body)
                return FakeS3.response(200, ["ETag: \"\(FakeS3.md5(request.body))\"", "x-amz-checksum-crc32c: \(crc)"])
            case "GET upload":
                guard let upload = state.uploads[query["uploadId"] ?? ""] else { return FakeS3.failure(404, "NoSuchUpload") }
                let parts = upload.parts.sorted { $0.key < $1.key }.map {
                    let etag = "<ETag>\(FakeS3.md5($0.value))</ETag>"
                    return "<Part><PartNumber>\($0.key)</PartNumber>\(etag)<Size>\($0.value.count)</Size></Part>"
                }
                return FakeS3.document("<R><IsTruncated>false</IsTruncated>\(parts.joined())</R>")
            case "POST upload": return FakeS3.complete(request, query["uploadId"] ?? "", &state)
            case "DELETE upload":
                return state.uploads.removeValue(forKey: query["uploadId"] ?? "") == nil
                    ? FakeS3.failure(404, "NoSuchUpload") : FakeS3.response(204)
            case "GET uploads":
                let uploads = state.uploads.map {
                    let begun = "<Initiated>\($0.value.begunAt)</Initiated>"
                    return "<Upload><Key>\($0.value.key)</Key><UploadId>\($0.key)</UploadId>\(begun)</Upload>"
                }
                return FakeS3.document("<R><IsTruncated>false</IsTruncated>\(uploads.joined())</R>")
            case "GET list": return FakeS3.list(query, state)
            case "POST delete":
                let keys = request.bodyText.split(separator: "<Key>").dropFirst().map { String($0.prefix { $0 != "<" }) }
                for key in keys { state.objects[key] = nil }
                return FakeS3.document("<DeleteResult/>")
            default: return FakeS3.failure(501, "NotImplemented")
            }
        }
    }

    /// Where a write's condition does not hold.
    private static func refusal(_ request: Request, _ key: String, _ state: State) -> [UInt8]? {
        guard !state.ignoresConditions else { return nil }
        let object = state.objects[key]
        if request["If-None-Match"] == "*", object != nil { return failure(412, "PreconditionFailed") }
        guard let wanted = request["If-Match"] else { return nil }
        guard let object else { return failure(404, "NoSuchKey") }
        return wanted == "\"\(object.etag)\"" ? nil : failure(412, "PreconditionFailed")
    }

    private static func get(_ request: Request, _ key: String, _ state: State) -> [UInt8] {
        guard let object = state.objects[key] else { return request.method == "HEAD" ? response(404) : failure(404, "NoSuchKey") }
        if let wanted = request["If-Match"], wanted != "\"\(object.etag)\"" { return failure(412, "PreconditionFailed") }
        var headers = ["ETag: \"\(object.etag)\"", "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT"]
        if request["x-amz-checksum-mode"] != nil, let kind = state.checksum {
            // Of several parts, it is that of their sums, and has their number behind it.
            let isComposite = state.checksumType == "COMPOSITE"
            let sum = crc(isComposite ? [1, 2, 3] : object.bytes, kind) + (isComposite ? "-3" : "")
            headers += ["x-amz-checksum-\(kind.rawValue.lowercased()): \(sum)"]
            headers += ["x-amz-checksum-type: \(state.checksumType)"]
        }
        if let number = parameters(request)["partNumber"].flatMap({ Int($0) }), let parts = object.parts {
            guard number <= parts.count else { return response(416) }
            let start = parts.prefix(number - 1).reduce(0, +)
            let range = "Content-Range: bytes \(start)-\(start + parts[number - 1] - 1)/\(object.bytes.count)"
            let lines = ["HTTP/1.1 206 Partial", "Content-Length: \(parts[number - 1])", range] + headers + ["", ""]
            return Array(lines.joined(separator: "\r\n").utf8)
        }
        if request.method == "HEAD" {
            let lines = ["HTTP/1.1 200 OK", "Content-Length: \(object.bytes.count)"] + headers + ["", ""]
            return Array(lines.joined(separator: "\r\n").utf8)
        }
        guard let range = request["Range"] else { return response(200, headers, object.bytes) }
        let ends = range.dropFirst("bytes=".count).split(separator: "-").compactMap { Int($0) }
        guard ends[0] < object.bytes.count else { return failure(416, "InvalidRange") }
        let last = min(ends[1], object.bytes.count - 1)
        headers.append("Content-Range: bytes \(ends[0])-\(last)/\(object.bytes.count)")
        return response(206, headers, Array(object.bytes[ends[0]...last]))
    }

    private static func complete(_ request: Request, _ id: String, _ state: inout State) -> [UInt8] {
        guard let upload = state.uploads[id] else { return failure(404, "NoSuchUpload") }
        if let refusal = refusal(request, upload.key, state) { return refusal }
        let parts = upload.parts.sorted { $0.key < $1.key }.map(\.value)
        let bytes = Array(parts.joined())
        if let stated = request["x-amz-checksum-crc32c"], stated != crc(bytes) { return failure(400, "BadDigest") }
        let etag = "\(md5(parts.flatMap { MD5.digest(of: $0) }))-\(parts.count)"
        state.objects[upload.key] = Object(bytes: bytes, etag: etag, modifiedAt: .now)
        state.uploads[id] = nil
        return document("<CompleteMultipartUploadResult><ETag>\"\(etag)\"</ETag></CompleteMultipartUploadResult>")
    }

    private static func list(_ query: [String: String], _ state: State) -> [UInt8] {
        let size = Int(query["max-keys"] ?? "") ?? 1000
        let (prefix, token) = (query["prefix"] ?? "", query["continuation-token"] ?? "")
        let keys = state.objects.keys.filter { $0.hasPrefix(prefix) && $0 > token }.sorted()
        let objects = keys.prefix(size).map {
            let object = state.objects[$0]
            let size = "<Size>\(object?.bytes.count ?? 0)</Size>"
            let date = "<LastModified>\(object.map { "\($0.modifiedAt)" } ?? "")</LastModified>"
            return "<Contents><Key>\($0)</Key>\(size)\(date)<ETag>\(object?.etag ?? "")</ETag></Contents>"
        }
        let next = keys.count > size ? "<NextContinuationToken>\(keys[size - 1])</NextContinuationToken>" : ""
        let isTruncated = "<IsTruncated>\(keys.count > size)</IsTruncated>"
        return document("<ListBucketResult>\(objects.joined())\(isTruncated)\(next)</ListBucketResult>")
    }
}
