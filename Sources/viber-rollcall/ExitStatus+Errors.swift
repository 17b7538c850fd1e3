import ArgumentParser
import Audit
import Files
import HTTP
import HistoryJobs
import Model
import Sandbox
import SnapshotJob
import Snapshots
import Subscribers

extension ExitStatus {
    var code: ExitCode { ExitCode(rawValue) }

    static var table: String {
        "Exit codes:\n"
            + allCases.map { status in
                let code = String(status.rawValue)
                return String(repeating: " ", count: 5 - code.count) + code + "  " + status.meaning
            }.joined(separator: "\n")
    }

    /// The exit code of one of the program's own errors; nil for errors of the argument parser.
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
        case is PruneRefusal, is AuditRefusal: self = .gate
        case is LockHeld: self = .temporary
        case is BrokenInvariant: self = .brokenInvariant
        case is UsageError, is ReservedName: self = .usage
        case is ConfigurationError, is HTTPClient.UnusableCertificates, is HTTPClient.MissingCACertificates,
            is HTTPClient.UnreadableCACertificates:
            self = .configuration
        case is SandboxServer.Unavailable: self = .unreachable
        case let error as RequestFailure: self.init(of: error)
        case let error as StoppedBeforeSending: self.init(error.reason)
        default: return nil
        }
    }
}

/// An option or environment variable whose value is not valid, or that cannot be used with another one.
struct UsageError: Error, CustomStringConvertible {
    var description: String
}

/// An error in the setup: trying again later does not help.
struct ConfigurationError: Error, CustomStringConvertible {
    var description: String
}
