import AWS
import Foundation
import HTTP
import JSON
import ObjectStore
import ProjectImport
import TestSupport
import Testing

/// A project's data beside files, a store, and what an import of the one into the other did.
struct ImportFixture {
    let folder: TemporaryFolder
    let store: any ObjectStore
    private let storeFolder: TemporaryFolder?

    init(_ kind: Kind = .folder) async throws {
        folder = try TemporaryFolder()
        switch kind {
        case .folder:
            let own = try TemporaryFolder()
            (storeFolder, store) = (own, try FolderStore(root: own.path))
        case .moto:
            let place = try await S3TestServer.moto.value.place
            let environment = AWSEnvironment(
                [
                    "AWS_ENDPOINT_URL_S3": place.endpoint, "AWS_ACCESS_KEY_ID": place.access_key,
                    "AWS_SECRET_ACCESS_KEY": place.secret_key, "AWS_REGION": "us-east-1",
                ], homeFolder: nil)
            var network = HTTPClient.Configuration()
            network.usesProxy = false
            let s3 = try await S3Store(
                .s3(bucket: "burns-test", prefix: "import/\(UUID().uuidString)/"),
                configuration: try AWSConfiguration(environment: environment), network: network)
            try await s3.createBucket()
            (storeFolder, store) = (nil, s3)
        }
    }

    enum Kind: String, CaseIterable, CustomTestStringConvertible {
        case folder, moto
        var testDescription: String { rawValue }
    }

    /// The date of the first import; later ones are told theirs.
    static let date = AWSDate(secondsSince1970: 1_733_063_422)  // 2024-12-01 14:30:22

    @discardableResult
    func run(
        _ data: JSON, id: String = "p", at date: AWSDate = ImportFixture.date, _ change: (inout ImportOptions) -> Void = { _ in }
    ) async throws -> ImportReport {
        try folder.write(data.serialized(), "data.json")
        var options = ImportOptions.forTests
        change(&options)
        let data = try ImportData(path: folder.path + "/data.json", projectID: id, hasNarration: options.narration != nil)
        return try await ProjectImport(data, into: store, options: options, at: date).run()
    }

    func manifest(_ id: String = "p") async throws -> JSON {
        try JSON(parsing: try await store.read("projects/\(id)/manifest.json"))
    }

    func keys(_ prefix: String = "") async throws -> [String] {
        try await store.list(Listing(prefix: prefix)).allObjects().map(\.key)
    }
}

extension ImportOptions {
    /// Loopback's first address is the world, the others are private as ever; nobody waits long.
    static var forTests: ImportOptions {
        var options = ImportOptions()
        if let world = PeerAddress.Range("127.0.0.1") { options.addressGuard = HTTPClient.Guard(allowing: [world]) }
        options.courtesy.gap = .zero
        options.retry.base = .milliseconds(1)
        return options
    }
}

/// A project of one segment for each list of pictures.
func project(_ segments: [[JSON]], audio: JSON = .null) -> JSON {
    [
        "audio_file": audio, "word_count": 7,
        "segments": .array(
            segments.enumerated().map { number, pictures in
                [
                    "id": .integer(Int64(number)), "start_time": .integer(Int64(number * 2)),
                    "end_time": .number(Double(number * 2) + 1.5), "image_queries": ["fallback query"],
                    "generated_images": .array(pictures),
                ]
            }),
    ]
}

func picture(_ url: String, query: String? = "Modern smartphone", provider: String? = "unsplash") -> JSON {
    ["url": .string(url), "query": query.map(JSON.string) ?? .null, "provider": provider.map(JSON.string) ?? .null, "width": 1]
}

/// A picture of 6 × 4 pixels, each seed another one.
func pictureBytes(_ seed: Int = 0) -> [UInt8] {
    bitmap(width: 6, height: 4) { x, y in (UInt8(truncatingIfNeeded: seed * 16 + x), UInt8(truncatingIfNeeded: y * 40), 9) }
}

/// A second of silence: 8 kHz, 16 bit, mono.
func soundBytes() -> [UInt8] {
    func little(_ value: Int, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
    let format = little(16, 4) + little(1, 2) + little(1, 2) + little(8000, 4) + little(16000, 4) + little(2, 2) + little(16, 2)
    return Array("RIFF".utf8) + little(36 + 16000, 4) + Array("WAVEfmt ".utf8) + format + Array("data".utf8) + little(16000, 4)
        + [UInt8](repeating: 0, count: 16000)
}

extension ScriptedServer {
    func url(_ path: String, host: String = "127.0.0.1") -> String { "http://\(host):\(port)\(path)" }

    /// A host of pictures: `/N` is picture N, sent as what its sender takes it for.
    static func pictures() throws -> ScriptedServer {
        try .serving { request in
            let seed = Int(request.target.drop { $0 != "/" }.dropFirst().prefix { $0.isNumber }) ?? 0
            return reply(pictureBytes(seed))
        }
    }

    static func reply(_ bytes: [UInt8], type: String = "image/jpeg") -> [Step] {
        [.send("HTTP/1.1 200 OK\r\nContent-Type: \(type)\r\nContent-Length: \(bytes.count)\r\n\r\n"), .send(bytes)]
    }
}

extension JSON {
    var text: String? { if case .string(let text) = self { text } else { nil } }
    var elements: [JSON] { if case .array(let elements) = self { elements } else { [] } }
    var count: Int { elements.count }
    subscript(_ place: Int) -> JSON { elements.indices.contains(place) ? elements[place] : .null }
}
