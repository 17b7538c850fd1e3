import Model
import SnapshotJob
import Testing

import enum SnapshotJob.ExitStatus

/// The reason for which a run stops, and its exit code.
@Suite struct StopReasonTests {
    /// The exit code is that of a signal even if the deadline passed before it. Otherwise the first reason is kept.
    @Test(
        arguments: [
            ([], nil), ([.deadline], .deadline), ([.signal(2), .deadline], .signal(2)),
            ([.deadline, .signal(15)], .signal(15)), ([.signal(1), .signal(2)], .signal(1)),
            ([.cancelled, .signal(2)], .cancelled), ([.deadline, .cancelled], .deadline),
        ] as [([StopReason], StopReason?)])
    func `a signal replaces a deadline and no other reason is replaced`(_ reasons: [StopReason], _ reason: StopReason?)
    {
        let source = StopSource()
        for recorded in reasons { source.record(recorded) }
        #expect(source.reason == reason)
    }

    @Test func `each reason has its exit code`() {
        #expect(ExitStatus(.deadline) == .temporary)
        #expect(ExitStatus(.cancelled) == .temporary)
        for (signal, status) in [(1, .hungUp), (2, .interrupted), (15, .terminated)] as [(Int32, ExitStatus)] {
            #expect(ExitStatus(.signal(signal)) == status)
        }
        for (cause, status) in [
            (.accessDenied, .accessDenied), (.misconfigured, .configuration), (.protocolViolation, .protocolViolation),
            (.temporary, .temporary),
        ] as [(FatalCause, ExitStatus)] {
            let failure = RequestFailure(reason: .connection, failureClass: .fatal(cause), description: "x")
            #expect(ExitStatus(.request(failure)) == status)
        }
    }

    @Test func `the description before anything was sent names the reason`() {
        #expect(StoppedBeforeSending(reason: .signal(15)).description == "stopped by a signal before any id was sent")
        #expect(StoppedBeforeSending(reason: .deadline).description == "the --deadline has passed")
    }
}
