import AWS
import Foundation
import HTTP
import ObjectStore
import TestSupport
import Testing

/// Buckets in the path and buckets as hosts, on a server that knows both and verifies what is signed.
@Suite(.timeLimit(.minutes(2))) struct VirtualHostTests {
    private func store(_ style: String) async throws -> S3Store {
        let (place, folder) = (try await S3TestServer.ceph.value.place, try TemporaryFolder())
        try folder.write("[default]\ns3 =\n  addressing_style = \(style)\n", "config")
        // curl knows by itself where names below localhost are.
        let address = try HTTPAddress(parsing: place.endpoint)
        let endpoint = "http://\(try #require(place.domain)):\(try #require(address.port))"
        return try await StoreUnderTest.ceph.s3(
            place, variables: ["AWS_ENDPOINT_URL_S3": endpoint, "AWS_CONFIG_FILE": folder.path + "/config"])
    }

    @Test(arguments: ["path", "virtual"])
    func `Everything works with the bucket there`(style: String) async throws {
        let (store, folder, client) = (try await store(style), try TemporaryFolder(), try HTTPClient(.direct))
        let address = try await store.presign(.get, "x", expiresSeconds: 60)
        #expect(address.host == (style == "virtual" ? "burns-test.s3.localhost" : "s3.localhost"))
        #expect(address.path.hasPrefix(style == "virtual" ? "/tests/" : "/burns-test/tests/"))

        let keys = ContractTests.oddKeys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        for key in keys {
            try await store.put(Array(key.utf8), to: key, attributes: ObjectAttributes(metadata: ["name": key.onlyText]))
        }
        for key in keys {
            #expect(try await store.read(key) == Array(key.utf8), "\(key)")
            #expect(try await store.head(key).attributes.metadata == ["name": key.onlyText])
        }
        #expect(try await store.list(Listing(pageSize: 7)).allObjects().map(\.key) == keys)
        _ = try await store.copy(keys[3], to: "copy")
        let put = try await store.presign(.put, "presigned ü+", expiresSeconds: 60)
        #expect(try await client.perform(HTTPRequest(method: "PUT", address: put), sending: .bytes([1])).status == 200)
        let get = try await store.presign(.get, "presigned ü+", expiresSeconds: 60)
        #expect(try await client.perform(HTTPRequest(method: "GET", address: get)).body == [1])

        var options = TransferOptions()
        options.partBytes = 5 << 20
        let path = try folder.file(content(11 << 20))
        _ = try await store.upload(path, to: "large", attributes: ObjectAttributes(), options: options)
        _ = try await store.download("large", to: folder.path + "/back", options: options)
        #expect(try folder.bytes("back") == content(11 << 20))
        #expect(try await store.delete(keys + ["copy", "large", "presigned ü+"]) == [])
        #expect(try await store.list().allObjects() == [])
        #expect(try await store.unfinishedUploads() == [])
    }
}

extension String {
    /// Without what headers cannot have.
    fileprivate var onlyText: String { String(String.UnicodeScalarView(unicodeScalars.filter { $0.value >= 0x20 })) }
}
