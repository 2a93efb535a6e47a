import Foundation
import Glibc
import Testing

/// `burns bench` from the outside, on small frames and the software driver that the tests install.
@Suite struct BenchTests {
    /// One run that several tests look at.
    private struct Run {
        let done: Finished
        let json: Data
        let html: String
        let leftovers: [String]
        let files: [String]
    }

    private static let run = Result { () throws -> Run in
        let sandbox = try Sandbox()
        let project = try ProjectFixture.make(in: sandbox, count: 2)
        let done = try sandbox.start(
            [Burns.path, "bench", project, "--quick", "--size", "160x90", "--json", "figures.json", "--html", "page.html"],
            environment: BackendTests.software
        ).wait(secondsAllowed: 120)
        try #require(done.status == 0, "\(done.error)")
        return Run(
            done: done, json: try Files.read(sandbox.output + "/figures.json"),
            html: String(decoding: try Files.read(sandbox.output + "/page.html"), as: UTF8.self), leftovers: sandbox.leftovers,
            files: try Files.list(sandbox.output))
    }

    private struct Document: Decodable {
        struct Machine: Decodable {
            let processor, system, kernel: String
            let cores, memoryBytes: Int
            let grantedCores: Double
            let cpuLevels: [String]
        }
        struct Failure: Decodable { let device: Int; let name, task, reason: String }
        struct Project: Decodable { let id, fps, encoder: String; let builtIn: Bool; let pictures, frames: Int }
        struct Device: Decodable { let number, memoryBytes: Int; let name, kind, driver: String; let software: Bool }
        struct Limit: Decodable {
            let kind, meaning: String
            let device: Int?
            let threads, rounds: Int
            let copyEngine: Bool
            let bytesPerS, bestBytesPerS: Double
        }
        struct Compared: Decodable { let contestant: String; let frames: Int }
        struct Sample: Decodable { let frames, framesOfTwoPictures: Int; let sha256: [String]; let compared: [Compared] }
        struct StageLimit: Decodable { let kind: String; let itemsPerS: Double }
        struct Row: Decodable {
            let stage, contestant, item: String
            let device: Int?
            let software: Bool
            let threads, items, rounds: Int
            let itemsPerS, bestItemsPerS, wallSPerItem, minWallSPerItem, cpuSPerItem: Double
            let bytesPerItem, bytesPerS, deviceSPerItem, ratioToLimit: Double?
            let limit: StageLimit?
        }
        struct Film: Decodable {
            let contestant: String
            let device: Int?
            let software, whole: Bool
            let jobs, frames: Int
            let wallS, cpuS: Double
            let threadS: [String: Double]
        }
        struct Size: Decodable {
            let width, height: Int
            let sample: Sample
            let stages: [Row]
            let films: [Film]
            let filmFramesCompared: Int
            let notes: [String]
        }
        struct Verdict: Decodable {
            let question: String
            let device, width, height: Int
            let value, wanted: Double
            let met: Bool?
        }
        let burnsVersion, startedAt: String
        let seconds: Double
        let quick: Bool
        let jobs: Int
        let kernels: String
        let machine: Machine
        let project: Project
        let devices: [Device]
        let limits: [Limit]
        let sizes: [Size]
        let verdicts: [Verdict]
        let failures: [Failure]
        let notes: [String]

        init(_ data: Data) throws {
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            self = try decoder.decode(Document.self, from: data)
        }
    }

    @Test func figures() throws {
        let document = try Document(Self.run.get().json)
        #expect(document.quick && document.seconds > 0 && document.machine.cores > 0 && !document.project.builtIn)
        #expect(document.startedAt.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/) != nil)
        #expect(document.project.pictures == 2 && document.project.frames > 0)
        #expect(document.devices.count == 1 && document.devices[0].software && document.devices[0].name.hasPrefix("llvmpipe"))
        for kind in ["host_to_device", "device_to_host", "within_device"] {
            #expect(document.limits.count { $0.kind == kind && $0.device == 0 } == 1)
        }
        #expect(document.limits.contains { $0.kind == "memory_copy" && $0.device == nil && $0.threads == 1 })
        #expect(document.limits.allSatisfy { $0.bytesPerS > 1e6 && $0.bestBytesPerS >= $0.bytesPerS && !$0.meaning.isEmpty })

        let size = try #require(document.sizes.first)
        #expect(document.sizes.count == 1 && size.width == 160 && size.height == 90)
        #expect(size.sample.sha256.count == size.sample.frames && size.sample.frames > 0)
        #expect(size.sample.compared.map(\.contestant) == document.machine.cpuLevels + [document.devices[0].name])
        let stages = ["decode", "prepare", "upload", "resample", "read_back", "resample_and_read_back", "encode", "whole"]
        #expect(Set(size.stages.map(\.stage)) == Set(stages))
        for level in document.machine.cpuLevels {
            #expect(size.stages.contains { $0.stage == "resample" && $0.contestant == level && $0.threads == document.jobs })
        }
        for row in size.stages {
            #expect(row.itemsPerS > 0 && row.bestItemsPerS >= row.itemsPerS && row.items > 0 && row.rounds > 0, "\(row)")
            #expect(abs(row.wallSPerItem * row.itemsPerS - 1) < 1e-6 && row.cpuSPerItem >= 0)
            #expect((row.limit == nil) == (row.ratioToLimit == nil))
            if let limit = row.limit { #expect(abs(row.itemsPerS / limit.itemsPerS - (row.ratioToLimit ?? 0)) < 1e-6) }
            #expect(row.software == (row.device != nil))
        }
        // What a frame takes on the device by its own clock is not more than by the host's.
        let onDevice = try #require(size.stages.first { $0.deviceSPerItem != nil })
        #expect(onDevice.stage == "resample" && onDevice.device == 0)
        #expect(size.films.count == 2 && document.failures.isEmpty)
        #expect(size.filmFramesCompared == size.films.map(\.frames).min())
        #expect(size.films.allSatisfy { $0.frames > 0 && $0.wallS > 0 && ($0.threadS["encode"] ?? 0) > 0 })
        #expect(document.verdicts.count == 2 && document.verdicts.allSatisfy { $0.met == nil && $0.value > 0 })
    }

    @Test func table() throws {
        let run = try Self.run.get()
        #expect(run.done.error.isEmpty && run.leftovers.isEmpty && run.files == ["figures.json", "page.html"])
        let lines = run.done.out.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.allSatisfy { $0.count <= 100 }, "\(lines.filter { $0.count > 100 })")
        for word in ["software 0: llvmpipe", "memory copy, 1 thread", "160 × 90", "read back", "whole film", "bit for bit"] {
            #expect(run.done.out.contains(word), "\(word)")
        }
    }

