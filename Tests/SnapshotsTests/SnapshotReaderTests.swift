import Files
import Formats
import Model
import TestSupport
import Testing

@testable import Snapshots

@Suite struct SnapshotReaderTests {
    @Test func `reads back a published snapshot`() async throws {
        try await withTemporaryDirectory { path in
            var run = SampleRun(rows: SnapshotRow.everyOutcome)
            run.add(duplicates: 4, rejected: [(2, "zeta", [], 1), (3, "alpha", [], 2), (5, "zeta", [], 1)])
            run.summary.api.throttled = 5
            run.summary.api.extraUsers = 6
            run.summary.api.duplicateUsers = 7
            run.summary.api.statusMessageMismatches = 8
            run.summary.source.trimmed = 9
            let published = try run.publish(in: OutputDirectory(path))
            let reader = try SnapshotReader(published.path)
            #expect(reader.files == published.files)
            // Times of a run are written in whole seconds.
            var expected = published.summary
            expected.run.finishedAt = Timestamp(milliseconds: 1_795_302_961_000)
            #expect(reader.summary == expected)
            #expect(reader.summary.source.rejected.map(\.reason) == ["zeta", "alpha"])
        }
    }

    @Test func `reads back a run without an account`() async throws {
        try await withTemporaryDirectory { path in
            var run = SampleRun(rows: [])
            run.summary.account = nil
            run.summary.accountError = "no \"answer\""
            let reader = try SnapshotReader(try run.publish(in: OutputDirectory(path)).path)
            #expect(reader.summary.account == nil)
            #expect(reader.summary.accountError == "no \"answer\"")
        }
    }

    @Test func `reads the rows of both files`() async throws {
        var random = SeededRandom(seed: 51)
        let rows =
            SnapshotRow.everyOutcome.map { SnapshotRow(id: Array("outcome-".utf8) + $0.id, entry: $0.entry) }
            + SnapshotRow.random(2_000, of: SnapshotRow.printable, definite: false, using: &random)
        try await withTemporaryDirectory { path in
            let reader = try SnapshotReader(try SampleRun(rows: rows).publish(in: OutputDirectory(path)).path)
            var csv = try reader.csvRows()
            var json = try reader.jsonRows()
            for row in rows {
                #expect(try csv.next() == row)
                #expect(try json.next() == row)
            }
            #expect(try csv.next() == nil)
            #expect(try json.next() == nil)
            #expect(try json.next() == nil)
            #expect(csv.members == 1)
            #expect(json.gzipMembers == 1)
        }
    }

    @Test(arguments: [
        ("", "", "is not the summary of a run"), ("{", "[", "is not the summary of a run"),
        ("snapshot/1", "snapshot/2", "has the schema 'viber-rollcall/snapshot/2', not viber-rollcall/snapshot/1"),
        ("\"failed\": 0", "\"failing\": 0", "is not the summary of a run"),
        ("\"unique\": 6", "\"unique\": \"6\"", "is not the summary of a run"),
        ("\"unique\": 6", "\"unique\": 6.5", "is not the summary of a run"),
        ("20261121T231500Z-7f3a", "20261121T231500Z-7F3A", "is not the summary of a run"),
        ("2026-11-21T23:15:00Z", "2026-11-21 23:15:00", "is not the summary of a run"),
        ("\"complete\": true", "\"complete\": \"true\"", "is not the summary of a run"),
        // Sums of these would overflow.
        ("\"unique\": 6", "\"unique\": 9223372036854775807", "is not the summary of a run"),
        ("\"failed\": 0", "\"failed\": -1", "is not the summary of a run"),
        ("\"online\": ", "\"online\": 922337203685477580", "is not the summary of a run"),
        ("\"resumed\": 1", "\"resumed\": 9223372036854775807", "is not the summary of a run"),
        ("\"passes\": ", "\"passes\": -", "is not the summary of a run"),
        ("\"trimmed\": 0", "\"trimmed\": -1", "is not the summary of a run"),
        ("\"rejected\": {", "\"rejected\": {\"a\": 9007199254740992, \"b\": 1", "is not the summary of a run"),
        // Invalid JSON in a value that is not used.
        ("\"tool_version\": \"", "\"tool_version\": \"\\q", "is not the summary of a run"),
        ("\"files\": [", "\"file\": [", "is not the summary of a run"),
    ])
    func `refuses a malformed summary`(_ old: String, _ new: String, _ expected: String) async throws {
        try await withTemporaryDirectory { path in
            let published = try SampleRun(rows: SnapshotRow.complete).publish(in: OutputDirectory(path))
            let file = published.path + "/summary.json"
            let text = String(decoding: try bytes(of: file), as: UTF8.self)
            let changed = old.isEmpty ? "" : text.replacing(old, with: new, maxReplacements: 1)
            #expect(changed != text)
            try write(changed, to: file)
            let error = #expect(throws: DamagedSnapshot.self) { try SnapshotReader(published.path) }
            #expect(error?.description == "summary.json " + expected)
        }
    }

