import Foundation
import TestSupport
import Testing

/// Projects in buckets, from the command line, against servers that speak S3.
@Suite struct StoreCommandTests {
    struct Listed: Decodable { let id: String; let objects, bytes: Int; let has_manifest: Bool }
    struct Head: Decodable { let ContentType: String; let Metadata: [String: String]; let ContentLength: Int }

    @Test(arguments: Server.allCases)
    func `A project goes up, becomes a film there, and comes down again`(server: Server) async throws {
        let bucket = try await BucketFixture(server)
        let sandbox = bucket.sandbox
        let project = try ProjectFixture.make(in: sandbox)
        try Files.write("an editor's", project + "/.swap")
        let pushed = try bucket.burns("push", project)
        #expect(pushed.status == 0 && pushed.error.contains("4 files"), "\(pushed.error)")
        #expect(try bucket.keys == ["images/0.jpg", "images/1.jpg", "images/2.jpg", "manifest.json"].map { "projects/p/" + $0 })
        #expect(try bucket.burns("push", project).error.contains("0 files of 0 bytes, 4 unchanged"))

        let listed = try JSONDecoder().decode([Listed].self, from: Data(try bucket.burns("ls", "--json").out.utf8))
        #expect(listed.count == 1 && listed.first?.id == "p" && listed.first?.objects == 4 && listed.first?.has_manifest == true)
        #expect(try bucket.burns("ls", "p").out.split(separator: "\n").count == 4)

        let film = "videos/p_final_video.mp4"
        let rendered = try bucket.render(bucket.url + "/projects/p")
        #expect(rendered.status == 0, "\(rendered.error)")
        let report = try rendered.report()
        #expect(report.output?.path == "\(bucket.url)/\(film)" && report.chunks.cached == 0 && report.pictures.decoded == 3)
        #expect(rendered.error.contains("\(bucket.url)/\(film) <\(bucket.place.endpoint)/\(bucket.name)/\(film)>"))
        let head = try bucket.ask(Head.self, "s3.head_object(Bucket=bucket, Key='\(film)')")
        #expect(head.ContentType == "video/mp4" && head.ContentLength == report.output?.bytes)
        #expect(head.Metadata["project-id"] == "p" && head.Metadata["sha256"] == report.output?.sha256)

        // Whoever has the URL has the film, without credentials.
        let shared = try bucket.burns("share", film, "--expires", "5m")
        #expect(shared.status == 0 && shared.error.isEmpty && shared.out.contains("X-Amz-Expires=300"))
        let copy = sandbox.output + "/copy.mp4"
        _ = try tool("curl", "-sSf", "--noproxy", "*", "-o", copy, String(shared.out.dropLast()))
        #expect(try tool("sha256sum", copy).hasPrefix(report.output?.sha256 ?? "-"))

        // By its id, all from the cache; after a change, what it touches.
        let again = try bucket.render("p").report()
        #expect(again.chunks.cached == again.chunks.total && again.output?.sha256 == report.output?.sha256)
        try ProjectFixture.replace("1.jpg", in: project, with: "5.jpg")
        #expect(try bucket.burns("push", project).error.contains("1 file of"))
        let changed = try bucket.render("p").report()
        #expect(changed.chunks.cached < changed.chunks.total && changed.output?.sha256 != report.output?.sha256)

        let hashes = try bucket.burns(["frames", "p", "--hash", "--size", "160x90", "--fps", "4"])
        #expect(try hashes.out == sandbox.burns("frames", project, "--hash", "--size", "160x90", "--fps", "4").out)
        #expect(try bucket.burns("validate", "p").status == 0)

        let pulled = try bucket.burns("pull", "p", sandbox.output + "/down")
        #expect(pulled.status == 0, "\(pulled.error)")
        unlink(project + "/.swap")
        #expect(try tool("diff", "-r", project, sandbox.output + "/down").isEmpty)
        // Its keys are those of the store, and its files are here.
        let local = try sandbox.start([Burns.path, "validate", sandbox.output + "/down"]).wait()
        #expect(local.status == 0, "\(local.error)")
        #expect(try bucket.burns("push", sandbox.output + "/down", "--project", "copy").status == 0)
        _ = try bucket.ask([String: AnyValue].self, "s3.delete_object(Bucket=bucket, Key='projects/p/images/0.jpg')")
        #expect(try bucket.burns("validate", "copy").status == 0)
        #expect(try bucket.burns("validate", "p").status == 1)
        #expect(sandbox.leftovers.isEmpty)
        #expect(try Files.list(sandbox.cache).filter { !$0.hasSuffix(".mp4") && !$0.hasSuffix(".object") } == [])
    }

