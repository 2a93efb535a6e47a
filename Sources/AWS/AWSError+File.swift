import Files
import Glibc

extension AWSError {
    /// The content of a file of settings or tokens; `nil` where there is none. Longer ones than `maximumBytes` are refused.
    static func content(of path: String, maximumBytes: Int = 4 << 20) throws(AWSError) -> [UInt8]? {
        let bytes: [UInt8]
        do {
            bytes = try SmallFile.read(path, upTo: maximumBytes + 1)
        } catch {
            if [ENOENT, ENOTDIR, EISDIR].contains(error.errno) { return nil }
            throw AWSError(.configuration, error.description)
        }
        guard bytes.count <= maximumBytes else {
            throw AWSError(.configuration, "\(path) cannot be used: it is longer than \(maximumBytes) bytes")
        }
        return bytes
    }
}
