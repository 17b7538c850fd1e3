import Foundation
import TestSupport
import Testing

/// Common programs open the files, and all of them read the same rows.
@Suite(.needs("python3")) struct ReaderTests {
    private static let hasDataTools = FileManager.default.isExecutableFile(atPath: Tool.python) || Machine.isCI

    @Test func `gzip opens the files`() async throws {
        try await withSnapshot { path in
            let tested = try await Tool.run("gzip", ["-t", path + "/subscribers.csv.gz", path + "/snapshot.json.gz"])
            #expect(tested.code == 0, "\(tested.error)")
            let listed = try await Tool.run("gzip", ["-dc", path + "/subscribers.csv.gz"])
            #expect(listed.output.split(separator: "\n").count == 1_201)
        }
    }

    @Test(.enabled(if: hasDataTools, "duckdb and pandas are not installed"))
    func `python and DuckDB and pandas see the same rows`() async throws {
        try await withSnapshot { path in
            let read = try await Tool.python(Self.readers, [path])
            #expect(read.code == 0, "\(read.error)")
            #expect(read.output == "1200 rows, all the same\n")
        }
    }

    private static let readers = """
        import csv, gzip, io, json, sys
        import duckdb, pandas
        path = sys.argv[1]
        with gzip.open(path + "/subscribers.csv.gz", "rt", newline="") as file:
            rows = list(csv.DictReader(file))
        names = list(rows[0])
        ids = [row["id"] for row in rows]
        frame = pandas.read_csv(path + "/subscribers.csv.gz", dtype=str, keep_default_na=False)
        assert list(frame.columns) == names
        assert frame.values.tolist() == [list(row.values()) for row in rows]
        table = duckdb.sql(f"SELECT * FROM read_csv('{path}/subscribers.csv.gz', all_varchar=true)").fetchall()
        assert [[value or "" for value in row] for row in table] == [list(row.values()) for row in rows]
        assert duckdb.sql(f"SELECT count(*), count(last_online) FROM '{path}/subscribers.csv.gz'").fetchall()[0][0] == len(rows)
        with gzip.open(path + "/snapshot.json.gz") as file:
            document = json.load(file)
        for row, other in zip(rows, document["subscribers"], strict=True):
            assert row["id"] == other["id"] and row["online_status"] == str(other["online_status"])
            assert row["online_status_message"] == other["online_status_message"]
            assert row["checked_at"] == other["checked_at"] and row["attempts"] == str(other["attempts"])
        whole = duckdb.sql(
            f"SELECT unnest(subscribers).id FROM read_json('{path}/snapshot.json.gz', maximum_object_size=100000000)")
        assert [row[0] for row in whole.fetchall()] == ids
        counts = duckdb.sql(
            f"SELECT online_status_message, count(*) FROM '{path}/subscribers.csv.gz' GROUP BY 1").fetchall()
        assert dict(counts) == {k: v for k, v in document["counts"].items() if v}
        print(len(rows), "rows, all the same")
        """

    private func withSnapshot(_ body: (String) async throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV(IDLists.made(1_200), to: directory + "/list.csv")
            try await Program.withSandbox { sandbox in
                let run = try await Program.snapshot(["list.csv", "--rate", "0"], in: directory, of: sandbox)
                #expect(run.code == 0, "\(run.error)")
            }
            try await body(directory + "/reports/latest")
        }
    }
}
