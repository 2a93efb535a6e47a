import AWS
import Digest
import HTTP
import XML

/// An object on its way up in parts, which nobody sees until it is complete.
package struct S3Upload: Hashable, Sendable {
    package let key: String
    package let id: String
}

/// A part that has arrived.
struct S3Part: Hashable, Sendable {
    /// From 1.
    let number: Int
    let etag: ETag
    let size: Int64
    var crc32c: CRC?
}

extension S3Store {
    /// S3's own limit.
    static let mostParts = 10_000

    func beginUpload(_ key: String, _ attributes: ObjectAttributes) async throws -> S3Upload {
        try attributes.check()
        var request = S3Request("POST", try whole(key), [("uploads", "")])
        request.headers = attributes.headers(for: key)
        if session.sendsChecksums {
            request.headers["x-amz-checksum-algorithm"] = CRC.Kind.crc32c.rawValue
            request.headers["x-amz-checksum-type"] = "FULL_OBJECT"
        }
        let start = ContinuousClock.now
        request.undoing = { [self] in try await abortUploads(of: key, begunSince: start) }
        let response = try await session.send(request)
        guard let id = try session.document(response, of: request)["UploadId"]?.text, !id.isEmpty else {
            throw StoreError(.corrupted, "\(location.naming(key)): the server gives no id for the upload")
        }
        let upload = S3Upload(key: key, id: id)
        if response.wasSentTwice {
            try await abortingOnFailure(upload) { try await abortUploads(of: key, begunSince: start, except: upload) }
        }
        return upload
    }

    func sendPart(
        _ number: Int, of upload: S3Upload, _ body: HTTPBody, progress: (@Sendable (HTTPProgress) -> Void)?
    ) async throws -> S3Part {
        var request = S3Request("PUT", try whole(upload.key), [("partNumber", String(number)), ("uploadId", upload.id)])
        request.body = body
        request.isContent = true
        request.progress = progress
        let response = try await session.send(request)
        // The server says what it has compared.
        return S3Part(
            number: number, etag: try S3Store.etag(response.headers["ETag"], upload.key), size: body.count,
            crc32c: response.headers[CRC.Kind.crc32c.header].flatMap { CRC(.crc32c, text: $0) })
    }

    func copyPart(_ number: Int, of upload: S3Upload, from source: ObjectInfo, _ range: Range<Int64>) async throws -> S3Part {
        var request = S3Request("PUT", try whole(upload.key), [("partNumber", String(number)), ("uploadId", upload.id)])
        request.headers = try copySource(source)
        request.headers["x-amz-copy-source-range"] = "bytes=\(range.lowerBound)-\(range.upperBound - 1)"
        request.mayFailLate = true
        let root = try await session.document(request)
        return S3Part(number: number, etag: try S3Store.etag(root["ETag"]?.text, upload.key), size: Int64(range.count))
    }

    /// All that have arrived so far.
    func parts(of upload: S3Upload) async throws -> [S3Part] {
        var parts: [S3Part] = []
        var marker: String?
        repeat {
            var query = [(name: "uploadId", value: upload.id)]
            if let marker { query.append((name: "part-number-marker", value: marker)) }
            let root = try await session.document(S3Request("GET", try whole(upload.key), query))
            for part in root.all("Part") {
                guard let number = part["PartNumber"].flatMap({ Int($0.text) }),
                    let size = part["Size"].flatMap({ Int64($0.text) })
                else { continue }
                parts.append(
                    S3Part(
                        number: number, etag: try S3Store.etag(part["ETag"]?.text, upload.key), size: size,
                        crc32c: part["ChecksumCRC32C"].flatMap { CRC(.crc32c, text: $0.text) }))
            }
            let next = root["IsTruncated"]?.text == "true" ? root["NextPartNumberMarker"]?.text : nil
            // What is not listed is sent again.
            marker = next == marker ? nil : next
        } while marker != nil
        return parts
    }

    /// Puts the parts together.
    ///
    /// - Parameter crc: of the whole content, where it is known.
    func complete(
        _ upload: S3Upload, _ parts: [S3Part], crc: CRC?, condition: WriteCondition? = nil
    ) async throws -> ETag {
        let list = parts.map { part in
            let checksum = crc == nil ? nil : part.crc32c.map { "<ChecksumCRC32C>\($0.text)</ChecksumCRC32C>" }
            let etag = "<ETag>\(XMLText.escape(part.etag.quoted))</ETag>"
            return "<Part><PartNumber>\(part.number)</PartNumber>\(etag)\(checksum ?? "")</Part>"
        }
        let document = "<CompleteMultipartUpload xmlns=\"\(S3Store.namespace)\">\(list.joined())</CompleteMultipartUpload>"
        var request = S3Request("POST", try whole(upload.key), [("uploadId", upload.id)], document: document)
        request.mayFailLate = true
        if let crc {
            request.headers[crc.kind.header] = crc.text
            request.headers["x-amz-checksum-type"] = "FULL_OBJECT"
        }
        if let condition { request.headers.merge(condition.headers) }
        do {
            let etag = ETag(try await session.document(request)["ETag"]?.text ?? "")
            // Some servers leave it out.
            return etag.text.isEmpty ? try await head(upload.key).etag : etag
        } catch let error as StoreError where error.kind == .notFound {
            // Perhaps the answer to an earlier attempt got lost, and all is well.
            guard let found = try await headIfPresent(upload.key), found.size == parts.reduce(0, { $0 + $1.size }),
                found.etag == ETag(ofParts: parts.map(\.etag)) || crc != nil && found.checksum?.crc == crc
            else { throw error }
            return found.etag
        }
    }

    /// Throws away what has arrived. One that is gone is no error.
    package func abort(_ upload: S3Upload) async throws {
        do {
            _ = try await session.send(S3Request("DELETE", try whole(upload.key), [("uploadId", upload.id)]))
        } catch let error as StoreError where error.kind == .notFound {}
    }

    private static func etag(_ text: String?, _ key: String) throws(StoreError) -> ETag {
        guard let text, !text.isEmpty else { throw StoreError(.corrupted, "\(key): the server gives no ETag for a part") }
        return ETag(text)
    }
}

extension ETag {
    /// What S3 makes of the parts' own: the MD5 of their MD5s, and their number.
    init?(ofParts parts: [ETag]) {
        var bytes: [UInt8] = []
        for part in parts {
            guard let digest = Hexadecimal.decode(part.text), digest.count == 16 else { return nil }
            bytes += digest
        }
        self.init("\(Hexadecimal.encode(MD5.digest(of: bytes)))-\(parts.count)")
    }
}
