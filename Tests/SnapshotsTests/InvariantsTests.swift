import Model
import TestSupport
import Testing

@testable import Snapshots

@Suite struct InvariantsTests {
    /// 20 rows read, 3 rejected, 17 accepted, 2 duplicates, 15 unique.
    private func sound() -> RunSummary {
        var run = SampleRun(rows: [])
        run.summary.source.rowsRead = 20
        run.summary.source.accepted = 17
        run.summary.source.duplicates = 2
        run.summary.source.unique = 15
        run.summary.source.rejected = [.init(reason: "blank", rows: 2), .init(reason: "null", rows: 1)]
        run.summary.counts.online = 6
        run.summary.counts.failed = 5
        run.summary.counts.notAsked = 4
        return run.summary
    }

    @Test func `hold for sound numbers`() throws {
        try Invariants.check(sound())
        try Invariants.check(SampleRun(rows: []).summary)
    }

    struct Change: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var expected: String
        var apply: @Sendable (inout RunSummary) -> Void

        init(_ name: String, _ expected: String, _ apply: @escaping @Sendable (inout RunSummary) -> Void) {
            testDescription = name
            self.expected = expected
            self.apply = apply
        }
    }

    @Test(arguments: [
        Change("a row read more", "rows_read = accepted + rejected, but 21 is not 20") { $0.source.rowsRead += 1 },
        Change("a row read less", "rows_read = accepted + rejected, but 19 is not 20") { $0.source.rowsRead -= 1 },
        Change("a row rejected more", "rows_read = accepted + rejected, but 20 is not 21") { $0.source.reject("null") },
        Change("a new reason", "rows_read = accepted + rejected, but 20 is not 21") { $0.source.reject("new") },
        Change("a duplicate more", "accepted = unique + duplicates, but 17 is not 18") { $0.source.duplicates += 1 },
        Change("an id less", "accepted = unique + duplicates, but 17 is not 16") { $0.source.unique -= 1 },
        Change("an id online more", "unique = sum of counts, but 15 is not 16") { $0.counts.online += 1 },
        Change("an id lost", "unique = sum of counts, but 15 is not 14") { $0.counts.notAsked -= 1 },
        Change("an id unknown more", "unique = sum of counts, but 15 is not 16") { $0.counts.unknown += 1 },
        Change("an id not returned more", "unique = sum of counts, but 15 is not 16") { $0.counts.notReturned += 1 },
        Change("an id try-later more", "unique = sum of counts, but 15 is not 16") { $0.counts.tryLater += 1 },
    ])
    func `name the equation that does not hold`(_ change: Change) throws {
        var summary = sound()
        change.apply(&summary)
        let error = #expect(throws: BrokenInvariant.self) { try Invariants.check(summary) }
        #expect(error?.description == "the numbers do not add up: \(change.expected)")
    }
}
