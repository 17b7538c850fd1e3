import Formats
import Journal
import Model
import Sandbox
import SnapshotJob
import Snapshots
import TestSupport

/// Made-up runs before the golden one of `reports/sample`: the same ids 20 hours apart. Some ids leave and come back,
/// and a few are not answered in one run.
struct SampleHistory {
    static let count = 8
    private static let hoursApart: Int64 = 20
    /// The index of the run in which some ids are missing from every response.
    private static let incomplete = 4

    private let golden: RunSummary
    private var ids: [[UInt8]] = []

    /// - Parameter run: the golden run.
    /// - Throws: what reading its rows throws.
    init(of run: SnapshotReader) throws {
        golden = run.summary
        var ids: [[UInt8]] = []
        try run.rows { id, _ in ids.append(Array(id)) }
        self.ids = ids
    }

    func publish(in directory: OutputDirectory) throws {
        for number in 0..<Self.count {
            let back = Int64(Self.count - number) * Self.hoursApart * 3_600_000
            let start = Timestamp(milliseconds: golden.run.startedAt.milliseconds - back)
            var random = SeededRandom(seed: UInt64(number) + 1)
            let entries = ids.map { entry(of: $0, in: number, at: start, using: &random) }
            var summary = golden
            summary.run = .init(
                id: RunID(startedAt: start, salt: UInt64.random(in: 0...0xffff, using: &random)), startedAt: start,
                toolVersion: golden.run.toolVersion)
            summary.run.passes = number == Self.incomplete ? 4 : 1
            summary.source.rejected = []
            summary.source.rowsRead = summary.source.accepted
            summary.counts = Counts()
            try directory.work.run(summary.run.id).create()
            let writer = SnapshotWriter(directory, formats: [.csv, .json]) { (publish: 0, total: 0, now: start) }
            let ids = ids
            _ = try Publication(output: directory, now: start).publish(
                summary, writer,
                rows: { visit in for (id, entry) in zip(ids, entries) { try visit(id[...], entry) } },
                exitCode: { $0.unresolved == 0 ? 0 : 3 })
        }
    }

    private func entry(
        of id: [UInt8],
        in run: Int,
        at time: Timestamp,
        using random: inout SeededRandom
    ) -> IDState {
        let (hash, chance) = (FNV1a.hash(id), Int.random(in: 0..<100, using: &random))
        if run == Self.incomplete, hash % 12 == 0 { return IDState(outcome: .notReturned, attempts: 4) }
        var status = SimulatedStatus.status(of: id)
        switch status {
        case .unavailable where UInt64(run) < hash / 100 % 9: status = chance < 30 ? .online : .offline
        case .offline where hash / 100 % 9 < 2 && run < 4 + hash / 100 % 9 * 4: status = .unavailable
        case .offline where chance < 15: status = .online
        case .online where chance < 55: status = .offline
        default: break
        }
        let hours = Int64(hash / 1_000 % 100) * Int64(chance + 1) / 4 + 1
        let lastOnline = status == .offline ? time.milliseconds - hours * 3_600_000 : nil
        return IDState(
            outcome: .answered(StatusAnswer(status: status, lastOnline: lastOnline, checkedAt: time)), attempts: 1)
    }
}
