import Files
import Model
import TestSupport
import Testing

@testable import Snapshots

@Suite(.needs("python3")) struct VerificationTests {
    /// A complete snapshot with rejected rows and duplicates.
    private func sound(in path: String) throws -> PublishedSnapshot {
        var run = SampleRun(rows: SnapshotRow.complete)
        run.add(duplicates: 2, rejected: [(2, "blank", [], 2), (5, "bad_utf8", [0xFF], 1), (6, "blank", [], 1)])
        return try run.publish(in: OutputDirectory(path + "/out"))
    }

    @Test func `a sound snapshot has no findings`() async throws {
        var random = SeededRandom(seed: 41)
        try await withTemporaryDirectory { path in
            #expect(try Verification(of: sound(in: path).path).findings == [])
            for (salt, count) in [(1, 0), (2, 1), (3, 1_000)] as [(UInt64, Int)] {
                let rows = SnapshotRow.random(count, of: SnapshotRow.printable, definite: false, using: &random)
                let published = try SampleRun(rows: rows, salt: salt).publish(in: OutputDirectory(path + "/out"))
                let verification = try Verification(of: published.path)
                #expect(verification.findings == [])
                #expect(verification.summary.counts == published.summary.counts)
                #expect(verification.files == published.files)
            }
        }
    }

    /// For each change, named by its Python function, a part of the expected finding.
    private static let expected =
        [
            "rewritten_and_nothing_else": nil,
            "row_dropped_from_csv": "differ", "row_dropped_from_json": "differ", "last_row_dropped_from_csv": "differ",
            "row_dropped_from_both": "rows, not 6", "row_dropped_everywhere": "counts",
            "row_added_to_both": "rows, not 6", "rows_swapped_in_csv": "differ", "id_changed_in_csv": "differ",
            "status_changed_in_csv": "differ", "status_changed_in_json": "differ", "status_changed_in_both": "counts",
            "status_without_its_name": "is malformed", "attempts_changed_in_csv": "differ",
            "time_changed_in_json": "differ", "last_online_changed_in_csv": "differ",
            "answer_replaced_by_failure": "counts", "made_up_failure": "is malformed",
            "count_moved": "counts", "count_added": "unique = sum of counts", "unique_changed": "accepted = unique",
            "accepted_changed": "rows_read = accepted", "duplicates_changed": "accepted = unique",
            "summary_differs_from_json": "different runs", "account_differs_from_json": "different runs",
            "id_doubled_in_both": "repeats the id of an earlier row",
            "id_emptied_in_both": "is not valid",
            "complete_flipped": "complete is false", "rows_of_file_changed": "rows, not 7",
            "two_members_csv": "more than one member", "two_members_json": "more than one member",
            "empty_member_behind": "more than one member", "zeros_behind": "bytes after its gzip data",
            "junk_behind": "bytes after its gzip data",
            "crc_broken": "damaged", "length_broken": "damaged", "bit_flipped_in_data": "",
            "no_gzip": "damaged", "empty_file": "cut", "header_missing": "does not begin with the header",
            "json_end_missing": "ends before its last subscriber", "json_goes_on": "continues after its end",
            "quote_never_closed": "never closed", "field_too_many": "is malformed",
            "rejected_unlisted": "rejected.csv is missing", "rejected_gone": "rejected.csv",
            "rejected_row_short": "does not hold the rejected rows",
            "rejected_row_more": "does not hold the rejected rows",
            "rejected_reason_changed": "does not hold the rejected rows",
            "rejected_row_broken": "is malformed",
            "rejected_rows_more": "does not hold the rejected rows",
            "rejected_rows_zero": "is malformed", "rejected_rows_negative": "is malformed",
            "rejected_rows_endless": "is malformed", "rejected_rows_left_out": "is malformed",
            "rejected_header_missing": "does not begin with its header", "rejected_of_version_0_1": nil,
            "rejected_of_version_0_1_short": "does not hold the rejected rows",
            "file_gone": "subscribers.csv.gz", "no_files": "no file holds the rows",
            "path_as_name": "not a valid name of a file",
        ] as [String: String?]

    @Test func `every change is found though its checksums are updated`() async throws {
        try await withTemporaryDirectory { path in
            let published = try sound(in: path)
            try FileSystem.make(path + "/tampered")
            try await SnapshotTamperer.tamper(published.path, into: path + "/tampered", changes: Changes.python)
            let names = try FileSystem.list(path + "/tampered")
            #expect(names == Self.expected.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
            for name in names {
                let findings = try Verification(of: path + "/tampered/" + name).findings
                guard let expected = Self.expected[name] ?? nil else {
                    #expect(findings == [], "\(name)")
                    continue
                }
                #expect(!findings.isEmpty, "\(name)")
                let said = findings.joined(separator: "; ")
                #expect(expected.isEmpty || said.contains(expected), "\(name): \(said)")
            }
        }
    }

    @Test func `wrong checksums are found`() async throws {
        let changes = #"""
            copy = Copy("sha"); copy.entry(CSV)["sha256"] = "0" * 64; copy.done(sums=False)
            copy = Copy("sha_of_another"); copy.entry(CSV)["sha256"] = copy.entry(JSON)["sha256"]; copy.done(sums=False)
            copy = Copy("bytes"); copy.entry(JSON)["bytes"] += 1; copy.done(sums=False)
            copy = Copy("data"); copy.put(REJECTED, copy.raw(REJECTED).replace(b"5", b"6")); copy.done(sums=False)
            """#
        try await withTemporaryDirectory { path in
            let published = try sound(in: path)
            try FileSystem.make(path + "/tampered")
            try await SnapshotTamperer.tamper(published.path, into: path + "/tampered", changes: changes)
            func findings(_ name: String) throws -> [String] {
                try Verification(of: path + "/tampered/" + name).findings
            }
            #expect(try findings("sha") == ["subscribers.csv.gz has another sha256 than the summary says"])
            #expect(try findings("sha_of_another") == ["subscribers.csv.gz has another sha256 than the summary says"])
            let bytes = try #require(published.files.first { $0.name == "snapshot.json.gz" }?.bytes)
            #expect(try findings("bytes") == ["snapshot.json.gz has \(bytes) bytes, not \(bytes + 1)"])
            #expect(try findings("data") == ["rejected.csv has another sha256 than the summary says"])
        }
    }

    /// Cuts the CSV file at every byte and the JSON file at every 11th.
    @Test func `a cut file is found though its checksums are updated`() async throws {
        let changes = #"""
            for name, step in [(CSV, 1), (JSON, 11)]:
                whole = Copy("whole-" + name).raw(name)
                for length in range(0, len(whole), step):
                    copy = Copy(f"{name}-{length}")
                    copy.put(name, whole[:length])
                    copy.done()
            """#
        try await withTemporaryDirectory { path in
            let published = try sound(in: path)
            try FileSystem.make(path + "/tampered")
            try await SnapshotTamperer.tamper(published.path, into: path + "/tampered", changes: changes)
            let names = try FileSystem.list(path + "/tampered")
            #expect(names.count > 250)
            for name in names {
                let findings = try Verification(of: path + "/tampered/" + name).findings
                #expect(findings.isEmpty == name.hasPrefix("whole-"), "\(name): \(findings)")
            }
        }
    }

    @Test func `a missing snapshot is an error`() async throws {
        try await withTemporaryDirectory { path in
            #expect(throws: FileError.self) { try Verification(of: path + "/none") }
            #expect(throws: FileError.self) { try Verification(of: path) }
        }
    }
}
