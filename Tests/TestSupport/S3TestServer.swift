import Foundation

/// A real server that speaks S3, on loopback: started when the first test asks for it, stopped with the process, however that
/// ends.
public final class S3TestServer: Sendable {
    public struct Place: Decodable, Sendable {
        /// "http://127.0.0.1:40123"
        public let endpoint: String
        public let access_key: String
        public let secret_key: String
        /// Below which buckets have hosts of their own; the name resolves nowhere.
        public let domain: String?
    }

    public static let ceph = Result { try S3TestServer("ceph") }
    public static let moto = Result { try S3TestServer("moto", S3TestServer.package(".build/test-python")) }

    public let place: Place
    /// Its end is the sign to stop.
    private let lifeline = Pipe()
    private let process = Process()

    private init(_ arguments: String...) throws {
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = ["-B", S3TestServer.package("Tests/TestSupport/Servers/serve.py")] + arguments
        process.standardInput = lifeline
        process.standardOutput = output
        try process.run()
        var line = Data()
        while !line.contains(UInt8(ascii: "\n")) {
            let more = output.fileHandleForReading.availableData
            guard !more.isEmpty else { throw Failure(description: "the server \(arguments[0]) did not start; see 'make test'") }
            line += more
        }
        place = try JSONDecoder().decode(Place.self, from: line)
    }

    private static func package(_ path: String) -> String {
        var root = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { root.deleteLastPathComponent() }
        return root.appendingPathComponent(path).path
    }

    public struct Failure: Error, CustomStringConvertible { public let description: String }
}
