import Digest
import Files
import Glibc
import HTTP
import Synchronization

extension S3Store {
    public func download(_ key: String, to path: String, options: TransferOptions) async throws -> ObjectInfo {
        var attempt = 1
        var doubted: CRC?
        while true {
            do {
                let content = try await headWithDigest(key)
                let info = content.info
                return info.size > options.partBytes
                    ? try await downloadInRanges(content, to: path, options, doubted: doubted)
                    : try await downloadAtOnce(key, info.etag, info.size, to: path, options)
            } catch let doubt as DoubtfulContent {
                guard attempt == 1 else { throw doubt.error }
                doubted = doubt.sum
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

    /// What has come is not what the object should be, or nobody can tell.
    private struct DoubtfulContent: Error {
        /// Where nobody can tell. What comes twice is the object.
        let sum: CRC?
        let error: StoreError
    }

    /// - Parameter doubted: what came before.
    private func downloadInRanges(
        _ content: S3Content, to path: String, _ options: TransferOptions, doubted: CRC?
    ) async throws -> ObjectInfo {
        let info = content.info
        let plan = PartPlan(size: info.size, partBytes: options.partBytes)
        let stated = session.verifiesContent ? info.checksum?.crc : nil
        let kind = stated?.kind ?? .crc32c
        let file = try PartialFile(for: path, of: info, plan, kind)
        let meter = TransferMeter(total: info.size, report: options.progress)
        do {
            let checksums = try await inParallel(options.parallel, 1...plan.count) { number in
                try await downloadRange(number, plan.range(number), of: info, kind, to: file, meter)
            }
            var sum = CRC(kind)
            for (number, crc) in zip(1..., checksums) { sum.append(crc, byteCount: plan.range(number).count) }
            if let stated {
                guard sum == stated else {
                    throw DoubtfulContent(sum: nil, error: .corrupted(location.naming(info.key), kind))
                }
            } else if session.verifiesContent, sum != doubted {
                try await compare(try file.content(), sum, with: content, options.partBytes)
            }
            try file.commit(flushing: !options.isOneOfMany) { try options.arrived?($0, info.etag) }
            return info
        } catch let error
            where error is DoubtfulContent || error is StoreSync.EditedMeanwhile
            || S3Store.makesUseless((error as? StoreError)?.kind)
        {
            file.remove()
            throw error
        }
    }

    /// Goes on with what there is of a range, of earlier runs and of requests that broke off.
    private func downloadRange(
        _ number: Int, _ range: Range<Int64>, of info: ObjectInfo, _ kind: CRC.Kind, to file: PartialFile, _ meter: TransferMeter
    ) async throws -> CRC {
        let there = Mutex(try file.beginning(of: number))
        while true {
            let beginning = there.withLock { $0 }
            @Sendable func note(_ next: CRC, _ count: Int) throws {
                let longer = beginning.followed(by: next, count)
                try file.note(number, longer)
                there.withLock { $0 = longer }
            }
            let rest = range.lowerBound + Int64(beginning.count)..<range.upperBound
            guard !rest.isEmpty else {
                meter.finish(number, Int64(range.count))
                return beginning.crc
            }
            @Sendable func hasMoved() -> Bool { there.withLock { $0.count } > beginning.count }
            do {
                let next = try await fetch(
                    info.key, range: rest, ifMatch: info.etag, into: .file(descriptor: file.descriptor, offset: rest.lowerBound),
                    kind: kind, progress: meter.gauge(number, \.received, after: Int64(beginning.count)), each: note,
                    goesOnOtherwise: hasMoved
                ).crc
                try note(next, rest.count)
            } catch let error as StoreError where error.kind == .unavailable && hasMoved() {}
        }
    }

    /// Whether nothing of what has come will be of use.
    private static func makesUseless(_ kind: StoreError.Kind?) -> Bool {
        kind == .preconditionFailed || kind == .corrupted || kind == .notFound
    }

    /// Where the ETag is all that tells.
    private func compare(_ file: LocalFile, _ sum: CRC, with content: S3Content, _ partBytes: Int64) async throws {
        let etag = content.info.etag
        if try await file.etag(like: etag, partBytes: partBytes) == etag { return }
        let isSame = try await isSame(file, inPartsOf: content)
        // Where no usual parts are so many, it is of unusual ones.
        guard isSame != true, isSame == false || content.hasDigest && file.mayBe(etag, partBytes: partBytes) else { return }
        throw DoubtfulContent(
            sum: isSame == nil ? sum : nil,
            error: StoreError(
                .corrupted, "\(location.naming(content.info.key)): the content is not what the server's ETag says (\(etag))"))
    }
}
