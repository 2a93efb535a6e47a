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
        #expect(report.warnings.isEmpty && report.backendReason?.hasSuffix(", as asked") == true)
        #expect(report.framesMadeBy.map(\.backend) == ["vulkan"] && report.framesMadeBy[0].frames == report.frames)
        #expect(done.error.contains("; frames by llvmpipe"), "\(done.error)")
        #expect(try Files.read(sandbox.film) == Files.read(other.film))
    }

    /// `auto` takes the CPU and says so and why, of a film in the last line and in its report; it never takes a software driver
    /// by itself.
    @Test func autoWithoutAGPU() throws {
        for (environment, cause) in [
            (Self.software, "Vulkan finds no GPU (llvmpipe"), (Self.noDrivers, "there is no Vulkan driver"),
        ] + (Self.carriesALoader ? [] : [(try Self.withoutLoader(), "there is no Vulkan loader (libvulkan.so.1)")]) {
            let sandbox = try Sandbox()
            let project = try ProjectFixture.make(in: sandbox, count: 1)
            let film = try sandbox.render(project, "--report", "report.json", environment: environment)
            #expect(film.status == 0 && film.error.split(separator: "\n").count == 1, "\(film.error)")
            #expect(film.error.contains("; frames by the CPU ("), "\(film.error)")
            #expect(film.error.hasSuffix("), as there is no GPU\n"), "\(film.error)")
            let report = try Report(Files.read(sandbox.output + "/report.json"))
            #expect(report.backend == "cpu" && report.backendReason?.contains(cause) == true)
            #expect(report.framesMadeBy.map(\.backend) == ["cpu"] && report.framesMadeBy[0].frames == report.frames)
            // Nobody has made any: all are from the cache.
            let again = try sandbox.render(project, "--json", environment: environment)
            #expect(try again.report().framesMadeBy.isEmpty && !again.error.contains("frames by"))
            #expect(try sandbox.render(project, "--no-cache", "--quiet", environment: environment).error.isEmpty)
            let done = try frames(sandbox, "--verbose", environment: environment)
            #expect(done.status == 0)
            #expect(done.error.hasPrefix("frames are made on the CPU (") && done.error.contains(cause), "\(done.error)")
            #expect(try frames(sandbox, environment: environment).error.isEmpty)
        }
    }

    /// Where the loader is looked for first there is something else. Drivers are named, so that it is looked for at all.
    private static func withoutLoader() throws -> [String: String] {
        let folder = try loaderless.get().root
        try Files.write("no library\n", folder + "/libvulkan.so.1")
        return software.merging(["LD_LIBRARY_PATH": folder]) { $1 }
    }
    private static let loaderless = Result { try Sandbox() }
    /// A bundle brings a loader of its own.
    private static var carriesALoader: Bool {
        let folder = URL(fileURLWithPath: Burns.path).resolvingSymlinksInPath().deletingLastPathComponent().path
        return Files.exists(folder + "/lib/vulkan/libvulkan.so.1")
    }

    @Test(.disabled("this program brings its own loader") { BackendTests.carriesALoader })
    func withoutALoader() throws {
        for arguments in [["--backend", "vulkan"], ["--device", "0"]] {
            let sandbox = try Sandbox()
            let done = try run(
                sandbox, ["render", ProjectFixture.earthrise, "-o", "film.mp4"] + Self.small + arguments, Self.withoutLoader())
            #expect(done.status == 1 && done.isOneSentence && done.out.isEmpty, "\(done.error)")
            let cause = "there is no Vulkan loader (libvulkan.so.1); install it (Debian: libvulkan1)"
            #expect(done.error.contains(cause), "\(done.error)")
            #expect(done.error.contains("--backend cpu gives the same frames"))
            #expect(try Files.list(sandbox.output).isEmpty)
        }
        let sandbox = try Sandbox()
        let doctor = try run(sandbox, ["doctor"], Self.withoutLoader())
        #expect(doctor.status == 0 && doctor.out.contains("--   Vulkan: there is no Vulkan loader"))
    }

    /// One GPU, and one file of compiled shaders, for several processes at once.
    @Test func severalProcessesOnOneDevice() throws {
        let sandbox = try Sandbox()
        let project = try ProjectFixture.make(in: sandbox, count: 2)
        func command(_ name: String, _ backend: String...) -> [String] {
            [Burns.path] + Burns.render(project, to: "\(sandbox.output)/\(name).mp4") + ["--no-cache", "--quiet"] + backend
        }
        let running = try (0..<3).map {
            try sandbox.start(command("\($0)", "--backend", "vulkan", "--device", "llvmpipe"), environment: Self.software)
        }
        for process in running {
            let done = try process.wait(secondsAllowed: 120)
            #expect(done.status == 0 && done.error.isEmpty, "\(done.error)")
        }
        #expect(try sandbox.start(command("cpu", "--backend", "cpu")).wait().status == 0)
        let want = try Files.read(sandbox.output + "/cpu.mp4")
        for index in 0..<3 { #expect(try Files.read("\(sandbox.output)/\(index).mp4") == want) }
        #expect(try Files.list(sandbox.root + "/.cache/burns").count == 1 && sandbox.leftovers.isEmpty)
    }

    /// The whole program with the validation layers, synchronisation included, listening in.
    @Test(arguments: [
        ["bench", "--quick", "--size", "160x90", "--device", "llvmpipe"], ["render", "--no-cache", "--device", "llvmpipe"],
    ])
    func nothingToComplainOf(command: [String]) throws {
        let sandbox = try Sandbox()
        let project = try ProjectFixture.make(in: sandbox, count: 2)
        let log = sandbox.root + "/validation.txt"
        let settings = sandbox.root + "/vk_layer_settings.txt"
        try Files.write(
            """
            khronos_validation.enables = VK_VALIDATION_FEATURE_ENABLE_SYNCHRONIZATION_VALIDATION_EXT
            khronos_validation.report_flags = error,warn,info
            khronos_validation.debug_action = VK_DBG_LAYER_ACTION_LOG_MSG
            khronos_validation.log_filename = \(log)

            """, settings)
        let layers = ["VK_INSTANCE_LAYERS": "VK_LAYER_KHRONOS_validation", "VK_LAYER_SETTINGS_PATH": settings]
        let output = command[0] == "render" ? ["-o", "film.mp4", "--size", "160x90", "--fps", "4"] : []
        let done = try run(sandbox, [command[0], project] + command.dropFirst() + output, Self.software.merging(layers) { $1 })
        #expect(done.status == 0, "\(done.error)")
        // They say that they are there, and nothing else.
        let said = String(decoding: try Files.read(log), as: UTF8.self)
        let enabled = "Current Enables: VK_VALIDATION_FEATURE_ENABLE_SYNCHRONIZATION_VALIDATION"
        for word in ["Khronos Validation Layer Active", enabled] {
            #expect(said.contains(word), "\(said.prefix(500))")
        }
        for word in ["Error", "ERROR", "Warning", "WARNING", "SYNC-HAZARD", "VUID-"] {
            #expect(!said.contains(word), "\(said.prefix(3000))")
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