    /// A line without an end in a small compressed file would fill the memory.
    @Test(arguments: ["{\"id\":\"", "{\"schema\":\"viber-rollcall/snapshot/1\"\n,\"subscribers\":[\n{\"id\":\""])
    func `refuses a line that is too long`(_ head: String) async throws {
        try await withTemporaryDirectory { path in
            var run = SampleRun(rows: SnapshotRow.complete)
            run.formats = [.json]
            let published = try run.publish(in: OutputDirectory(path))
            let file = published.path + "/snapshot.json.gz"
            try FileSystem.remove(file)
            let gzip = try GzipWriter(OutputFile(creating: file))
            try gzip.write(Array(head.utf8))
            let piece = [UInt8](repeating: UInt8(ascii: "a"), count: 1 << 20)
            for _ in 0..<40 { try gzip.write(piece) }
            try gzip.finish()
            let reader = try SnapshotReader(published.path)
            let error = #expect(throws: DamagedSnapshot.self) {
                var rows = try reader.jsonRows()
                while try rows.advance() {}
            }
            #expect(error?.description == "snapshot.json.gz has a line that is too long")
        }
    }

    /// Ids may be printed, so an id that no run accepts is an error.
    @Test(arguments: ["a\u{1B}[2J", "line\nbreak", "\t", "\u{85}", "\u{7F}", String(repeating: "x", count: 129)])
    func `refuses an id that no run accepts`(_ id: String) async throws {
        for format in SnapshotFormat.allCases {
            try await withTemporaryDirectory { path in
                var run = SampleRun(rows: [.answered("good", 0), .answered(id, 4)])
                run.formats = [format]
                let reader = try SnapshotReader(try run.publish(in: OutputDirectory(path)).path)
                let error = #expect(throws: DamagedSnapshot.self) { try reader.rows { _, _ in } }
                #expect(error?.description.hasSuffix("the id of row 2 is not valid") == true)
            }
        }
    }

    @Test func `reads a summary of version 01 without a source key`() async throws {
        try await withTemporaryDirectory { path in
            let published = try SampleRun(rows: SnapshotRow.complete).publish(in: OutputDirectory(path))
            let file = published.path + "/summary.json"
            let text = String(decoding: try bytes(of: file), as: UTF8.self)
            let lines = text.split(separator: "\n").filter { !$0.contains("\"key\":") }
            #expect(lines.count == text.split(separator: "\n").count - 1)
            try write(lines.joined(separator: "\n"), to: file)
            let summary = try SnapshotReader(published.path).summary
            #expect(summary.source.key == nil)
            #expect(summary.source.isSame(as: published.summary.source))
        }
    }

    @Test func `ignores keys of a later version`() async throws {
        try await withTemporaryDirectory { path in
            let published = try SampleRun(rows: SnapshotRow.complete).publish(in: OutputDirectory(path))
            let file = published.path + "/summary.json"
            let text = String(decoding: try bytes(of: file), as: UTF8.self)
            let changed = text.replacing("\"passes\":", with: "\"more\": [{}], \"passes\":", maxReplacements: 1)
            #expect(changed != text)
            try write(changed, to: file)
            #expect(try SnapshotReader(published.path).summary.counts == published.summary.counts)
        }
    }
}
