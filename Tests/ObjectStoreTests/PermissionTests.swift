import AWS
import Library
import ObjectStore
import TestSupport
import Testing

/// What works without the permissions that it does not need.
@Suite(.timeLimit(.minutes(1))) struct PermissionTests {
    /// One may read, and may not list.
    private func bucket() throws -> FakeS3 {
        let fake = try FakeS3()
        fake.setFault { [weak fake] request, _, _ in
            let isThere = fake?.bytes(FakeS3.key(request)) != nil
            // S3 does not say of what is not there that it is not.
            return isThere ? nil : [.send(request.method == "HEAD" ? FakeS3.response(403) : FakeS3.failure(403, "AccessDenied"))]
        }
        return fake
    }

    @Test func `What the manifest names is pulled, as far as it is there`() async throws {
        let (fake, folder) = (try bucket(), try TemporaryFolder())
        let pictures = [
            #"{"path": "gone.jpg", "s3_key": "elsewhere/a.jpg"}"#, #"{"path": "images/b.jpg"}"#, #"{"path": "images/gone.jpg"}"#,
        ].joined(separator: ",")
        let manifest = #"{"segments": [{"start": 0, "end": 5, "generated_images": [\#(pictures)]}]}"#
        fake.put(Array(manifest.utf8), "projects/p/manifest.json")
        fake.put([1], "elsewhere/a.jpg")
        fake.put([2], "projects/p/images/b.jpg")
        let mirror = try ProjectMirror(of: try await fake.store(), in: folder.path, caches: false)
        _ = try await mirror.pull(project: "p")
        let pulled = try FolderStore(root: mirror.root)
        #expect(
            try await pulled.list().allObjects().map(\.key)
                == ["elsewhere/a.jpg", "projects/p/images/b.jpg", "projects/p/manifest.json"])
        #expect(mirror.hasDenials)
    }

    @Test func `Doctor needs no permission but to write, and says what is missing`() async throws {
        let fake = try FakeS3()
        var settings = StoreSettings()
        settings.endpoint = "http://127.0.0.1:\(fake.server.port)"
        settings.environment = AWSEnvironment(["AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": "hush"], homeFolder: nil)
        let rows: [(denied: String, state: Finding.State, words: String)] = [
            ("none", .works, "s3://bucket can be written"),
            ("DELETE upload", .works, "these credentials lack s3:AbortMultipartUpload"),
            ("POST uploads", .broken, "these credentials need s3:PutObject"),
        ]
        for row in rows {
            fake.setFault { request, _, _ in
                FakeS3.name(request) == row.denied ? [.send(FakeS3.failure(403, "AccessDenied"))] : nil
            }
            let findings = await StoreCheck(.s3(bucket: "bucket", prefix: ""), settings).run()
            let writing = try #require(findings.first { $0.topic == "store, writing" })
            #expect(writing.state == row.state && writing.text.contains(row.words), "\(writing)")
            #expect(findings.allSatisfy { !$0.text.contains("hush") })
        }
        #expect(fake.state.withLock { $0.objects.isEmpty })
    }

    @Test func `A manifest that is not there may be one that is denied`() async throws {
        let (fake, folder) = (try bucket(), try TemporaryFolder())
        let mirror = try ProjectMirror(of: try await fake.store(), in: folder.path, caches: false)
        let error = try await #require(throws: LibraryError.self) { try await mirror.pull(project: "p") }
        #expect(error.description.contains("s3://bucket/projects/p/manifest.json: access is denied"), "\(error)")
        #expect(error.description.contains("without s3:ListBucket, this is also what S3 says of an object that is not there"))
    }

    @Test func `What is denied says what would allow it`() async throws {
        let (fake, folder) = (try FakeS3 { _, _, _ in [.send(FakeS3.failure(403, "AccessDenied"))] }, try TemporaryFolder())
        let store = try await fake.store()
        var options = TransferOptions()
        options.partBytes = 1
        let path = try folder.file([1, 2])
        let rows: [(String, () async throws -> Any)] = [
            ("s3:GetObject", { try await store.read("a") }), ("s3:GetObject", { try await store.head("a") }),
            ("s3:PutObject", { try await store.put([1], to: "a") }), ("s3:DeleteObject", { try await store.delete("a") }),
            ("s3:DeleteObject", { try await store.delete(["a", "b"]) }), ("s3:ListBucket", { try await store.list().allObjects() }),
            ("s3:PutObject", { [options] in try await store.upload(path, to: "a", options: options) }),
            ("s3:GetObjectTagging", { try await store.tags(of: "a") }),
            ("s3:ListBucketMultipartUploads", { try await store.unfinishedUploads() }),
        ]
        for (permission, request) in rows {
            let error = try await refusal(.accessDenied) { try await request() }
            #expect(error.description.contains("these credentials need \(permission) ("), "\(error)")
        }
    }
}
