import Foundation
import TestSupport
import Testing

/// Batches that the API refuses as a whole, through the real binary.
@Suite(.needs("python3")) struct RefusedBatchTests {
    /// Only the poison id gets no answer; the other 99 ids of its batch are answered.
    @Test func `one poison ID among ten thousand affects no other`() async throws {
        try await withTemporaryDirectory { directory in
            let ids = IDLists.made(10_000)
            try IDLists.writeCSV(ids, to: directory + "/list.csv")
            try await Program.withSandbox(["--try-later", "0", "--poison", ids[4_321]]) { sandbox in
                let run = try await Program.snapshot(
                    ["list.csv", "--rate", "0", "--settle", "1h"], in: directory, of: sandbox, ids: "list.csv.ids")
                #expect(run.code == 3, "\(run.error)")
                #expect(run.error.contains("1 of 10,000 ids has no definite answer"), "\(run.error)")
                // There was no later pass, so the run did not wait for an hour.
                let asked = try #require(try await sandbox.statistics()["get_online"])
                #expect(asked <= 100 + 14)
            }
            let read = try await Tool.python(Self.failures, [directory])
            #expect(read.output == "[('\(ids[4_321])', 'failed:badData')] 9999\n", "\(read.error)")
            let published = try #require(
                try FileManager.default.contentsOfDirectory(atPath: directory + "/reports")
                    .first { $0.hasSuffix("-incomplete") })
            #expect(try await Program.run(["verify", "reports/" + published], in: directory).code == 0)
        }
    }

    private static let failures = """
        import csv, glob, gzip, sys
        with gzip.open(glob.glob(sys.argv[1] + "/reports/*-incomplete/subscribers.csv.gz")[0], "rt", newline="") as file:
            rows = list(csv.DictReader(file))
        print([(row["id"], row["error"]) for row in rows if row["error"]], sum(bool(row["online_status"]) for row in rows))
        """

    @Test func `a server limit of fifty IDs is found and respected`() async throws {
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV(IDLists.made(5_000), to: directory + "/list.csv")
            try await Program.withSandbox(["--try-later", "0", "--most-ids", "50"]) { sandbox in
                let run = try await Program.snapshot(
                    ["list.csv", "--rate", "0", "--concurrency", "2"], in: directory, of: sandbox, ids: "list.csv.ids")
                #expect(run.code == 0, "\(run.error)")
                // 100 requests of 50, and a few of 100 that were refused.
                let asked = try #require(try await sandbox.statistics()["get_online"])
                #expect((100...106).contains(asked))
            }
        }
    }

    @Test func `a server that refuses everything ends the run`() async throws {
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV(IDLists.made(1_000), to: directory + "/list.csv")
            try await Program.withSandbox(["--fault", "status-3"]) { sandbox in
                let run = try await Program.snapshot(
                    ["list.csv", "--rate", "0", "--concurrency", "1"], in: directory, of: sandbox, ids: "list.csv.ids")
                #expect(run.code == 76, "\(run.error)")
                #expect(run.error.contains("the API refuses every request"))
            }
        }
    }
}