    @Test(arguments: Server.allCases)
    func `A film goes to where -o says`(server: Server) async throws {
        let bucket = try await BucketFixture(server)
        let project = try ProjectFixture.make(in: bucket.sandbox)
        // From a folder, into a key of its own, with its subtitles.
        let named = bucket.url + "/films/the film.mp4"
        let done = try bucket.sandbox.start(
            [Burns.path, "render", project, "-o", named, "--captions", "sidecar"] + BucketFixture.small,
            environment: bucket.place.environment()).wait()
        #expect(done.status == 0, "\(done.error)")
        let output = try #require(try done.report().output)
        #expect(output.path == named && done.error.contains("<\(bucket.place.endpoint)/\(bucket.name)/films/the%20film.mp4>"))
        #expect(try bucket.keys == ["films/the film.mp4", "films/the film.srt", "films/the film.vtt"])
        let head = try bucket.ask(Head.self, "s3.head_object(Bucket=bucket, Key='films/the film.mp4')")
        #expect(head.ContentType == "video/mp4" && head.ContentLength == output.bytes && head.Metadata["sha256"] == output.sha256)
        #expect(try Files.list(bucket.sandbox.output).isEmpty && bucket.sandbox.leftovers.isEmpty)

        // A store, and from a bucket.
        #expect(try bucket.burns("push", project).status == 0)
        #expect(try bucket.render(project, "-o", bucket.url + "/more/").report().output?.sha256 == output.sha256)
        #expect(try bucket.render("p", "-o", bucket.url + "/other.m4v").report().output?.sha256 == output.sha256)
        let keys = try bucket.keys
        #expect(keys.contains("more/videos/p_final_video.mp4") && keys.contains("other.m4v"))

        // Before any work is done.
        for (output, words) in [
            (bucket.url + "/film.mov", "films are MP4"), (bucket.url + "-gone/film.mp4", "no such bucket"),
            ("s3://X/film.mp4", "is not a bucket"), ("http://a.example/film.mp4", "is not there"),
        ] {
            let refused = try bucket.render("p", "-o", output, "--no-cache")
            #expect(refused.status == 1 && refused.isOneSentence && refused.error.contains(words), "\(refused.error)")
        }
        #expect(try bucket.keys == keys && bucket.sandbox.leftovers.isEmpty)
    }

