import AWS
import Digest
import HTTP
import XML

/// One of a bucket's settings: a document of its own, replaced as a whole.
package struct BucketSetting: Hashable, Sendable {
    /// In the address: "lifecycle".
    let query: String
    /// The document's.
    let root: String

    package static let lifecycle = BucketSetting(query: "lifecycle", root: "LifecycleConfiguration")
    package static let cors = BucketSetting(query: "cors", root: "CORSConfiguration")
    package static let versioning = BucketSetting(query: "versioning", root: "VersioningConfiguration")
    package static let encryption = BucketSetting(query: "encryption", root: "ServerSideEncryptionConfiguration")
    package static let publicAccessBlock = BucketSetting(query: "publicAccessBlock", root: "PublicAccessBlockConfiguration")
}

/// What one of a bucket's settings holds.
package struct BucketSettingValue: Sendable {
    package var elements: [XMLElement]
    /// What goes with the document as headers, and is reset by a document that comes without.
    fileprivate let headers: HTTPHeaders
}

extension S3Store {
    /// Said of lifecycle rules, beside their document: how small objects may be that go to other storage classes.
    private static let attachedHeaders = ["x-amz-transition-default-minimum-object-size"]

    /// The region where the bucket is, as far as requests have shown.
    package var region: String { session.endpoint.region }

    /// The time by which the server dates objects: its own, as its last answer said, or else this machine's.
    package var now: AWSDate { session.serverNow }

    /// Whether there is the bucket, for these credentials.
    ///
    /// - Throws: `accessDenied` where it is another's.
    package func bucketExists() async throws -> Bool {
        do {
            _ = try await session.send(S3Request("HEAD", nil))
            return true
        } catch let error as StoreError where [.notFound, .noStore].contains(error.kind) {
            return false
        }
    }

    /// What a setting's document holds; `nil`: there is none.
    ///
    /// - Throws: `unsupported` where the server does not know such a setting.
    package func setting(_ setting: BucketSetting) async throws -> BucketSettingValue? {
        do {
            let request = S3Request("GET", nil, [(setting.query, "")])
            let response = try await session.send(request)
            let root = try session.document(response, of: request)
            // A server that does not know the word lists the bucket instead. Ceph 16 answers to publicAccessBlock in words of its
            // own; once that is set, it denies every write.
            let isOwn = setting == .publicAccessBlock && root.name != setting.root
            guard root.name != "ListBucketResult", !isOwn else {
                throw StoreError(.unsupported, "\(location): the server does not know the setting \(setting.query)")
            }
            var headers = HTTPHeaders()
            for name in S3Store.attachedHeaders { headers[name] = response.headers[name] }
            return BucketSettingValue(elements: root.children, headers: headers)
        } catch let error as StoreError where error.kind == .notFound {
            return nil
        }
    }

    /// Replaces all that the setting's document holds.
    ///
    /// - Parameter found: what was there.
    package func set(_ setting: BucketSetting, _ elements: [XMLElement], inPlaceOf found: BucketSettingValue?) async throws {
        let content = elements.map(\.document).joined()
        let document = "<\(setting.root) xmlns=\"\(S3Store.namespace)\">\(content)</\(setting.root)>"
        var request = S3Request("PUT", nil, [(setting.query, "")], document: document)
        request.headers["Content-MD5"] = Base64.encode(MD5.digest(of: Array(document.utf8)))
        if let found { request.headers.merge(found.headers) }
        _ = try await session.send(request)
    }

    /// Where an object is, for whoever may read it: without a signature.
    package func address(of key: String) throws(StoreError) -> HTTPAddress {
        session.endpoint.address(try whole(key), query: [])
    }

    /// Whether the server is AWS's own.
    package var isAWS: Bool { session.endpoint.isAWS }
}
