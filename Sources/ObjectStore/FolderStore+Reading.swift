import Files
import Glibc
import HTTP

extension FolderStore {
    public func head(_ key: String) async throws -> ObjectInfo { try FolderObject(key, in: self).info() }

    public func get(
        _ key: String, range: Range<Int64>?, ifMatch etag: ETag?, into destination: ObjectDestination
    ) async throws -> ObjectContent {
        let object = try FolderObject(key, in: self)
        if let etag, etag != object.etag { throw StoreError.another(key, than: etag) }
        let part = try range.map { range throws(StoreError) in try range.clipped(to: object.size, key: key) } ?? 0..<object.size
        var content = ObjectContent(info: try object.info(), range: part, bytes: [])
        switch destination {
        case .bytes(let limit):
            guard part.count <= limit else {
                throw StoreError(.tooLarge, "\(key) is \(part.count) bytes long, more than the \(limit) allowed")
            }
            content.bytes.reserveCapacity(part.count)
            try object.read(part) { content.bytes += $0 }
        case .file(let descriptor, let offset):
            try object.copy(part, to: descriptor, at: offset)
        }
        return content
    }

    public func download(_ key: String, to path: String, options: TransferOptions) async throws -> ObjectInfo {
        let object = try FolderObject(key, in: self)
        do {
            let staged = try StagedFile(for: path, sweeps: !options.isOneOfMany)
            try object.copy(0..<object.size, to: staged.descriptor, at: 0)
            try options.arrived?(staged.descriptor, object.etag)
            try staged.commit(flushing: !options.isOneOfMany)
        } catch let error as FileError {
            throw StoreError(.file, error.description)
        }
        options.progress?(TransferProgress(done: object.size, total: object.size))
        return try object.info()
    }

    public func tags(of key: String) async throws -> [String: String] {
        try FolderObject(key, in: self).attributes().tags
    }

    public func presign(_ method: PresignedMethod, _ key: String, expiresSeconds: Int) async throws -> HTTPAddress {
        throw StoreError(.unsupported, "\(key) cannot have a presigned URL: the store \(root) is a folder")
    }
}

extension FolderObject {
    fileprivate func copy(_ range: Range<Int64>, to descriptor: Int32, at offset: Int64) throws {
        var place = offset
        try read(range) {
            try writeBlock($0, to: descriptor, at: place, path: key)
            place += Int64($0.count)
        }
    }
}

extension Range<Int64> {
    /// The part of an asked range that an object has.
    func clipped(to size: Int64, key: String) throws(StoreError) -> Range<Int64> {
        guard lowerBound >= 0, !isEmpty else { throw StoreError(.invalidRange, "\(key): the bytes \(self) are no range") }
        guard lowerBound < size else {
            throw StoreError(.invalidRange, "\(key) has \(size) bytes, and the range asked for begins at \(lowerBound)")
        }
        return lowerBound..<Swift.min(upperBound, size)
    }
}