    /// Its film would become another project's.
    @Test func `A folder is not taken for the project that its name is the id of`() throws {
        let sandbox = try Sandbox()
        let (store, here) = (sandbox.root + "/store", sandbox.root + "/here")
        func write(_ path: String, _ id: String) throws {
            try Files.makeFolder((path as NSString).deletingLastPathComponent)
            try Files.write(#"{"project_id": "\#(id)", "segments": [{"start": 0, "end": 1, "generated_images": ["a.jpg"]}]}"#, path)
        }
        for id in ["a", "b", "c"] { try write("\(store)/projects/\(id)/manifest.json", id) }
        try write(here + "/a/manifest.json", "victim")
        try write(here + "/b/manifest.json", "b")
        try Files.makeFolder(here + "/c")
        let rows = [
            ("a", "a may be the folder here, which is the project victim, or \(store)/projects/a; say ./a"),
            ("./a", "\(here)/a/manifest.json"), ("b", "\(here)/b/manifest.json"), ("c", "\(store)/projects/c/manifest.json"),
        ]
        for (name, words) in rows {
            let done = try sandbox.burns("validate", name, "--store", store, folder: here)
            #expect(done.status == 1 && (done.out + done.error).contains(words), "\(name): \(done.out)\(done.error)")
        }
    }

    @Test func `What is old goes whole, and films only when asked for`() throws {
        let sandbox = try Sandbox()
        let store = sandbox.root + "/store"
        func put(_ key: String, days: Double) throws {
            try Files.makeFolder((store + "/" + key as NSString).deletingLastPathComponent)
            try Files.write(key.hasSuffix("manifest.json") ? #"{"segments": []}"# : "text", store + "/" + key)
            let date = Date(timeIntervalSinceNow: -days * 86_400)
            try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: store + "/" + key)
        }
        for (key, days) in [
            ("projects/old/manifest.json", 20.0), ("projects/old/images/0.jpg", 15), ("segments/old/a.mp4", 15),
            ("segments/alone/a.mp4", 15), ("projects/half/manifest.json", 20), ("projects/half/images/0.jpg", 1),
            ("projects/used/manifest.json", 20), ("segments/used/a.mp4", 1), ("videos/old_final_video.mp4", 15),
            ("videos/half_final_video.mp4", 1), ("videos/other.mp4", 20), ("notes.txt", 20),
        ] { try put(key, days: days) }
        func left() throws -> [String] {
            let all = try #require(FileManager.default.enumerator(atPath: store)?.allObjects as? [String])
            return all.filter { ($0 as NSString).pathExtension != "" }.sorted()
        }
        let all = try left()
        let arguments = ["clean", "--store", store, "--older-than", "2w"]
        let dry = try sandbox.start([Burns.path] + arguments + ["--dry-run", "--videos"]).wait()
        #expect(dry.status == 0 && dry.error.contains("would delete 2 projects and 1 film: 5 objects, 32 bytes"), "\(dry.error)")
        #expect(try left() == all)
        let done = try sandbox.start([Burns.path] + arguments).wait()
        #expect(done.status == 0 && done.error.contains("deleted 4 objects, 28 bytes"), "\(done.error)")
        #expect(try left() == all.filter { !$0.contains("s/old/") && !$0.contains("/alone/") })
        #expect(try sandbox.start([Burns.path] + arguments + ["--videos"]).wait().status == 0)
        #expect(try left() == all.filter { !$0.contains("s/old") && !$0.contains("/alone/") })
    }

    @Test(arguments: Server.allCases)
    func `What is gone goes when asked for, and no faster than allowed`(server: Server) async throws {
        let bucket = try await BucketFixture(server)
        let project = try ProjectFixture.make(in: bucket.sandbox)
        try Files.write(Data((0..<400_000).map { UInt8(truncatingIfNeeded: $0 &* 7 >> 3) }), project + "/images/noise.bin")
        let slow = try bucket.burns("push", project, "--max-rate", "200k")
        #expect(slow.status == 0 && slow.wallSeconds > 1.8, "\(slow.wallSeconds) s: \(slow.error)")
        unlink(project + "/images/noise.bin")
        #expect(try bucket.burns("push", project).error.contains("0 files of 0 bytes, 4 unchanged\n"))
        #expect(try bucket.keys.contains("projects/p/images/noise.bin"))
        #expect(try bucket.burns("push", project, "--delete").error.contains("4 unchanged, 1 deleted"))
        #expect(try !bucket.keys.contains("projects/p/images/noise.bin") && bucket.keys.count == 4)
    }

    @Test(arguments: Server.allCases)
    func `Old projects go from a bucket`(server: Server) async throws {
        let bucket = try await BucketFixture(server)
        let project = try ProjectFixture.make(in: bucket.sandbox)
        #expect(try bucket.burns("push", project).status == 0)
        #expect(try bucket.render("p", "--shared-cache").status == 0)
        #expect(try bucket.burns("clean", "--older-than", "1h", "--videos").error.contains("deleted 0 objects"))
        usleep(2_200_000)
        #expect(try bucket.burns("clean", "--older-than", "1s").status == 0)
        #expect(try bucket.keys == ["videos/p_final_video.mp4"])
        #expect(try bucket.burns("clean", "--older-than", "1s", "--videos").status == 0)
        #expect(try bucket.keys.isEmpty)
    }

    @Test(arguments: Server.allCases)
    func `Two machines do not render the same chunk`(server: Server) async throws {
        let bucket = try await BucketFixture(server)
        let project = try ProjectFixture.make(in: bucket.sandbox)
        #expect(try bucket.burns("push", project).status == 0)
        let first = try bucket.render("p", "--shared-cache").report()
        #expect(first.chunks.cached == 0 && first.warnings.isEmpty)
        let chunks = try bucket.keys.filter { $0.hasPrefix("segments/p/") }
        #expect(chunks.count == first.chunks.total)

        let second = try bucket.render("p", "--shared-cache", on: try Sandbox()).report()
        #expect(second.chunks.shared == second.chunks.total && second.chunks.cached == 0 && second.pictures.decoded == 0)
        #expect(second.output?.sha256 == first.output?.sha256)

        // What somebody's hand has changed is rendered, and put right.
        let bytes = "s3.get_object(Bucket=bucket, Key='\(chunks[0])')['Body'].read()[:-100] + bytes(100)"
        _ = try bucket.ask([String: AnyValue].self, "s3.put_object(Bucket=bucket, Key='\(chunks[0])', Body=\(bytes))")
        let third = try bucket.render("p", "--shared-cache", on: try Sandbox()).report()
        #expect(third.chunks.shared == third.chunks.total - 1 && third.output?.sha256 == first.output?.sha256)
        let fourth = try bucket.render("p", "--shared-cache", on: try Sandbox()).report()
        #expect(fourth.chunks.shared == fourth.chunks.total)

        // What one machine has and the store has not is given, too.
        _ = try bucket.ask(AnyValue.self, "[s3.delete_object(Bucket=bucket, Key=key) for key in \(chunks)]")
        let fifth = try bucket.render("p", "--shared-cache").report()
        #expect(fifth.chunks.cached == fifth.chunks.total && fifth.chunks.shared == 0)
        #expect(try bucket.keys.filter { $0.hasPrefix("segments/p/") } == chunks)
    }

    private static let slow = ["--size", "960x540", "--fps", "24", "--jobs", "1", "--json"]

    /// - Parameter server: `nil`: a folder.
    @Test(arguments: [nil] + Server.allCases)
    func `Machines that render at the same time do not render the same chunk`(server: Server?) async throws {
        let (isFolder, bucket) = (server == nil, try await BucketFixture(server ?? .moto))
        let project = try ProjectFixture.make(in: bucket.sandbox, count: 6)
        if !isFolder { #expect(try bucket.burns("push", project).status == 0) }
        let store = isFolder ? bucket.sandbox.root + "/store" : bucket.url
        let environment = bucket.place.environment(["BURNS_STORE": store])
        func start(_ sandbox: Sandbox, _ options: String...) throws -> Running {
            let command = [Burns.path, "render", "p", "-o", "film.mp4"] + options + StoreCommandTests.slow
            return try sandbox.start(command, environment: environment)
        }
        let alone = try start(bucket.sandbox).wait(secondsAllowed: 90).report()

        let sandboxes = [try Sandbox(), try Sandbox()]
        let running = try sandboxes.map { try start($0, "--shared-cache") }
        let reports = try running.map { try $0.wait(secondsAllowed: 90).report() }
        let made = reports.map { $0.framesMadeBy.reduce(0) { $0 + $1.frames } }
        #expect(made.reduce(0, +) == alone.frames && made.allSatisfy { $0 > 0 }, "\(made) of \(alone.frames)")
        #expect(reports.allSatisfy { $0.warnings.isEmpty && $0.output?.sha256 == alone.output?.sha256 })
        let shared = isFolder ? try Files.list(store + "/segments/p") : try bucket.keys.filter { $0.hasPrefix("segments/") }
        #expect(shared.count == alone.chunks.total && shared.allSatisfy { $0.hasSuffix(".mp4") }, "\(shared)")
        #expect(sandboxes.flatMap(\.leftovers) == [])
    }

    /// Claims of chunks that are not there.
    private static func openClaims(_ folder: String) -> [String] {
        let names = Set((try? Files.list(folder)) ?? [])
        return names.filter { $0.hasSuffix(".claim") && !names.contains(String($0.dropLast(6))) }
    }

    /// Ctrl-C gives claims back; after a kill, they are respected for 40 s.
    @Test(arguments: [SIGINT, SIGKILL])
    func `What a render that ended has claimed is rendered by another`(signal: Int32) throws {
        let (sandbox, other) = (try Sandbox(), try Sandbox())
        _ = try ProjectFixture.make(in: sandbox)
        let store = sandbox.root + "/store"
        let command = [Burns.path, "render", "p", "--store", store, "--shared-cache"] + StoreCommandTests.slow
        let running = try sandbox.start(command)
        for _ in 0..<1000 where StoreCommandTests.openClaims(store + "/segments/p").isEmpty { usleep(10_000) }
        kill(running.identifier, signal)
        _ = try running.wait(secondsAllowed: 30)
        #expect(StoreCommandTests.openClaims(store + "/segments/p").isEmpty == (signal == SIGINT))

        let start = Date()
        let done = try other.start(command).wait(secondsAllowed: 120)
        #expect(done.status == 0, "\(done.error)")
        let report = try done.report()
        #expect(report.warnings.isEmpty && report.output != nil)
        #expect(signal == SIGINT || Date().timeIntervalSince(start) > 35)
        let left = try Files.list(store + "/segments/p")
        #expect(left.count == report.chunks.total && left.allSatisfy { $0.hasSuffix(".mp4") }, "\(left)")
        #expect(sandbox.leftovers.isEmpty || signal == SIGKILL)
    }

    @Test func `Claims of long ago hold nobody up`() throws {
        let (sandbox, other, another) = (try Sandbox(), try Sandbox(), try Sandbox())
        _ = try ProjectFixture.make(in: sandbox)
        let store = sandbox.root + "/store"
        let command = [Burns.path, "render", "p", "--store", store, "--shared-cache"] + BucketFixture.small
        let first = try sandbox.start(command).wait().report()
        let chunks = try Files.list(store + "/segments/p")
        for chunk in chunks {
            let claim = "\(store)/segments/p/\(chunk).claim"
            try FileManager.default.removeItem(atPath: "\(store)/segments/p/\(chunk)")
            try Files.write("1", claim)
            try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSinceNow: -60)], ofItemAtPath: claim)
        }
        #expect(try sandbox.start([Burns.path, "ls", "--store", store, "--json"]).wait().out.contains("\"objects\": 0"))
        let start = Date()
        let second = try other.start(command).wait(secondsAllowed: 90).report()
        #expect(second.chunks.cached == 0 && second.chunks.shared == 0 && second.warnings.isEmpty && second.output?.sha256 == first.output?.sha256)
        #expect(Date().timeIntervalSince(start) < 35)
        #expect(try Files.list(store + "/segments/p") == chunks)
        // On chunks that are there, of whom nobody is left to remove them.
        for chunk in chunks { try Files.write("2", "\(store)/segments/p/\(chunk).claim") }
        let third = try another.start(command).wait(secondsAllowed: 90).report()
        #expect(third.chunks.shared == chunks.count)
        #expect(try Files.list(store + "/segments/p") == chunks)
    }

    /// Its manifest still has the id of the one that it was copied from.
    @Test func `The film of a copy does not replace the first one's`() throws {
        let sandbox = try Sandbox()
        let project = try ProjectFixture.make(in: sandbox)
        let store = sandbox.root + "/store"
        try FileManager.default.copyItem(atPath: project, toPath: store + "/projects/copy")
        let command = [Burns.path, "render", "copy", "--store", store, "--shared-cache"] + BucketFixture.small
        let done = try sandbox.start(command).wait()
        #expect(done.status == 0, "\(done.error)")
        #expect(try Files.list(store + "/videos") == ["copy_final_video.mp4"])
        #expect(try Files.list(store + "/segments") == ["copy"])
        #expect(done.out.contains("\"project\": \"copy\""))
    }

    @Test func `A shared cache that fails is a warning`() throws {
        let sandbox = try Sandbox()
        _ = try ProjectFixture.make(in: sandbox)
        try Files.write("in the way", sandbox.root + "/store/segments")
        let done = try sandbox.render("p", "--store", sandbox.root + "/store", "--shared-cache", "--json")
        #expect(done.status == 0, "\(done.error)")
        #expect(try done.report().warnings.count { $0.hasPrefix("the shared cache ") } == 1)
    }

    /// A chunk of more than 8 MiB comes in ranges, into one file.
    @Test func `Two renders with one cache get the same large chunk`() async throws {
        let (bucket, other) = (try await BucketFixture(.ceph), try Sandbox())
        let settings = ["--size", "960x540", "--fps", "12", "--preset", "ultrafast", "--crf", "0", "--shared-cache", "--json"]
        let project = try ProjectFixture.make(in: other, count: 3) { _, folder in
            for index in 0..<3 { try ProjectFixture.replace("\(index).jpg", in: folder, with: "large.jpg") }
        }
        #expect(try bucket.burns("push", project, on: other).status == 0)
        let rendered = try bucket.burns(["render", "p"] + settings, on: other)
        #expect(rendered.status == 0, "\(rendered.error)")
        let first = try rendered.report()
        let sizes = try bucket.ask(
            [Int].self, "[o['Size'] for o in s3.list_objects_v2(Bucket=bucket, Prefix='segments/')['Contents']]")
        #expect(sizes.contains { $0 > 8 << 20 }, "\(sizes)")

        let environment = bucket.place.environment(["BURNS_STORE": bucket.url])
        let running = try (0..<3).map { number in
            try bucket.sandbox.start(
                [Burns.path, "render", "p", "-o", "\(number).mp4", "--max-rate", "12M"] + settings, environment: environment)
        }
        for one in running {
            let done = try one.wait(secondsAllowed: 90)
            #expect(done.status == 0, "\(done.error)")
            let report = try done.report()
            #expect(report.warnings.isEmpty && report.output?.sha256 == first.output?.sha256)
            #expect(report.chunks.cached + report.chunks.shared == report.chunks.total && report.pictures.decoded == 0)
        }
        #expect(bucket.sandbox.leftovers.isEmpty)
    }

    /// Two people with a folder each.
    @Test(arguments: Server.allCases)
    func `Nobody's edits are replaced unasked`(server: Server) async throws {
        let (bucket, other) = (try await BucketFixture(server), try Sandbox())
        let mine = try ProjectFixture.make(in: bucket.sandbox)
        let theirs = other.output + "/p"
        #expect(try bucket.burns("push", mine).status == 0)
        #expect(try bucket.burns("pull", "p", on: other).status == 0)
        #expect(try tool("diff", "-r", mine, theirs).isEmpty)

        // Edited here alone, and there alone.
        try Files.write("mine", mine + "/images/mine.txt")
        try ProjectFixture.replace("0.jpg", in: mine, with: "4.jpg")
        try ProjectFixture.replace("1.jpg", in: theirs, with: "5.jpg")
        #expect(try bucket.burns("push", mine).status == 0)
        var done = try bucket.burns("pull", "p", on: other)
        #expect(done.status == 0 && done.error.contains("warning: images/1.jpg was edited here, and is kept\n"), "\(done.error)")
        #expect(done.error.contains("2 files of") && done.error.contains("2 unchanged, 1 kept\n"), "\(done.error)")
        #expect(try Files.read(theirs + "/images/0.jpg") == Files.read(mine + "/images/0.jpg"))
        #expect(try bucket.burns("push", theirs, on: other).error.contains("1 file of"))
        done = try bucket.burns("push", mine)
        #expect(done.status == 0 && done.error.contains("warning: images/1.jpg was written anew in the store"), "\(done.error)")
        #expect(try bucket.burns("pull", "p", mine).status == 0)
        #expect(try tool("diff", "-r", mine, theirs).isEmpty)

        // Edited on both sides.
        try ProjectFixture.replace("2.jpg", in: mine, with: "0.jpg")
        try ProjectFixture.replace("2.jpg", in: theirs, with: "1.jpg")
        #expect(try bucket.burns("push", mine).status == 0)
        for arguments in [["pull", "p", "-q"], ["push", theirs, "-q"]] {
            done = try bucket.burns(arguments, on: other)
            #expect(done.status == 1 && done.isOneSentence, "\(done.error)")
            #expect(done.error.contains("images/2.jpg differs, and is kept: "), "\(done.error)")
            #expect(done.error.contains("--overwrite"), "\(done.error)")
        }
        #expect(try Files.read(theirs + "/images/2.jpg") == Files.read(ProjectFixture.picture("1.jpg")))
        #expect(try bucket.burns("push", mine).error.contains("0 files of"))
        done = try bucket.burns("pull", "p", "--overwrite", on: other)
        #expect(done.status == 0 && done.error.contains("1 file of") && !done.error.contains("kept"), "\(done.error)")
        #expect(try tool("diff", "-r", mine, theirs).isEmpty)

        // What is not known to have been the same: another machine's folder, and one whose record is gone.
        let stranger = try Sandbox()
        try Files.copy(mine, to: stranger.output + "/p")
        try ProjectFixture.replace("2.jpg", in: stranger.output + "/p", with: "3.jpg")
        // A file from after the object would be pushed.
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSinceNow: -3600)], ofItemAtPath: stranger.output + "/p/images/2.jpg")
        for arguments in [["pull", "p"], ["push", "p"]] {
            done = try bucket.burns(arguments, on: stranger)
            #expect(done.status == 1 && done.error.contains("error: images/2.jpg differs, and is kept: "), "\(done.error)")
        }
        #expect(try bucket.burns("push", "p", "--overwrite", on: stranger).status == 0)
        #expect(try bucket.burns("pull", "p", mine).status == 0)
        #expect(try tool("diff", "-r", mine, stranger.output + "/p").isEmpty)

        // Somebody else's new object is not deleted either.
        try Files.write("new", stranger.output + "/p/images/new.txt")
        #expect(try bucket.burns("push", "p", on: stranger).status == 0)
        done = try bucket.burns("push", mine, "--delete")
        #expect(done.status == 1 && done.error.contains("error: images/new.txt differs, and is kept"), "\(done.error)")
        #expect(try bucket.burns("push", mine, "--delete", "--overwrite").error.contains("1 deleted"))
        #expect(bucket.sandbox.leftovers.isEmpty && other.leftovers.isEmpty)
    }

    @Test func `Files of any size take little memory`() async throws {
        let (bucket, other) = (try await BucketFixture(.ceph), try Sandbox())
        let project = try ProjectFixture.make(in: bucket.sandbox)
        let large = project + "/images/large.bin"
        _ = try tool("dd", "if=/dev/urandom", "of=" + large, "bs=1M", "count=300", "status=none")
        // A process of this one's own would be counted from this one's memory on.
        let script = "import resource, subprocess, sys; status = subprocess.run(sys.argv[1:]).returncode; "
            + "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024); sys.exit(status)"
        let environment = bucket.place.environment(["BURNS_STORE": bucket.url])
        for (arguments, sandbox) in [(["push", project], bucket.sandbox), (["pull", "p"], other)] {
            let command = ["/usr/bin/python3", "-c", script, Burns.path] + arguments
            let done = try sandbox.start(command, environment: environment).wait(secondsAllowed: 90)
            let peakBytes = Int(done.out.dropLast()) ?? .max
            #expect(done.status == 0 && peakBytes < 100_000_000, "\(peakBytes) bytes: \(done.error)")
        }
        #expect(try tool("cmp", large, other.output + "/p/images/large.bin").isEmpty)
    }

    @Test(arguments: Server.allCases)
    func `Several processes pull at once`(server: Server) async throws {
        let bucket = try await BucketFixture(server)
        let project = try ProjectFixture.make(in: bucket.sandbox) { _, folder in
            try ProjectFixture.replace("0.jpg", in: folder, with: "large.jpg")
        }
        let pushed = try bucket.burns("push", project)
        #expect(pushed.status == 0, "\(pushed.error)")
        let environment = bucket.place.environment(["BURNS_STORE": bucket.url])
        let running = try (0..<4).map { _ in
            try bucket.sandbox.start([Burns.path, "validate", "p", "--json"], environment: environment)
        }
        for one in running { #expect(try one.wait().status == 0) }
        #expect(try Files.list(bucket.sandbox.cache).count { $0.hasSuffix(".object") } == 4)
        #expect(try Files.list(bucket.sandbox.cache).count == 4)
    }

    @Test func `Several processes pull into one folder at once`() async throws {
        let (bucket, other) = (try await BucketFixture(.ceph), try Sandbox())
        let project = try ProjectFixture.make(in: bucket.sandbox)
        #expect(try bucket.burns("push", project).status == 0)
        let environment = bucket.place.environment(["BURNS_STORE": bucket.url])
        let running = try (0..<3).map { _ in
            try other.start([Burns.path, "pull", "p", "--max-rate", "50k"], environment: environment)
        }
        let done = try running.map { try $0.wait() }
        #expect(done.contains { $0.status == 0 })
        for one in done where one.status != 0 { #expect(one.error.contains("another process"), "\(one.error)") }
        #expect(try tool("diff", "-r", project, other.output + "/p").isEmpty && other.leftovers.isEmpty)
    }

    /// Both begin with nothing, and give each other what they have.
    @Test(arguments: Server.allCases)
    func `Two machines render one film at the same time`(server: Server) async throws {
        let bucket = try await BucketFixture(server)
        #expect(try bucket.burns("push", try ProjectFixture.make(in: bucket.sandbox)).status == 0)
        let machines = [try Sandbox(), try Sandbox()]
        let running = try machines.map {
            try $0.start(
                [Burns.path, "render", "p", "-o", "film.mp4", "--shared-cache"] + BucketFixture.small,
                environment: bucket.place.environment(["BURNS_STORE": bucket.url]))
        }
        let reports = try running.map { one in
            let done = try one.wait(secondsAllowed: 90)
            #expect(done.status == 0, "\(done.error)")
            return try done.report()
        }
        #expect(reports.flatMap(\.warnings) == [] && reports[0].output?.sha256 == reports[1].output?.sha256)
        #expect(try bucket.keys.count { $0.hasPrefix("segments/p/") } == reports[0].chunks.total)
        #expect(machines.flatMap(\.leftovers) == [])
    }

    @Test func `A project is named by its URL, and a store by S3_BUCKET`() async throws {
        let (bucket, other) = (try await BucketFixture(.ceph), try Sandbox())
        let project = try ProjectFixture.make(in: bucket.sandbox)
        let named = bucket.place.environment(["S3_BUCKET": bucket.name])
        #expect(try bucket.sandbox.start([Burns.path, "push", project], environment: named).wait().status == 0)
        let place = bucket.place.environment([:])
        let listed = try other.start([Burns.path, "ls", bucket.url + "/projects/p"], environment: place).wait()
        #expect(listed.status == 0 && listed.out.split(separator: "\n").count == 4, "\(listed.error)")
        let pulled = try other.start([Burns.path, "pull", bucket.url + "/projects/p/"], environment: place).wait()
        #expect(pulled.status == 0, "\(pulled.error)")
        #expect(try tool("diff", "-r", project, other.output + "/p").isEmpty)
        let wrong = try other.start([Burns.path, "pull", bucket.url + "/p"], environment: place).wait()
        #expect(wrong.status == 1 && wrong.isOneSentence && wrong.error.contains("s3://BUCKET/projects/ID"), "\(wrong.error)")
    }

    @Test func `A killed render's folder is swept away, and its pictures are kept`() async throws {
        let bucket = try await BucketFixture(.moto)
        #expect(try bucket.burns("push", ProjectFixture.earthrise).status == 0)
        let running = try bucket.sandbox.start(
            [Burns.path, "render", "earthrise"] + BucketFixture.small,
            environment: bucket.place.environment(["BURNS_STORE": bucket.url]))
        while try !Files.list(bucket.sandbox.cache).contains(where: { $0.hasSuffix(".mp4") }) { usleep(5000) }
        running.send(SIGKILL)
        _ = try running.wait()
        #expect(try Files.list(bucket.sandbox.cache).count { $0.hasPrefix("burns-scratch-") } == 1)
        let done = try bucket.render("earthrise")
        #expect(done.status == 0, "\(done.error)")
        #expect(try done.report().chunks.cached > 0)
    }
}

/// Any JSON, not looked at.
struct AnyValue: Decodable { init(from decoder: any Decoder) throws {} }
