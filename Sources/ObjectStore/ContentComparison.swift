import Digest
import Files

extension S3Store {
    /// Tells without reading the object. That cannot be of encrypted objects without a checksum, or of parts of an unusual size
    /// where the server does not tell it.
    public func holds(_ object: ListedObject, contentOf path: String, partBytes: Int64) async throws -> Bool? {
        let file = try LocalFile(path)
        guard object.size == file.size else { return false }
        let own = try await file.etag(like: object.etag, partBytes: partBytes)
        if own == object.etag { return true }
        let found = try await headWithDigest(object.key)
        // It was listed some time ago.
        guard found.info.etag == object.etag else { return false }
        guard session.verifiesContent, let stated = found.info.checksum?.crc else {
            return try await isSame(file, inPartsOf: found)
        }
        var crc = CRC(stated.kind)
        try file.read(0..<file.size) { crc.update($0) }
        return crc == stated
    }

    /// Compares a file of the same size with what the ETag says, in the parts that the server tells of.
    ///
    /// - Returns: `nil`: it tells of none, or the ETag is no digest.
    func isSame(_ file: LocalFile, inPartsOf object: S3Content) async throws -> Bool? {
        guard object.hasDigest, let count = object.info.etag.partCount else { return nil }
        guard count > 0 else { return try file.md5() == object.info.etag }
        guard let parts = try await parts(of: object.info, count) else { return nil }
        return ETag(ofParts: try await file.md5s(parts)) == object.info.etag
    }

    /// The ranges in which an object was sent; `nil` where the server does not tell.
    private func parts(of object: ObjectInfo, _ count: Int) async throws -> [Range<Int64>]? {
        guard count <= S3Store.mostParts, let first = try await part(1, of: object) else { return nil }
        let parts = try await inParallel(8, 2..<max(2, count + 1)) { try await part($0, of: object) }
        let ranges = [first] + parts.compactMap { $0 }
        let isWhole = ranges.count == count && ranges.last?.upperBound == object.size
            && zip(ranges, ranges.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound }
        return isWhole ? ranges : nil
    }

    private func part(_ number: Int, of object: ObjectInfo) async throws -> Range<Int64>? {
        var request = S3Request("HEAD", try whole(object.key), [("partNumber", String(number))])
        request.headers["If-Match"] = object.etag.quoted
        do {
            let response = try await session.send(request)
            // Whoever does not know of parts speaks of the whole object.
            return response.status == 206 ? try S3Content(response, key: object.key).range : nil
        } catch let error as StoreError
            where [.invalidRequest, .invalidRange, .unsupported, .preconditionFailed, .notFound].contains(error.kind)
        {
            return nil
        }
    }
}

extension ETag {
    /// Of how many parts it is made, 0 where it is of the whole; `nil`: it is something else.
    fileprivate var partCount: Int? {
        let words = text.split(separator: "-", omittingEmptySubsequences: false)
        guard let first = words.first, first.utf8.count == 32, words.count <= 2 else { return nil }
        return words.count == 1 ? 0 : Int(words[1]).flatMap { $0 > 0 ? $0 : nil }
    }
}

extension FolderStore {
    /// Reads both.
    public func holds(_ object: ListedObject, contentOf path: String, partBytes: Int64) async throws -> Bool? {
        let (file, own) = (try LocalFile(path), try FolderObject(object.key, in: self))
        guard own.size == file.size else { return false }
        var a = SHA256()
        var b = SHA256()
        try file.read(0..<file.size) { a.update($0) }
        try own.read(0..<own.size) { b.update($0) }
        return a.finish() == b.finish()
    }
}

extension LocalFile {
    /// Of the parts that widespread clients send: rclone, the AWS CLI and SDKs, s3cmd, MinIO's, and others' settings.
    private static let usualPartMebibytes: [Int64] = [5, 8, 10, 15, 16, 32, 64, 128]

    /// What S3 would call this file, had it been sent as the object with that ETag was: as one, or in parts of a usual length.
    /// `nil`: in no such parts is it that object.
    func etag(like other: ETag, partBytes: Int64) async throws -> ETag? {
        guard let count = other.partCount else { return nil }
        if count == 0 { return try md5() }
        for plan in plans(count, partBytes) {
            let found = ETag(ofParts: try await md5s((1...count).map(plan.range)))
            if found == other { return found }
        }
        return nil
    }

    /// Whether a file of this size comes in so many parts of a usual length.
    func mayBe(_ etag: ETag, partBytes: Int64) -> Bool { etag.partCount.map { !plans($0, partBytes).isEmpty } ?? false }

    /// Of so many parts.
    private func plans(_ count: Int, _ partBytes: Int64) -> [PartPlan] {
        let own = PartPlan(size: size, partBytes: partBytes)
        let others = LocalFile.usualPartMebibytes.map { PartPlan(size: size, leastPartBytes: $0 << 20) }.filter { $0 != own }
        let plans = ([own] + others).filter { $0.count == count }
        // One part is the same whatever the length.
        return count == 1 ? Array(plans.prefix(1)) : plans
    }

    /// What S3 would call it, had it been sent as one.
    ///
    /// - Parameter range: `nil`: of all.
    func md5(_ range: Range<Int64>? = nil) throws -> ETag {
        var digest = MD5()
        try read(range ?? 0..<size) { digest.update($0) }
        return ETag(Hexadecimal.encode(digest.finishBytes()))
    }

    /// What S3 would call its parts. Those of one length are read side by side, on as many cores as there are.
    fileprivate func md5s(_ ranges: [Range<Int64>]) async throws -> [ETag] {
        let laneCount = MD5.laneCount
        let groups = Dictionary(grouping: ranges.indices, by: { ranges[$0].count }).values.flatMap { numbers in
            stride(from: 0, to: numbers.count, by: laneCount).map { Array(numbers[$0..<min(numbers.count, $0 + laneCount)]) }
        }
        let digests = try await inParallel(groups.count, groups) { [self] numbers in
            try md5s(numbers.map { ranges[$0] }, laneCount)
        }
        let etags = Dictionary(uniqueKeysWithValues: zip(groups.joined(), digests.joined()))
        return ranges.indices.compactMap { etags[$0] }
    }

    /// - Parameter ranges: of one length.
    private func md5s(_ ranges: [Range<Int64>], _ laneCount: Int) throws -> [ETag] {
        let length = Int64(ranges.first?.count ?? 0)
        return try MD5.digests(count: ranges.count, length: length, laneCount: laneCount) { message, offset, buffer in
            try Task.checkCancellation()
            let start = ranges[message].lowerBound + offset
            let count = try readBlock(of: descriptor, at: start, into: buffer, path: path)
            guard count == buffer.count else { throw changed }
        }.map { ETag(Hexadecimal.encode($0)) }
    }

    fileprivate func read(_ range: Range<Int64>, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        guard try readBlocks(of: descriptor, range, path: path, body) == range.count else { throw changed }
    }

    private var changed: StoreError { StoreError(.changed, "\(path) changed while it was read") }
}
