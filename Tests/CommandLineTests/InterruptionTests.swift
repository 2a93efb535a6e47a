import Foundation
import Glibc
import TestSupport
import Testing

@Suite struct InterruptionTests {
    private static func command(_ film: String, _ more: String...) -> [String] {
        [
            Burns.path, "render", ProjectFixture.earthrise, "-o", film, "--size", "320x180", "--fps", "12", "--preset", "ultrafast",
        ] + more
    }

    @Test func killedAtRandomMoments() throws {
        let reference = try Sandbox()
        let whole = try reference.start(Self.command(reference.film)).wait()
        #expect(whole.status == 0, "\(whole.error)")
        let film = try Files.read(reference.film)

        let sandbox = try Sandbox()
        var random = SeededGenerator(seed: 3)
        var kills = 0
        for _ in 0..<8 {
            let running = try sandbox.start(Self.command(sandbox.film))
            usleep(UInt32(Double.random(in: 0.01...0.5, using: &random) * whole.wallSeconds * 1e6))
            running.send(SIGKILL)
            let done = try running.wait()
            if done.status == 128 + SIGKILL { kills += 1 }
            // Half a film never has the film's name.
            if Files.exists(sandbox.film) { #expect(try Files.read(sandbox.film) == film) }
        }
        #expect(kills >= 4)
        // Once more when something has been kept: on a busy machine all those may have come too early.
        let running = try sandbox.start(Self.command(sandbox.film))
        let deadline = Date().addingTimeInterval(60)
        while try !Files.list(sandbox.cache).contains(where: { $0.hasSuffix(".mp4") && !$0.hasPrefix(".") }), Date() < deadline { usleep(5000) }
        running.send(SIGKILL)
        _ = try running.wait()
        let last = try sandbox.start(Self.command(sandbox.film, "--json")).wait()
        #expect(last.status == 0, "\(last.error)")
        #expect(try last.report().chunks.cached > 0)
        #expect(try Files.read(sandbox.film) == film)
        #expect(sandbox.leftovers.isEmpty)
        #expect(try Files.list(sandbox.output) == ["film.mp4"])
    }

    @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
    func cancelled(signal: Int32) throws {
        let sandbox = try Sandbox()
        try Files.write("old", sandbox.film)
        let running = try sandbox.start(Self.command(sandbox.film, "--jobs", "1", "--preset", "medium", "--size", "640x360"))
        // Once something is in the cache, it is on its way.
        let deadline = Date().addingTimeInterval(20)
        while try !Files.list(sandbox.cache).contains(where: { $0.hasSuffix(".mp4") && !$0.hasPrefix(".") }), Date() < deadline { usleep(5000) }
        running.send(signal)
        let done = try running.wait(secondsAllowed: 30)
        #expect(done.status == 130, "\(done.error)")
        #expect(done.error.hasPrefix("cancelled; ") && done.error.split(separator: "\n").count == 1)
        #expect(sandbox.leftovers.isEmpty)
        #expect(String(decoding: try Files.read(sandbox.film), as: UTF8.self) == "old")
        #expect(try Files.list(sandbox.output) == ["film.mp4"])
    }

    @Test func cancelledWithoutACache() throws {
        let sandbox = try Sandbox()
        let running = try sandbox.start(Self.command(sandbox.film, "--no-cache", "--size", "640x360"))
        let deadline = Date().addingTimeInterval(20)
        while try Files.list(sandbox.temporary).isEmpty, Date() < deadline { usleep(5000) }
        running.send(SIGINT)
        #expect(try running.wait(secondsAllowed: 30).status == 130)
        #expect(sandbox.leftovers.isEmpty)
        #expect(try Files.list(sandbox.output).isEmpty && Files.list(sandbox.cache).isEmpty)
    }

    @Test func framesCancelled() throws {
        let sandbox = try Sandbox()
        let running = try sandbox.start([
            Burns.path, "frames", ProjectFixture.earthrise, "--size", "1280x720", "--y4m", sandbox.output + "/x.y4m",
        ])
        let deadline = Date().addingTimeInterval(20)
        while try Files.list(sandbox.output).isEmpty, Date() < deadline { usleep(5000) }
        running.send(SIGINT)
        #expect(try running.wait(secondsAllowed: 30).status == 130)
        #expect(try Files.list(sandbox.output).isEmpty)
    }
}
