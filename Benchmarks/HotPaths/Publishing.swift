import Formats
import Foundation
import Journal
import Model

@testable import Files
@testable import Snapshots

extension HotPath {
    /// From answers to rows to gzip.
    static func publishing(_ list: SampleIDs) throws -> [HotPath] {
        func rows(_ append: (ArraySlice<UInt8>, IDState, inout [UInt8]) -> Void) -> [UInt8] {
            var text: [UInt8] = []
            for (index, id) in list.ids.enumerated() {
                append(id[...], IDState(outcome: .answered(list.answer(index)), attempts: 1), &text)
            }
            return text
        }
        func csv() -> [UInt8] {
            var tail = CachedRowSuffix()
            return rows { id, entry, text in SubscribersCSV.append(id, entry, tail: &tail, to: &text) }
        }
        let text = csv()
        // Some megabytes, so that all cores are busy. The repetitions are farther apart than the window of zlib.
        let repetitions = 20
        let all = Array(repeatElement(text, count: repetitions).joined())
        let pieces = stride(from: 0, to: all.count, by: 1 << 14).map { all[$0..<min($0 + 1 << 14, all.count)] }
        let blocks = stride(from: 0, to: all.count, by: 1 << 19).map { Array(all[$0..<min($0 + 1 << 19, all.count)]) }
        return [
            HotPath(name: "write CSV rows", ids: list.ids.count) { precondition(csv().count == text.count) },
            HotPath(name: "write JSON rows", ids: list.ids.count) {
                var tail = CachedRowSuffix()
                let json = rows { id, entry, text in
                    SnapshotJSON.append(id, entry, isLast: false, tail: &tail, to: &text)
                }
                precondition(json.count > text.count)
            },
            HotPath(name: "compress CSV rows", ids: list.ids.count * repetitions) {
                let path = list.path("compressed")
                try FileSystem.remove(path)
                let gzip = try GzipWriter(OutputFile(creating: path))
                for piece in pieces { try gzip.append { $0.append(contentsOf: piece) } }
                try gzip.finish()
            },
            HotPath(name: "compress on one core", ids: list.ids.count * repetitions) {
                for block in blocks { precondition(DeflatedBlock(block, level: 2) != nil) }
            },
        ]
    }

    /// Reading back and verifying a published snapshot.
    static func reading(_ list: SampleIDs) throws -> [HotPath] {
        let output = OutputDirectory(list.path("reports"))
        let lock = try output.work.lock(at: Timestamp(milliseconds: 1_764_100_000_000))
        defer { withExtendedLifetime(lock) {} }
        let started = Timestamp(milliseconds: 1_764_100_000_000)
        var source = RunSummary.Source(kind: "csv", name: "ids.csv", column: "id")
        source.rowsRead = list.ids.count
        source.accepted = list.ids.count
        source.unique = list.ids.count
        let run = RunSummary.Run(id: RunID(startedAt: started, salt: 1), startedAt: started, toolVersion: "0")
        try output.work.run(run.id).create()
        let published = try SnapshotWriter(output, formats: [.csv, .json], clock: { (0, 0, started) }).publish(
            RunSummary(run: run, source: source)
        ) { visit in
            for (index, id) in list.ids.enumerated() {
                try visit(id[...], IDState(outcome: .answered(list.answer(index)), attempts: 1))
            }
        } exitCode: { _ in
            0
        }
        return [
            HotPath(name: "verify both files", ids: list.ids.count) {
                let verification = try Verification(of: published.path)
                precondition(verification.findings.isEmpty)
            }
        ]
    }
}
