import ArgumentParser
import JSON
import Rendering

struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Say what works on this machine, and what to do about the rest.",
        discussion: """
            Example: burns doctor --store s3://burns-videos

            Always: where the credentials for S3 are from and whose they are. Of a bucket: where it is, whether it can be listed \
            and written. Nothing is written, and no secret is shown.
            """)

    @OptionGroup var store: StoreOptions
    @Flag(help: "Print the findings as JSON on stdout.")
    var json = false

    func run() throws {
        let cancellation = Cancellation()
        let watch = SignalWatch(cancellation, resume: "start again")
        defer { watch.end() }
        let findings = try Doctor.examine(store: store.named(), store.settings, cancellation: cancellation)
        if json {
            try Console.print(Doctor.document(findings).serialized(pretty: true))
        } else {
            for finding in findings {
                let mark =
                    switch finding.state {
                    case .works: Console.mark("ok  ", 32)
                    case .absent: Console.mark("--  ", 33)
                    case .broken: Console.mark("FAIL", 31)
                    }
                try Console.print("\(mark) \(finding.topic): \(Console.printable(finding.text))")
            }
        }
        if findings.contains(where: { $0.state == .broken }) { throw ExitCode(1) }
    }
}
