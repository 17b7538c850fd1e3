package import Model

/// The exit codes of all commands, for cron jobs and alerts that do not read messages.
package enum ExitStatus: Int32, CaseIterable {
    case complete = 0
    case incomplete = 3
    case gate = 4
    case usage = 64
    case unusableSource = 65
    case missingSource = 66
    case unreachable = 69
    case brokenInvariant = 70
    case cannotCreate = 73
    case inputOutput = 74
    case temporary = 75
    case protocolViolation = 76
    case accessDenied = 77
    case configuration = 78
    case hungUp = 129
    case interrupted = 130
    case terminated = 143

    /// The meaning of the code, as in the help and in README.md.
    package var meaning: String {
        switch self {
        case .complete: "complete: every id has a definite answer"
        case .incomplete: "finished, and the snapshot is published as incomplete: ids without a definite answer"
        case .gate: "an audit gate tripped, or prune-list refused"
        case .usage: "usage"
        case .unusableSource: "source unusable, or a snapshot that does not verify"
        case .missingSource: "source or snapshot missing or unreadable"
        case .unreachable: "API unreachable"
        case .brokenInvariant: "the numbers do not add up: a bug in this program"
        case .cannotCreate: "cannot create output"
        case .inputOutput: "reading or writing failed, such as on a full disk"
        case .temporary: "try again later: locked by another run, out of time, throttled, or no answer for too long"
        case .protocolViolation: "invalid API response"
        case .accessDenied: "token rejected or account blocked"
        case .configuration: "configuration: token, TLS, URL, redirect"
        case .hungUp: "stopped by SIGHUP: the next run resumes"
        case .interrupted: "stopped by SIGINT: the next run resumes"
        case .terminated: "stopped by SIGTERM: the next run resumes"
        }
    }

    /// The code of a run that ended with a failed request.
    package init(of failure: RequestFailure) {
        switch failure.failureClass {
        case .fatal(.accessDenied): self = .accessDenied
        case .fatal(.misconfigured): self = .configuration
        case .fatal(.protocolViolation): self = .protocolViolation
        case .fatal(.temporary): self = .temporary
        case .throttled: self = .temporary
        default: self = failure.reason == .connection || failure.reason == .timeout ? .unreachable : .protocolViolation
        }
    }

    /// The code of a process that a signal stopped.
    package init(signal: Int32) { self = ExitStatus(rawValue: 128 + signal) ?? .terminated }

    /// The code of a run that stopped early.
    package init(_ reason: StopReason) {
        switch reason {
        case .deadline, .cancelled: self = .temporary
        case .signal(let signal): self.init(signal: signal)
        case .request(let failure): self.init(of: failure)
        }
    }

    /// The code of a run that published a snapshot.
    package init(counts: Counts, stopped: StopReason?) {
        if let stopped {
            self.init(stopped)
        } else {
            self = counts.unresolved == 0 ? .complete : .incomplete
        }
    }
}
