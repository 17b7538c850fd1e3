import ArgumentParser
import Audit
import Files
import Model
import Sandbox
import Snapshots
import Subscribers
import ViberAPI

/// The exit codes, which are read by cron and alerts where words are not. The one place that gives them.
enum ExitStatus: Int32, CaseIterable {
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
    case nonsense = 76
    case accessDenied = 77
    case configuration = 78
    case hungUp = 129
    case interrupted = 130
    case terminated = 143

    /// What the code says, as help and README print it.
    var meaning: String {
        switch self {
        case .complete: "complete: every id has a definite answer"
        case .incomplete: "finished, and the snapshot is published as incomplete: ids without a definite answer"
        case .gate: "a gate of audit tripped, or prune-list refused"
        case .usage: "usage"
        case .unusableSource: "source unusable, or a snapshot that does not verify"
        case .missingSource: "source or snapshot missing or unreadable"
        case .unreachable: "API unreachable"
        case .brokenInvariant: "the numbers do not add up: a defect of this program"
        case .cannotCreate: "cannot create output"
        case .inputOutput: "reading or writing failed, such as on a full disk"
        case .temporary: "try again later: locked by another run, out of time, throttled, or no answer for too long"
        case .nonsense: "the API answered nonsense"
        case .accessDenied: "token refused or account blocked"
        case .configuration: "configuration: token, TLS, URL, redirect"
        case .hungUp: "stopped by SIGHUP, in order: the next run continues"
        case .interrupted: "stopped by SIGINT, in order: the next run continues"
        case .terminated: "stopped by SIGTERM, in order: the next run continues"
        }
    }

    var code: ExitCode { ExitCode(rawValue) }

    static var table: String {
        "Exit codes:\n"
            + allCases.map { status in
                let code = String(status.rawValue)
                return String(repeating: " ", count: 5 - code.count) + code + "  " + status.meaning
            }.joined(separator: "\n")
    }

    /// The code of an error that has words of its own; nil for those of the argument parser.
    init?(of error: any Error) {
        switch error {
        case let error as FileError:
            switch error.kind {
            case .unreadable: self = .missingSource
            case .cannotCreate: self = .cannotCreate
            case .failed: self = .inputOutput
            }
        case SourceError.locked: self = .temporary
        case is SourceError, is GzipError, is DamagedSnapshot, is UnsoundSnapshot: self = .unusableSource
        case is NoSuchRun: self = .missingSource
        case is PruneRefusal: self = .gate
        case is LockHeld: self = .temporary
        case is BrokenInvariant: self = .brokenInvariant
        case is UsageError: self = .usage
        case is ConfigurationError, is ViberClient.UnusableCertificates, is ViberClient.NoAuthorities,
            is ViberClient.DamagedAuthorities:
            self = .configuration
        case is SandboxServer.Unavailable: self = .unreachable
        case let error as RequestFailure: self.init(of: error)
        case let error as StoppedBySignal: self.init(signal: error.signal)
        case let error as UnfinishedPublication: self.init(of: error.cause)
        default: return nil
        }
    }

    /// The code of a run that a failed request ended.
    init(of failure: RequestFailure) {
        switch failure.handling {
        case .fatal(.accessDenied): self = .accessDenied
        case .fatal(.misconfigured): self = .configuration
        case .fatal(.nonsense): self = .nonsense
        case .fatal(.temporary): self = .temporary
        case .fatal(.signal(let signal)): self.init(signal: signal)
        case .throttled: self = .temporary
        default: self = failure.reason == .connection || failure.reason == .timeout ? .unreachable : .nonsense
        }
    }

    /// The code of a process that a signal stopped.
    init(signal: Int32) { self = ExitStatus(rawValue: 128 + signal) ?? .terminated }

    /// The code of a run that published a snapshot.
    init(counts: Counts, stopped: RequestFailure?) {
        if let stopped {
            self.init(of: stopped)
        } else {
            self = counts.unresolved == 0 ? .complete : .incomplete
        }
    }
}

/// An option or environment variable whose value cannot be read, or that does not go with another.
struct UsageError: Error, CustomStringConvertible {
    var description: String
}

/// Something about the set-up that no waiting mends.
struct ConfigurationError: Error, CustomStringConvertible {
    var description: String
}

/// The process was told to stop before anything was sent.
struct StoppedBySignal: Error, CustomStringConvertible {
    var signal: Int32

    var description: String { "stopped by a signal before any id was sent" }
}
