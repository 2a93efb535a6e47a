import Digest
import Files
import HTTP

extension S3Store {
    public func upload(
        _ path: String, to key: String, attributes: ObjectAttributes, options: TransferOptions
    ) async throws -> ETag {
        let file = try LocalFile(path)
        guard file.size > options.partBytes else {
            let meter = TransferMeter(total: file.size, report: options.progress)
            if let leaving = options.leaving { try leaving(try file.md5()) }
            let etag = try await put(
                file.body, to: key, attributes: attributes, condition: options.condition, looksFirst: options.looksFirst,
                progress: meter.gauge(1, \.sent))
            meter.finish(1, file.size)
            try file.checkUnchanged()
            return etag
        }
        return try await uploadInParts(file, to: key, attributes, options)
    }

    private func uploadInParts(
        _ file: LocalFile, to key: String, _ attributes: ObjectAttributes, _ options: TransferOptions
    ) async throws -> ETag {
        let plan = PartPlan(size: file.size, partBytes: options.partBytes)
        let journal = try options.journalFolder.flatMap {
            let content = "\(options.contentName ?? file.identity.text) \(plan.partBytes)"
            return try UploadJournal(try place(of: key), in: $0, content: content)
        }
        let earlier = try await resume(journal, key)
        let upload = if let earlier { earlier.upload } else { try await beginUpload(key, attributes, journal) }
        return try await abortingOnFailure(upload, journal: journal) {
            let meter = TransferMeter(total: file.size, report: options.progress)
            let parts = try await inParallel(options.parallel, 1...plan.count) { number in
                let part = try await part(number, of: upload, file, plan, earlier?.parts[number], meter)
                meter.finish(number, part.size)
                return part
            }
            try file.checkUnchanged()
            try ETag(ofParts: parts.map(\.etag)).map { try options.leaving?($0) }
            let etag = try await keeping(options.condition, key, isInParts: true) { condition in
                try await complete(upload, parts, crc: S3Store.checksum(of: parts), condition: condition)
            }
            journal?.remove()
            return etag
        }
    }

    /// Sends a part, unless it is there from an earlier run.
    private func part(
        _ number: Int, of upload: S3Upload, _ file: LocalFile, _ plan: PartPlan, _ arrived: S3Part?, _ meter: TransferMeter
    ) async throws -> S3Part {
        let range = plan.range(number)
        let body = HTTPBody.file(descriptor: file.descriptor, offset: range.lowerBound, count: Int64(range.count))
        if var arrived, arrived.size == range.count {
            let crc = session.sendsChecksums ? try S3Payload(of: body, isSecure: true, with: .crc32c).crc32c : nil
            let isSame = if let stated = arrived.crc32c, let crc { stated == crc } else { try file.md5(range) == arrived.etag }
            arrived.crc32c = crc
            if isSame { return arrived }
        }
        return try await sendPart(number, of: upload, body, progress: meter.gauge(number, \.sent))
    }

    /// What an earlier run left that was killed. Where the server does not say, or not to us, it starts again, and lifecycle
    /// rules tidy up.
    private func resume(_ journal: UploadJournal?, _ key: String) async throws -> (upload: S3Upload, parts: [Int: S3Part])? {
        guard let entry = journal?.entry else { return nil }
        do {
            guard let id = entry.uploadID, entry.isOfThisContent else {
                try await abort(entry, key)
                return nil
            }
            let upload = S3Upload(key: key, id: id)
            return (upload, Dictionary(try await parts(of: upload).map { ($0.number, $0) }, uniquingKeysWith: { $1 }))
        } catch let error as StoreError where [.notFound, .accessDenied, .invalidRequest, .unsupported].contains(error.kind) {
            return nil
        }
    }

    /// Of the whole, from that of each part; `nil` where a part has none.
    private static func checksum(of parts: [S3Part]) -> CRC? {
        var whole = CRC(.crc32c)
        for part in parts {
            guard let crc = part.crc32c else { return nil }
            whole.append(crc, byteCount: Int(part.size))
        }
        return whole
    }
}
