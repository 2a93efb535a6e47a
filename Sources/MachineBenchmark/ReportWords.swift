import Timeline

/// What things are called, in every form of the report.
extension Stage {
    var title: String {
        switch self {
        case .decode: "decode"
        case .prepare: "prepare"
        case .upload: "upload"
        case .resample: "resample"
        case .readBack: "read back"
        case .resampleAndReadBack: "resample + read back"
        case .encode: "encode"
        case .whole: "whole film"
        }
    }

    /// What is done, in a sentence.
    var meaning: String {
        switch self {
        case .decode: "A picture's file becomes pixels."
        case .prepare: "Pixels become working planes: upright, sRGB, scaled in linear light to what the closest view needs."
        case .upload: "Working planes are brought to the GPU's memory."
        case .resample: "Working planes become frames. A GPU's stay on the device."
        case .readBack: "Frames that a GPU has made are brought to the host, and nothing else."
        case .resampleAndReadBack: "A GPU makes frames and the host gets them, several under way at a time, as in a film."
        case .encode: "Frames that lie in memory become a video stream."
        case .whole: "From picture files to a film, by the normal pipeline. Everybody's frames are compared on the way."
        }
    }
}

extension StageLimit.Kind {
    /// For a narrow column.
    var title: String {
        switch self {
        case .memoryCopy: "memory copy"
        case .hostToDevice: "host → device"
        case .deviceToHost: "device → host"
        case .withinDevice: "device memory"
        case .perfectScaling: "1 thread × n"
        case .encodeAlone: "encode alone"
        }
    }

    /// Whose stages it bounds, where others' have another limit.
    var scope: String {
        switch self {
        case .memoryCopy: " on the CPU"
        case .withinDevice: " on a GPU"
        default: ""
        }
    }

    var meaning: String {
        switch self {
        case .memoryCopy:
            "What has to be read and written, each byte once, at the speed at which as many threads copy memory far beyond the "
                + "caches. Arithmetic and entropy coding cost nothing there. What is still in a cache comes faster, so small "
                + "pictures or large caches can exceed it."
        case .hostToDevice:
            "Large copies from the kind of host memory that pictures are staged in to the device's own, and nothing else."
        case .deviceToHost:
            "Large copies from the device's memory to the kind of host memory that encoders read frames from. Frames that fit "
                + "into caches can exceed it, as a software driver's do."
        case .withinDevice:
            "What has to be read and written, each byte once, at the speed at which the device copies within its own memory. "
                + "What its caches hold comes faster, so small pictures can exceed it."
        case .perfectScaling:
            "The speed of one thread alone, at chunks that are evenly spread over the film, times the number of threads."
        case .encodeAlone:
            "The film's frames lie in memory and are only encoded, in the same chunks, by as many encoders side by side. "
                + "A film can exceed it by no more than rates vary."
        }
    }
}

extension MachineLimit {
    /// - Parameter label: the device's.
    func title(_ label: String?) -> String {
        switch kind {
        case .memoryCopy: "memory copy, \(threads) \(threads == 1 ? "thread" : "threads")"
        case .hostToDevice: "\(label ?? ""): host to device"
        case .deviceToHost: "\(label ?? ""): device to host"
        case .withinDevice: "\(label ?? ""): within its memory"
        }
    }

    var meaning: String {
        switch kind {
        case .memoryCopy: "bytes read and written"
        case .hostToDevice, .deviceToHost: byCopyEngine ? "one direction, by the copy engine" : "one direction"
        case .withinDevice: "bytes read and written"
        }
    }
}

extension DeviceFacts {
    /// "GPU 0", "software 0": short, for tables.
    var label: String { "\(isSoftware ? "software" : "GPU") \(number)" }

    /// Without what drivers add in brackets: "llvmpipe (LLVM 15.0.6, 256 bits)" is "llvmpipe".
    var shortName: String { Self.shortName(of: name) }

    static func shortName(of name: String) -> String {
        let words = name.split(separator: " ").prefix { !$0.hasPrefix("(") }
        return words.isEmpty ? name : words.joined(separator: " ")
    }
}

