import Digest
import Files

extension S3Store {
    /// Tells without reading the object. That cannot be of encrypted objects, or parts of an unusual size, without a checksum.
    public func holds(_ object: ListedObject, contentOf path: String, partBytes: Int64) async throws -> Bool? {
        let file = try LocalFile(path)
        guard object.size == file.size else { return false }
        let own = try file.etag(like: object.etag, partBytes: partBytes)
        if own == object.etag { return true }
        let found = try await headWithDigest(object.key)
        // It was listed some time ago.
        guard found.info.etag == object.etag else { return false }
        guard session.verifiesChecksums, let stated = found.info.checksum?.crc else { return found.md5 == nil ? nil : false }
        var crc = CRC(stated.kind)
        try file.read(0..<file.size) { crc.update($0) }
        return crc == stated
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
    func etag(like other: ETag, partBytes: Int64) throws -> ETag? {
        let words = other.text.split(separator: "-")
        guard let first = words.first, first.utf8.count == 32 else { return nil }
        if words.count == 1 { return ETag(Hexadecimal.encode(try md5())) }
        guard words.count == 2, let count = Int(words[1]) else { return nil }
        let own = PartPlan(size: size, partBytes: partBytes)
        let others = LocalFile.usualPartMebibytes.map { PartPlan(size: size, leastPartBytes: $0 << 20) }.filter { $0 != own }
        // One part is the same whatever the length.
        for plan in count == 1 ? [own] : [own] + others where plan.count == count {
            let found = ETag(ofParts: try (1...count).map { ETag(Hexadecimal.encode(try md5(plan.range($0)))) })
            if found == other { return found }
        }
        return nil
    }

    /// - Parameter range: `nil`: of all.
    func md5(_ range: Range<Int64>? = nil) throws -> [UInt8] {
        var digest = MD5()
        try read(range ?? 0..<size) { digest.update($0) }
        return digest.finishBytes()
    }

    fileprivate func read(_ range: Range<Int64>, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        guard try readBlocks(of: descriptor, range, path: path, body) == range.count else {
            throw StoreError(.changed, "\(path) changed while it was read")
        }
    }
}
