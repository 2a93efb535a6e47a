import HTTP
import Synchronization

/// The time that requests are signed with: the machine's, put right by what AWS answers.
///
/// AWS refuses signatures that are more than some minutes off. A machine whose clock is wrong still knows from the `Date` of that
/// refusal by how much.
/// - Thread rule: any thread.
public final class AWSClock: Sendable {
    private let machine: @Sendable () -> AWSDate
    private let offsetSeconds = Mutex(0)

    public init(machine: @escaping @Sendable () -> AWSDate = { .now }) { self.machine = machine }

    /// The machine's time with the correction.
    public var now: AWSDate { machine().adding(seconds: correctionSeconds) }

    /// What is added to the machine's time; 0 until AWS has said otherwise.
    public var correctionSeconds: Int { offsetSeconds.withLock { $0 } }

    /// Learns from a refused request.
    ///
    /// - Parameters:
    ///   - code: the error's, such as "RequestTimeTooSkewed".
    ///   - signedAt: the time that was in the refused request.
    /// - Returns: whether signing it once more can help: the refusal was about time, and the clock stands elsewhere now.
    public func correct(code: String, headers: HTTPHeaders, signedAt: AWSDate) -> Bool {
        guard AWSClock.isAboutTime(code), let server = headers["Date"].flatMap(AWSDate.init(http:)) else { return false }
        // Signatures hold for 5 minutes at least; what was off by less was refused for something else.
        guard abs(server.seconds(since: signedAt)) >= AWSClock.toleranceSeconds else { return false }
        offsetSeconds.withLock { $0 = server.seconds(since: machine()) }
        return true
    }

    private static let toleranceSeconds = 240

    /// S3 has a code of its own. Elsewhere a wrong time is one of the reasons for a signature that does not match.
    private static func isAboutTime(_ code: String) -> Bool {
        ["RequestTimeTooSkewed", "RequestExpired", "SignatureDoesNotMatch", "InvalidSignatureException", "RequestInTheFuture",
         "AuthFailure"].contains(code)
    }
}