extension BenchmarkReport {
    func device(_ number: Int?) -> DeviceFacts? { number.flatMap { number in devices.first { $0.number == number } } }

    /// Who it is, as far as that tells one from the other.
    func name(_ contestant: String, _ device: Int?) -> String {
        guard let device = self.device(device) else { return contestant }
        let isOnly = devices.count { $0.shortName == device.shortName } == 1
        return isOnly ? device.shortName : "\(device.shortName) #\(device.number)"
    }

    /// Who it is, short.
    func label(_ contestant: String, _ device: Int?) -> String { self.device(device)?.label ?? contestant }

    /// "AMD EPYC, 2 cores, 23.4 GiB of memory, Debian GNU/Linux 12 (bookworm), Linux 6.1.0".
    var machineSentence: String {
        "\(machine.processor), \(coresText), kernels \(kernelsText), \(NumberText.memory(machine.memoryBytes)) of memory, "
            + "\(machine.system), \(machine.kernel)"
    }

    /// "2 cores", "2 cores with the time of 1.50".
    var coresText: String {
        let cores = "\(machine.cores) \(machine.cores == 1 ? "core" : "cores")"
        if machine.grantedCores >= Double(machine.cores) { return cores }
        return "\(cores) with the time of \(NumberText.fixed(machine.grantedCores, 2))"
    }

    /// Those that are measured, and of which, where these are not all.
    var kernelsText: String {
        let all = machine.levels.joined(separator: ", ")
        guard let last = machine.levels.firstIndex(of: kernels), last + 1 < machine.levels.count else { return all }
        return "\(machine.levels[...last].joined(separator: ", ")) of \(all)"
    }

    var projectSentence: String {
        let what = project.isBuiltIn ? "the built-in project" : "the project \(project.id)"
        return "\(what): \(project.pictures) pictures, \(project.frames) frames at \(project.framesPerSecond) fps, "
            + "\(project.encoder), \(jobs) \(jobs == 1 ? "job" : "jobs")"
    }
}

extension BenchmarkReport {
    func sentence(_ failure: DeviceFailure) -> String { "\(failure.sentence); it is left out from there on" }

    /// "GPU 0 alone, by its own clock: 0.38 ms a frame", of each device with a clock.
    func clockSentences(_ size: SizeReport) -> [String] {
        size.rows(.resample).compactMap { row in
            row.deviceSecondsPerItem.map { seconds in
                "\(name(row.contestant, row.device)) alone, one frame after the other, by its own clock: "
                    + "\(NumberText.short(seconds * 1e3)) ms a frame"
            }
        }
    }
}

extension SizeReport {
    /// Whether a row is of less than the whole film.
    func isPart(_ row: StageRow) -> Bool { row.stage == .whole && films.contains { $0.device == row.device && !$0.isWhole } }

    /// What stands before a row: its stage's name where it begins, and where no longer the whole film is made.
    func heading(_ stage: Stage, row index: Int) -> String {
        let rows = rows(stage)
        guard stage == .whole else { return index == 0 ? stage.title : "" }
        if index == 0 { return isPart(rows[index]) ? "film's first part" : stage.title }
        return isPart(rows[index]) && !isPart(rows[index - 1]) ? "  its first part" : ""
    }

    var title: String { "\(size.width) × \(size.height)" }

    /// "8 frames, 2 of them with two pictures; everybody's are the same, bit for bit, and so are 192 frames of their films".
    var sampleSentence: String {
        let fewer = verification.counts.filter { $0.frames < sampleFrames }.map {
            "\(DeviceFacts.shortName(of: $0.name)) made the first \($0.frames)"
        }
        let blended = blendedFrames == 0 ? "" : ", \(blendedFrames) of them with two pictures"
        return "\(sampleFrames) frames\(blended)\(fewer.map { "; " + $0 }.joined()); everybody's are the same, bit for bit"
            + (comparedFilmFrames > 0 ? ", and so are \(comparedFilmFrames) frames of their films" : "")
    }
}
