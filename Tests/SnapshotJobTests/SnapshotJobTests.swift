import Files
import Model
import Sandbox
import SnapshotJob
import Snapshots
import Subscribers
import TestSupport
import Testing
import ViberAPI

import enum SnapshotJob.ExitStatus

/// One run from settings to snapshot, in this process.
@Suite(.needs("python3")) struct SnapshotJobTests {
    @Test func `a run is published and leaves no work`() async throws {
        try await JobHarness.with { harness in
            let ids = try harness.writeList(250)
            let result = try await harness.checkedRun(harness.settings())
            #expect(result.status == .complete)
            #expect(result.message == nil)
            let summary = result.published.summary
            #expect(summary.source.unique == ids.count)
            #expect(summary.counts.total == ids.count)
            #expect(summary.api.requests == 3)
            #expect(summary.account?.id == "pa:75346594275468546724")
            #expect(summary.run.toolVersion == "0.0.0")
            #expect(try harness.names().work.isEmpty)
            #expect(try SnapshotReader(harness.directory + "/reports/latest").summary.run.id == summary.run.id)
        }
    }

    @Test func `an ID that the API refuses makes the run incomplete`() async throws {
        try await JobHarness.with({ $0.poison = [SampleIDs.ids(150, seed: 1)[7]] }) { harness in
            try harness.writeList(150)
            let result = try await harness.checkedRun(harness.settings())
            #expect(result.status == .incomplete)
            #expect(result.published.summary.counts.failed == 1)
            let message = try #require(result.message)
            #expect(message.hasPrefix("1 of 150 ids has no definite answer; their rows give the reason: "))
        }
    }

    /// Each reason has its message and its exit code, and the next run resumes the work.
    @Test(arguments: [
        (StopReason.signal(1), ExitStatus.hungUp, "a signal was received"),
        (.signal(2), .interrupted, "a signal was received"), (.signal(15), .terminated, "a signal was received"),
        (.deadline, .temporary, "the --deadline has passed"),
        (.cancelled, .temporary, "the task was cancelled"),
    ])
    func `a stopped run reports the reason`(_ reason: StopReason, _ status: ExitStatus, _ message: String) async throws
    {
        try await JobHarness.with { harness in
            try harness.writeList(500)
            let stopped = try await harness.checkedRun(harness.settings(), stop: .init(requests: 2, reason: reason))
            #expect(stopped.status == status)
            #expect(stopped.published.summary.run.exitCode == status.rawValue)
            #expect(stopped.published.summary.api.requests == 2)
            #expect(stopped.published.summary.counts.notAsked == 300)
            #expect(stopped.message?.hasPrefix("stopped: \(message); 300 of 500 ids have no definite answer") == true)
            let resumed = try await harness.checkedRun(harness.settings())
            #expect(resumed.status == .complete)
            #expect(resumed.published.summary.api.requests == 5)
        }
    }

    /// The clock of these tests advances without waiting, so that the deadline passes at once.
    @Test func `a deadline that passes before anything was sent is an error`() async throws {
        try await JobHarness.with({ $0.faults = [Fault("account:hang")].compactMap(\.self) }) { harness in
            try harness.writeList(100)
            var settings = try harness.settings()
            settings.deadline = .seconds(1)
            let error = try await #require(throws: StoppedBeforeSending.self) { try await harness.run(settings) }
            #expect(error.reason == .deadline)
            // It may pass before the output directory and its work directory are created.
            guard FileSystem.exists(harness.directory + "/reports/.work") else { return }
            #expect(try harness.names().runs.isEmpty)
            #expect(try harness.names().work.isEmpty)
        }
    }

    /// A failure that the account request meets too ends the run, with a partial result.
    @Test func `a failure that every request would meet stops the run`() async throws {
        let faults = ["redirect@3-", "account:redirect@2-"].compactMap { Fault($0) }
        try await JobHarness.with({ $0.faults = faults }) { harness in
            try harness.writeList(500)
            let stopped = try await harness.checkedRun(harness.settings())
            #expect(stopped.status == .configuration)
            // The redirected batch has its reason, and the two after it were not requested.
            #expect(stopped.published.summary.counts.failed == 100)
            #expect(stopped.published.summary.counts.notAsked == 200)
            #expect(stopped.message?.contains("redirected to") == true)
            #expect(try harness.names().work.count == 1)
        }
    }

    @Test func `a refused token leaves no files`() async throws {
        try await JobHarness.with { harness in
            try harness.writeList(100)
            var settings = try harness.settings()
            settings.api.token = try AuthToken("another-token".utf8)
            let error = try await #require(throws: RequestFailure.self) { try await harness.run(settings) }
            #expect(ExitStatus(of: error) == .accessDenied)
            #expect(try harness.names().runs.isEmpty)
            #expect(try harness.names().work.isEmpty)
        }
    }

    /// New count of ids, and the allowed loss in percent, of a list of 200 ids.
    @Test(arguments: [
        (100, 50, true), (99, 50, false), (150, 20, false), (150, 25, true), (199, 0, false), (1, 100, true),
    ])
    func `the share decides whether a list shrank too much`(_ count: Int, _ allowed: Double, _ isAllowed: Bool)
        async throws
    {
        try await JobHarness.with { harness in
            try harness.writeList(200)
            #expect(try await harness.run(harness.settings()).status == .complete)
            try harness.writeList(count)
            var settings = try harness.settings()
            settings.maxShrink = allowed
            if isAllowed {
                #expect(try await harness.checkedRun(settings).status == .complete)
            } else {
                await #expect(throws: SourceError.self) { try await harness.run(settings) }
            }
            #expect(try harness.names().runs.count == (isAllowed ? 2 : 1))
            #expect(try harness.names().work.isEmpty)
        }
    }

    /// There is no warning if the list has more than a third of the ids that Viber counts and less than three times as
    /// many, or fewer than a hundred ids.
    @Test(arguments: [
        (250, 84, false), (250, 250, false), (250, 749, false), (250, 83, true), (250, 750, true), (300, 100, true),
        (299, 100, false), (100, 300, true), (101, 300, false), (99, 300, false), (300, 0, true),
    ])
    func `vibers own count is shown and changes nothing`(_ unique: Int, _ count: Int, _ isUnlikely: Bool) async throws {
        try await JobHarness.with({ $0.subscribers = count }) { harness in
            try harness.writeList(unique)
            let result = try await harness.checkedRun(harness.settings())
            #expect(result.status == .complete)
            #expect(result.published.summary.account?.subscribersCount == count)
            let warned = result.published.summary.warnings.contains { $0.contains("and Viber counts \(count)") }
            #expect(warned == isUnlikely)
            // With --quiet it is not printed.
            #expect(result.quietWarnings.isEmpty)
        }
    }
}
