import JSON
import Timeline

/// The report as one JSON document. Units are in the names; rates are medians unless they say otherwise.
public enum ReportDocument {
    public static func document(_ report: BenchmarkReport) -> JSON {
        let machine = report.machine
        return [
            "burns_version": .string(report.version), "started_at": .string(report.startedAt), "seconds": .number(report.seconds),
            "quick": .bool(report.isQuick), "jobs": .integer(Int64(report.jobs)),
            "kernels": .string(report.kernels),
            "machine": [
                "processor": .string(machine.processor), "cores": .integer(Int64(machine.cores)),
                "granted_cores": .number(machine.grantedCores),
                "memory_bytes": .integer(Int64(machine.memoryBytes)), "system": .string(machine.system),
                "kernel": .string(machine.kernel), "cpu_levels": .array(machine.levels.map { .string($0) }),
            ],
            "project": [
                "id": .string(report.project.id), "built_in": .bool(report.project.isBuiltIn),
                "pictures": .integer(Int64(report.project.pictures)), "frames": .integer(Int64(report.project.frames)),
                "fps": .string(report.project.framesPerSecond), "encoder": .string(report.project.encoder),
            ],
            "devices": .array(report.devices.map(device)), "limits": .array(report.limits.map(limit)),
            "sizes": .array(report.sizes.map(size)), "verdicts": .array(report.verdicts.map(verdict)),
            "failures": .array(report.failures.map(failure)), "notes": .array(report.notes.map { .string($0) }),
        ]
    }

    private static func failure(_ failure: DeviceFailure) -> JSON {
        [
            "device": .integer(Int64(failure.device)), "name": .string(failure.name), "task": .string(failure.task),
            "reason": .string(failure.reason),
        ]
    }

    private static func device(_ device: DeviceFacts) -> JSON {
        [
            "number": .integer(Int64(device.number)), "name": .string(device.name), "kind": .string(device.kind),
            "driver": .string(device.driver), "memory_bytes": .integer(Int64(device.memoryBytes)),
            "software": .bool(device.isSoftware),
        ]
    }

    private static func limit(_ limit: MachineLimit) -> JSON {
        [
            "kind": .string(limit.kind.rawValue), "device": number(limit.device), "threads": .integer(Int64(limit.threads)),
            "copy_engine": .bool(limit.byCopyEngine), "bytes_per_s": .number(limit.bytesPerSecond.median),
            "best_bytes_per_s": .number(limit.bytesPerSecond.best), "rounds": .integer(Int64(limit.bytesPerSecond.rounds.count)),
            "meaning": .string(limit.meaning),
        ]
    }

    private static func size(_ size: SizeReport) -> JSON {
        [
            "width": .integer(Int64(size.size.width)), "height": .integer(Int64(size.size.height)),
            "sample": [
                "frames": .integer(Int64(size.sampleFrames)), "frames_of_two_pictures": .integer(Int64(size.blendedFrames)),
                "sha256": .array(size.verification.hashes.map { .string($0) }),
                "compared": .array(
                    size.verification.counts.map { ["contestant": .string($0.name), "frames": .integer(Int64($0.frames))] }),
            ],
            "stages": .array(size.rows.map(row)), "films": .array(size.films.map(film)),
            "film_frames_compared": .integer(Int64(size.comparedFilmFrames)),
            "notes": .array(size.notes.map { .string($0) }),
        ]
    }

    private static func row(_ row: StageRow) -> JSON {
        [
            "stage": .string(row.stage.rawValue), "contestant": .string(row.contestant), "device": number(row.device),
            "software": .bool(row.isSoftware), "threads": .integer(Int64(row.threads)), "item": .string(row.item.rawValue),
            "items": .integer(Int64(row.rate.itemCount)), "rounds": .integer(Int64(row.rate.rounds.count)),
            "items_per_s": .number(row.rate.median), "best_items_per_s": .number(row.rate.best),
            "wall_s_per_item": .number(row.rate.medianSeconds), "min_wall_s_per_item": .number(row.rate.minimumSeconds),
            "cpu_s_per_item": .number(row.rate.cpuSecondsPerItem), "bytes_per_item": number(row.bytesPerItem),
            "bytes_per_s": number(row.bytesPerItem.map { $0 * row.rate.median }),
            "device_s_per_item": number(row.deviceSecondsPerItem),
            "limit": row.limit.map { ["kind": .string($0.kind.rawValue), "items_per_s": .number($0.itemsPerSecond)] } ?? .null,
            "ratio_to_limit": number(row.ratio),
        ]
    }

    private static func film(_ film: FilmRun) -> JSON {
        [
            "contestant": .string(film.contestant), "device": number(film.device), "software": .bool(film.isSoftware),
            "jobs": .integer(Int64(film.jobs)), "frames": .integer(Int64(film.frames)), "whole": .bool(film.isWhole),
            "wall_s": .number(film.wallSeconds), "cpu_s": .number(film.cpuSeconds),
            "thread_s": [
                "decode": .number(film.times.decode), "prepare": .number(film.times.prepare),
                "resample": .number(film.times.resample), "encode": .number(film.times.encode),
                "audio": .number(film.times.audio), "assemble": .number(film.times.assemble),
            ],
        ]
    }

    private static func verdict(_ verdict: Verdict) -> JSON {
        [
            "question": .string(verdict.question.rawValue), "device": .integer(Int64(verdict.device)),
            "width": .integer(Int64(verdict.size.width)), "height": .integer(Int64(verdict.size.height)),
            "value": .number(verdict.value), "wanted": .number(verdict.question.wanted),
            "met": verdict.isMet.map { .bool($0) } ?? .null,
        ]
    }

    private static func number(_ value: Double?) -> JSON { value.flatMap { $0.isFinite ? .number($0) : nil } ?? .null }
    private static func number(_ value: Int?) -> JSON { value.map { .integer(Int64($0)) } ?? .null }
}
