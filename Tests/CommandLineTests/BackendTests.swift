import Foundation
import Testing

/// The backends from the outside, on the software driver that the tests install.
@Suite struct BackendTests {
    private static let small = ["--size", "160x90", "--fps", "2"]
    private static let noDrivers = ["VK_ICD_FILENAMES": "/nonexistent/icd.json", "VK_DRIVER_FILES": "/nonexistent/icd.json"]
    /// The software driver and no other, so that a GPU of this machine does not matter.
    static let software: [String: String] = {
        let folder = "/usr/share/vulkan/icd.d"
        let file = (try? Files.list(folder))?.first { $0.hasPrefix("lvp_icd") } ?? "lvp_icd.json"
        return ["VK_ICD_FILENAMES": "\(folder)/\(file)", "VK_DRIVER_FILES": "\(folder)/\(file)"]
    }()

    private func run(_ sandbox: Sandbox, _ arguments: [String], _ environment: [String: String]) throws -> Finished {
        try sandbox.start([Burns.path] + arguments, environment: environment).wait(secondsAllowed: 120)
    }

    private func frames(_ sandbox: Sandbox, _ arguments: String..., environment: [String: String]) throws -> Finished {
        try run(sandbox, ["frames", ProjectFixture.earthrise, "--hash"] + Self.small + arguments, environment)
    }

    @Test func everyFrameOfTheExampleIsTheSame() throws {
        let sandbox = try Sandbox()
        let cpu = try frames(sandbox, "--backend", "cpu", environment: Self.software)
        let numbered = try frames(sandbox, "--backend", "vulkan", "--device", "0", environment: Self.software)
        let named = try frames(sandbox, "--device", "LLVMPIPE", "--jobs", "3", environment: Self.software)
        #expect(cpu.status == 0 && cpu.error.isEmpty && cpu.out.split(separator: "\n").count == 79)
        for gpu in [numbered, named] {
            #expect(gpu.status == 0 && gpu.out == cpu.out)
            #expect(gpu.error.hasPrefix("frames are made on llvmpipe") && gpu.error.hasSuffix(", as asked\n"), "\(gpu.error)")
        }
        // Compiled shaders are kept, and a broken file does no harm.
        let folder = sandbox.root + "/.cache/burns"
        let kept = try Files.list(folder)
        #expect(kept.count == 1 && kept[0].hasSuffix(".pipelines"))
        try Files.write(Data(repeating: 7, count: 999), folder + "/" + kept[0])
        #expect(try frames(sandbox, "--device", "0", "--quiet", environment: Self.software).out == cpu.out)
        #expect(sandbox.leftovers.isEmpty)
    }

    @Test func theFilmIsTheSameToTheByte() throws {
        let sandbox = try Sandbox()
        let other = try Sandbox()
        #expect(try sandbox.render(ProjectFixture.earthrise, "--backend", "cpu").status == 0)
        let done = try other.render(
            ProjectFixture.earthrise, "--backend", "vulkan", "--device", "llvmpipe", "--json", environment: Self.software,
            secondsAllowed: 120)
        #expect(done.status == 0, "\(done.error)")
        let report = try done.report()
        #expect(report.backend == "vulkan" && report.device?.hasPrefix("llvmpipe") == true && report.kernels == "compute")
        #expect(report.warnings.isEmpty)
        #expect(try Files.read(sandbox.film) == Files.read(other.film))
    }

    /// `auto` takes the CPU and says why; it never takes a software driver by itself.
    @Test func autoWithoutAGPU() throws {
        for (environment, cause) in [
            (Self.software, "Vulkan finds no GPU (llvmpipe"), (Self.noDrivers, "there is no Vulkan driver"),
        ] {
            let sandbox = try Sandbox()
            let done = try frames(sandbox, "--verbose", environment: environment)
            #expect(done.status == 0)
            #expect(done.error.hasPrefix("frames are made on the CPU (") && done.error.contains(cause), "\(done.error)")
            #expect(try frames(sandbox, environment: environment).error.isEmpty)
        }
    }

    @Test(arguments: [
        (["--backend", "vulkan"], noDrivers, "there is no Vulkan driver"),
        (["--device", "0"], noDrivers, "there is no Vulkan driver"), (["--backend", "vulkan"], software, "Vulkan finds no GPU"),
        (["--device", "7"], software, "there is no Vulkan device '7'"),
        (["--backend", "vulkan", "--device", "GeForce"], software, "there is no Vulkan device 'GeForce'"),
    ])
    func whatIsAskedForAndNotThereIsAnError(arguments: [String], environment: [String: String], cause: String) throws {
        for command in [["render", ProjectFixture.earthrise, "-o", "film.mp4"], ["frames", ProjectFixture.earthrise, "--hash"]] {
            let sandbox = try Sandbox()
            let done = try run(sandbox, command + Self.small + arguments, environment)
            #expect(done.status == 1 && done.isOneSentence && done.out.isEmpty, "\(done.error)")
            #expect(done.error.contains(cause) && done.error.contains("--backend cpu gives the same frames"), "\(done.error)")
            #expect(try Files.list(sandbox.output).isEmpty)
        }
    }

    @Test func doctorListsDevices() throws {
        let sandbox = try Sandbox()
        let done = try run(sandbox, ["doctor"], Self.software)
        #expect(done.status == 0 && done.error.isEmpty)
        let lines = done.out.split(separator: "\n")
        #expect(lines.contains { $0.contains("Vulkan: Vulkan finds no GPU") })
        let device = try #require(lines.first { $0.hasPrefix("ok   Vulkan device 0: llvmpipe") })
        for part in ["software driver", "Mesa", "Vulkan 1.", "MiB of its own", "in one piece", "in one binding", "in a workgroup", "--device 0"] {
            #expect(device.contains(part))
        }
        let none = try run(sandbox, ["doctor"], Self.noDrivers)
        #expect(none.status == 0 && none.out.contains("--   Vulkan: there is no Vulkan driver"))
    }
}
