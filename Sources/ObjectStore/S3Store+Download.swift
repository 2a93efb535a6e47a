import Digest
import Files
import Glibc
import HTTP

extension S3Store {
    public func download(_ key: String, to path: String, options: TransferOptions) async throws -> ObjectInfo {
        var attempt = 1
        while true {
            do {
                let info = try await head(key)
                return info.size > options.partBytes
                    ? try await downloadInRanges(info, to: path, options)
                    : try await downloadAtOnce(key, info.etag, info.size, to: path, options)
            } catch let error as StoreError where error.kind == .preconditionFailed {
                // It became another one meanwhile; that one is as good, once.
                guard attempt == 1 else {
                    throw StoreError(.changed, "\(location.naming(key)) changes again and again while it is read")
                }
            } catch let error as FileError {
                throw StoreError(.file, error.description)
            }
            attempt += 1
        }
    }

    private func downloadAtOnce(
        _ key: String, _ etag: ETag, _ size: Int64, to path: String, _ options: TransferOptions
    ) async throws -> ObjectInfo {
        let staged = try StagedFile(for: path, sweeps: !options.isOneOfMany)
        let meter = TransferMeter(total: size, report: options.progress)
        let (content, _) = try await fetch(
            key, range: nil, ifMatch: etag, into: .file(descriptor: staged.descriptor, offset: 0),
            progress: meter.gauge(1, \.received))
        // An attempt that failed may have written more than the last one.
        ftruncate(staged.descriptor, off_t(content.info.size))
        try options.arrived?(staged.descriptor, content.info.etag)
        try staged.commit(flushing: !options.isOneOfMany)
        meter.finish(1, content.info.size)
        return content.info
    }

    /// Without asking once more for what a listing has said.
    public func download(_ object: ListedObject, to path: String, options: TransferOptions) async throws -> ObjectInfo {
        guard object.size <= options.partBytes, !object.etag.text.isEmpty else {
            return try await download(object.key, to: path, options: options)
        }
        do {
            return try await downloadAtOnce(object.key, object.etag, object.size, to: path, options)
        } catch let error as StoreError where error.kind == .preconditionFailed {
            return try await download(object.key, to: path, options: options)
        } catch let error as FileError {
            throw StoreError(.file, error.description)
        }
    }

    private func downloadInRanges(_ info: ObjectInfo, to path: String, _ options: TransferOptions) async throws -> ObjectInfo {
        let plan = PartPlan(size: info.size, partBytes: options.partBytes)
        let stated = session.verifiesChecksums ? info.checksum?.crc : nil
        let kind = stated?.kind ?? .crc32c
        let file = try PartialFile(for: path, of: info, plan, kind)
        let meter = TransferMeter(total: info.size, report: options.progress)
        do {
            let checksums = try await inParallel(options.parallel, 1...plan.count) { number in
                let range = plan.range(number)
                let crc: CRC
                if let known = try file.verified(number) {
                    crc = known
                } else {
                    crc = try await fetch(
                        info.key, range: range, ifMatch: info.etag,
                        into: .file(descriptor: file.descriptor, offset: range.lowerBound), kind: kind,
                        progress: meter.gauge(number, \.received)
                    ).crc
                    try file.note(number, crc)
                }
                meter.finish(number, Int64(range.count))
                return crc
            }
            if let stated {
                var whole = CRC(kind)
                for (number, crc) in zip(1..., checksums) { whole.append(crc, byteCount: plan.range(number).count) }
                guard whole == stated else { throw StoreError.corrupted(location.naming(info.key), kind) }
            }
            try file.commit(flushing: !options.isOneOfMany) { try options.arrived?($0, info.etag) }
            return info
        } catch let error as StoreError where [.preconditionFailed, .corrupted, .notFound].contains(error.kind) {
            // Nothing of it will be of use.
            file.remove()
            throw error
        }
    }
}
