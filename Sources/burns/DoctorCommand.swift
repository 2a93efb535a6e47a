import ArgumentParser
import JSON
import Rendering

struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Say what works on this machine, and what to do about the rest.",
        discussion: "Example: burns doctor --json")

    @OptionGroup var store: StoreOptions
    @Flag(help: "Print the findings as JSON on stdout.")
    var json = false

    func run() throws {
        let findings = Doctor.examine(store: store.store)
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
