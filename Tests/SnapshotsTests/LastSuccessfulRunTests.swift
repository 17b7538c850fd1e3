import Model
import TestSupport
import Testing

@testable import Snapshots

/// The newest successful run of a source, which the next run is compared with.
@Suite struct LastSuccessfulRunTests {
    /// Publishes a run that started some minutes after the first one.
    @discardableResult
    private func publish(
        _ minutes: Int64,
        rows: [SnapshotRow] = SnapshotRow.complete,
        key: String = SampleRun.key,
        in path: String
    ) throws -> RunID {
        var run = SampleRun(rows: rows)
        let start = Timestamp(milliseconds: SampleRun.startedAt.milliseconds + minutes * 60_000)
        run.summary.run.id = RunID(startedAt: start, salt: UInt64(minutes))
        run.summary.run.startedAt = start
        run.summary.source.key = key
        return try run.publish(in: OutputDirectory(path)).summary.run.id
    }

    private func last(_ key: String = SampleRun.key, in path: String) throws -> RunID? {
        var source = SampleRun(rows: []).summary.source
        source.key = key
        return try PublishedRuns.lastSuccessful(of: source, in: OutputDirectory(path), now: SampleRun.startedAt)?
            .summary.run.id
    }

    @Test func `it is the newest that is successful and of the source`() async throws {
        try await withTemporaryDirectory { path in
            #expect(try last(in: path + "/none") == nil)
            #expect(try last(in: path) == nil)
            let first = try publish(0, in: path)
            #expect(try last(in: path) == first)
            let second = try publish(1, in: path)
            #expect(try last(in: path) == second)
            // A run with exit code 3 and a run of another source do not count.
            try publish(2, rows: SnapshotRow.everyOutcome, in: path)
            let other = try publish(3, key: "other", in: path)
            #expect(try last(in: path) == second)
            #expect(try last("other", in: path) == other)
            #expect(try last("third", in: path) == nil)
        }
    }

    @Test func `a run of the future and a damaged run are skipped`() async throws {
        try await withTemporaryDirectory { path in
            let first = try publish(0, in: path)
            let damaged = try publish(1, in: path)
            try publish(6, in: path)
            #expect(try last(in: path) == damaged)
            try write("{", to: "\(path)/\(damaged)/summary.json")
            #expect(try last(in: path) == first)
        }
    }
}