    @Test func page() throws {
        let html = try Self.run.get().html
        #expect(html.hasPrefix("<!DOCTYPE html>") && html.contains("prefers-color-scheme: dark") && html.contains("llvmpipe"))
        for outside in ["http:", "https:", "<script", "src=", "href=", "url(", "@import"] {
            #expect(!html.contains(outside), "\(outside)")
        }
        // Well-formed to the last element, with as many bars as rows ask for.
        let sandbox = try Sandbox()
        try Files.write(html, sandbox.output + "/page.html")
        let script = """
            import sys, xml.etree.ElementTree as tree
            page = tree.parse(sys.argv[1])
            print(len(page.findall('.//svg')), len(page.findall('.//figure')), page.find('.//title').text)
            """
        let counts = try tool("/usr/bin/python3", "-c", script, sandbox.output + "/page.html").split(separator: " ")
        #expect((Int(counts[0]) ?? 0) >= 10 && counts[1] == "4" && counts[2] == "burns", "\(counts)")
    }

    @Test func onlyFactsOnStandardOutput() throws {
        let sandbox = try Sandbox()
        let project = try ProjectFixture.make(in: sandbox, count: 1)
        let done = try sandbox.start(
            [Burns.path, "bench", project, "--quick", "--size", "160x90", "--backend", "cpu", "--jobs", "1", "--json", "-"]
        ).wait(secondsAllowed: 60)
        #expect(done.status == 0 && done.error.isEmpty)
        let document = try Document(Data(done.out.utf8))
        #expect(document.devices.isEmpty && document.verdicts.isEmpty && document.jobs == 1)
        #expect(document.sizes[0].stages.allSatisfy { $0.device == nil && $0.threads == 1 })
        // What films are set beside is what is shown.
        let encoding = document.sizes[0].stages.filter { $0.stage == "encode" }
        let whole = try #require(document.sizes[0].stages.first { $0.stage == "whole" })
        #expect(encoding.count == 1 && whole.limit?.itemsPerS == encoding.first?.itemsPerS)
        #expect(try Files.list(sandbox.output).isEmpty && sandbox.leftovers.isEmpty)
    }

    /// Nobody is told of all cores where one was to be used.
    @Test func whatIsHeldBackIsSaid() throws {
        let sandbox = try Sandbox()
        let project = try ProjectFixture.make(in: sandbox, count: 1)
        let environment = BackendTests.software.merging(["BURNS_CPU": "scalar"]) { $1 }
        let done = try sandbox.start(
            [Burns.path, "bench", project, "--quick", "--size", "160x90", "--device", "llvmpipe", "--jobs", "1"],
            environment: environment
        ).wait(secondsAllowed: 60)
        #expect(done.status == 0 && done.error.isEmpty)
        let text = done.out.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(text.contains("kernels scalar of scalar"), "\(text)")
        #expect(text.contains("as fast as the CPU (scalar, 1 thread, held back by what was asked for)"), "\(text)")
    }

    @Test(arguments: [
        (["nowhere"], "there is no project nowhere"), (["--device", "7"], "there is no Vulkan device '7'"),
        (["--backend", "vulkan"], "Vulkan finds no GPU"), (["--html", "nowhere/page.html"], "the folder nowhere is not there"),
        (["--html", "x", "--json", "x"], "named for two outputs"), (["--json", "/proc/x.json"], "cannot be written"),
    ])
    func whatCannotBe(arguments: [String], cause: String) throws {
        let sandbox = try Sandbox()
        let done = try sandbox.start([Burns.path, "bench", "--quick"] + arguments, environment: BackendTests.software)
            .wait(secondsAllowed: 20)
        #expect(done.status == 1 && done.isOneSentence && done.out.isEmpty, "\(done.error)")
        #expect(done.error.contains(cause), "\(done.error)")
        #expect(try Files.list(sandbox.output).isEmpty && sandbox.leftovers.isEmpty)
    }

    @Test func cancelled() throws {
        let sandbox = try Sandbox()
        let running = try sandbox.start([Burns.path, "bench", "--backend", "cpu", "--html", "page.html"])
        let deadline = Date().addingTimeInterval(20)
        while try Files.list(sandbox.temporary).isEmpty, Date() < deadline { usleep(5000) }
        running.send(SIGINT)
        let done = try running.wait(secondsAllowed: 30)
        #expect(done.status == 130 && done.out.isEmpty && done.error == "cancelled; nothing was kept\n", "\(done.error)")
        #expect(try Files.list(sandbox.output).isEmpty && sandbox.leftovers.isEmpty)
    }
}
