import Files
import Glibc
import JSON
import Library
import Media
import ObjectStore
import Resampling

/// Looks at everything a render relies on.
public enum Doctor {
    /// - Parameter store: the store that is named, or why that cannot be one; `nil`: none is.
    /// - Throws: `RenderError` when cancelled.
    public static func examine(
        store: Result<StoreLocation, StoreError>?, _ settings: StoreSettings, cancellation: Cancellation
    ) throws -> [Finding] {
        let machine = [kernels(), VulkanFindings.all(), encoders(), memory(), cache()].flatMap { $0 }
        let (found, bucket) = self.store(store)
        let access = try cancellation.wait { await StoreCheck(bucket, settings).run() }
        try cancellation.check()
        return machine + found + access
    }

    public static func document(_ findings: [Finding]) -> JSON {
        .array(
            findings.map {
                ["topic": .string($0.topic), "state": .string($0.state.rawValue), "text": .string($0.text)]
            })
    }

    private static func kernels() -> [Finding] {
        do {
            let asked = try Environment.instructionSet() == nil ? "" : "as BURNS_CPU asks, "
            let all = InstructionSet.available.map(\.rawValue).joined(separator: ", ")
            let text = "\(InstructionSet.best) is used, \(asked)of \(all); \(Machine.coreCount) cores"
            return [Finding(topic: "CPU kernels", state: .works, text: text)]
        } catch {
            return [Finding(topic: "CPU kernels", state: .broken, text: "\(error)")]
        }
    }

    private static func encoders() -> [Finding] {
        let all = availableVideoEncoders()
        let names = all.map(\.name)
        let common = ["libx264", "libx265", "libsvtav1"].map { name in
            names.contains(name)
                ? Finding(topic: "encoder \(name)", state: .works, text: all.first { $0.name == name }?.longName ?? "")
                : Finding(
                    topic: "encoder \(name)", state: name == "libx264" ? .broken : .absent,
                    text: "not in this libavcodec; install one that has it (Debian: libavcodec59 or libavcodec-extra59)")
        }
        let others = all.filter { !["libx264", "libx265", "libsvtav1"].contains($0.name) }
            .map { $0.isHardware ? $0.name + " (needs its device)" : $0.name }
        return common + [Finding(topic: "other encoders", state: .works, text: "in this libavcodec, not each of them tried: " + others.joined(separator: ", "))]
    }

    private static func memory() -> [Finding] {
        let free = min(sysconf(Int32(_SC_AVPHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE)), Machine.memoryBytes)
        return [Finding(topic: "memory", state: .works, text: "\(Machine.memoryBytes >> 20) MiB, \(free >> 20) MiB of it unused")]
    }

    private static func cache() -> [Finding] {
        guard let folder = ChunkCache.defaultFolder() else {
            return [Finding(topic: "cache", state: .broken, text: "no place for it: set HOME or BURNS_CACHE")]
        }
        do {
            let cache = try ChunkCache(folder: folder)
            let probe = try StagedFile(for: cache.folder + "/probe")
            withExtendedLifetime(probe) {}
            return [Finding(topic: "cache", state: .works, text: "\(folder)\(freeSpace(folder))")]
        } catch {
            return [Finding(topic: "cache", state: .broken, text: "\(error); set BURNS_CACHE to a folder that can be written")]
        }
    }

    /// What is to be said of the store here, or the bucket that it is.
    private static func store(_ named: Result<StoreLocation, StoreError>?) -> (findings: [Finding], bucket: StoreLocation?) {
        do {
            switch try named?.get() {
            case nil:
                let text = "none named; projects are looked for as folders (--store or BURNS_STORE names one)"
                return ([Finding(topic: "store", state: .absent, text: text)], nil)
            case .folder(let path)?:
                let store = try FolderStore(root: path)
                guard access(store.root + "/projects", R_OK | X_OK) == 0 else {
                    return ([Finding(topic: "store", state: .broken, text: "\(store.root) has no folder projects in it")], nil)
                }
                return ([Finding(topic: "store", state: .works, text: store.root + freeSpace(store.root))], nil)
            case let location?: return ([], location)
            }
        } catch {
            return ([Finding(topic: "store", state: .broken, text: "\(error)")], nil)
        }
    }

    private static func freeSpace(_ path: String) -> String {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return "" }
        return ", \(Int((Double(status.f_bavail) * Double(status.f_frsize) / 1e6).rounded())) MB free"
    }
}
