import Foundation
import TestSupport
import Testing

/// `prune-list`, as a user runs it. `AuditRunTests` compares its ids with those of another program.
@Suite(.needs("python3")) struct PruneListTests {
    private func prune(_ arguments: [String], in directory: String) async throws -> ToolResult {
        try await Program.run(["prune-list"] + arguments, in: directory)
    }

    /// Reasons why a list is unsafe, and the expected errors.
    private static let refusals: [(change: (index: Int, python: String)?, arguments: [String], says: String)] = [
        (nil, ["--runs", "6", "--days", "0"], "there are 5 successful runs of this source, and --runs requires 6"),
        (nil, ["--days", "9"], "reach back 4.0 days, and --days requires 9"),
        ((-1, "it['run']['complete'] = False; it['run']['exit_code'] = 3"), ["--days", "1"], "is incomplete"),
        ((-2, "it['account']['id'] = 'pa:2'"), ["--days", "1"], "the account changed from run"),
        ((-2, "it['source']['unique'] = 500"), ["--days", "1"], "the source shrank by"),
        (
            (-2, "it['counts']['offline'] += it['counts']['unavailable']; it['counts']['unavailable'] = 0"),
            ["--days", "1"],
            "the unavailable share rose by"
        ),
        // The run before the window.
        (
            (-4, "it['counts']['offline'] += it['counts']['unavailable']; it['counts']['unavailable'] = 0"),
            ["--days", "1", "--max-jump", "1"],
            "the unavailable share rose by"
        ),
        ((-4, "it['source']['unique'] = 500"), ["--days", "1"], "more than --max-list-shrink allows"),
        (nil, ["--days", "1", "--max-listed", "0"], "would be listed, more than --max-listed allows"),
        ((-2, "it['account'] = None"), ["--runs", "5", "--days", "1"], "there are 4 successful runs of this source"),
        ((-1, "it['account'] = None"), ["--days", "1"], "the account of the newest run"),
        ((-2, "it['source']['key'] = 'f' * 64"), ["--days", "1"], "of more than one source"),
        ((-2, "it['run']['finished_at'] = '2020-01-01T00:00:00Z'"), ["--days", "1"], "finished before it started"),
        ((-2, "it['run']['started_at'] = '2020-01-01T00:00:00Z'"), ["--days", "1"], "did not start at the time"),
        ((-2, "it['run']['id'] = '20200101T000000Z-aaaa'"), ["--days", "1"], "cannot be relied on: it holds run 2020"),
    ]

    /// The damage, and the expected error; the exit code is 65.
    @Test(arguments: [
        ("subscribers.csv.gz", "os.remove(path)"), ("subscribers.csv.gz", "open(path, 'r+b').write(b'x')"),
        ("summary.json", "os.remove(path)"), ("summary.json", "open(path, 'w').write('{')"),
    ])
    func `a damaged run is not skipped`(_ file: String, _ damage: String) async throws {
        for index in [-1, -3] {
            try await withTemporaryDirectory { directory in
                try await Histories.make(in: directory, ["--runs", "5", "--ids", "100"])
                let damaged = try await Tool.python(
                    """
                    import glob, os, sys
                    path = sorted(glob.glob(sys.argv[1] + "/reports/2*"))[int(sys.argv[2])] + "/" + sys.argv[3]
                    \(damage)
                    """, [directory, String(index), file])
                try #require(damaged.code == 0, "\(damaged.error)")
                let refused = try await prune(["--days", "1"], in: directory)
                #expect(refused.code == 65, "\(refused.error)")
                #expect(refused.output == "")
                #expect(refused.error.contains("damaged: "), "\(refused.error)")
            }
        }
    }

    /// A run older than the one before the window is not needed. If it is damaged, a warning says that it is left out.
    @Test func `an old damaged run is a warning`() async throws {
        try await withTemporaryDirectory { directory in
            try await Histories.make(in: directory, ["--runs", "6", "--ids", "100"])
            try await Histories.edit(-6, in: directory, "it['schema'] = 'x'")
            let list = try await prune(["--days", "1"], in: directory)
            #expect(list.code == 0, "\(list.error)")
            #expect(list.error.contains("is left out: it is damaged: "), "\(list.error)")
        }
    }

    /// An id that a run found reachable is not listed, even if the run does not count. Nothing else of that run is
    /// used.
    @Test(arguments: ["it['account'] = None", "it['run']['exit_code'] = 3"])
    func `a run that does not count only removes IDs`(_ change: String) async throws {
        try await withTemporaryDirectory { directory in
            try await Histories.make(in: directory, ["--runs", "5", "--ids", "100"])
            let arguments = ["--runs", "3", "--days", "1", "--max-jump", "100"]
            let before = try await prune(arguments, in: directory)
            try #require(before.code == 0 && before.output.split(separator: "\n").count > 1, "\(before.error)")
            // Every id that was unavailable in this run is now online in it.
            try await Histories.edit(-2, in: directory, change)
            let changed = try await Tool.python(
                """
                import glob, gzip, hashlib, json, re, sys
                path = sorted(glob.glob(sys.argv[1] + "/reports/2*"))[-2]
                text = re.sub(rb",4,unavailable,", b",0,online,", gzip.open(path + "/subscribers.csv.gz").read())
                content = gzip.compress(text, mtime=0)
                open(path + "/subscribers.csv.gz", "wb").write(content)
                it = json.load(open(path + "/summary.json"))
                it["counts"]["online"] += it["counts"]["unavailable"]
                it["counts"]["unavailable"] = 0
                for file in it["files"]:
                    if file["name"] == "subscribers.csv.gz":
                        file |= {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
                json.dump(it, open(path + "/summary.json", "w"))
                """, [directory])
            try #require(changed.code == 0, "\(changed.error)")
            let after = try await prune(arguments, in: directory)
            #expect(after.code == 0, "\(after.error)")
            #expect(after.output == "id,first_unavailable_at,runs\n")
        }
    }

    /// The former name of `--max-list-shrink`, on the command line only.
    @Test func `max shrink still works and is not in the help`() async throws {
        try await withTemporaryDirectory { directory in
            try await Histories.make(in: directory, ["--runs", "5", "--ids", "100"])
            try await Histories.edit(-2, in: directory, "it['source']['unique'] = 110")
            let refused = try await prune(["--days", "1", "--max-shrink", "5"], in: directory)
            #expect(refused.code == 4)
            #expect(refused.error.contains("more than --max-list-shrink allows"), "\(refused.error)")
            let help = try await prune(["--help-hidden"], in: directory)
            #expect(help.output.contains("--max-list-shrink") && !help.output.contains("--max-shrink"))
        }
    }

    @Test(arguments: refusals.indices)
    func `an unsafe list is refused`(_ index: Int) async throws {
        let refusal = Self.refusals[index]
        try await withTemporaryDirectory { directory in
            try await Histories.make(in: directory, ["--runs", "5", "--ids", "100"])
            if let change = refusal.change { try await Histories.edit(change.index, in: directory, change.python) }
            let refused = try await prune(refusal.arguments, in: directory)
            #expect(refused.code == 4, "\(refused.error)")
            #expect(refused.output == "")
            #expect(refused.error.contains("no prune list: "), "\(refused.error)")
            #expect(refused.error.contains(refusal.says), "\(refused.error)")
        }
    }

    /// Incomplete runs do not count as runs in which an id was unavailable.
    @Test func `incomplete runs in between are skipped`() async throws {
        try await withTemporaryDirectory { directory in
            try await Histories.make(in: directory, ["--runs", "5", "--ids", "100", "--incomplete", "2"])
            let list = try await prune(["--runs", "4", "--days", "4", "--format", "jsonl"], in: directory)
            #expect(list.code == 0, "\(list.error)")
            #expect(!list.output.isEmpty)
            #expect(list.output.split(separator: "\n").allSatisfy { $0.hasSuffix(#","runs":4}"#) })
        }
    }

    @Test(arguments: [["--runs", "0"], ["--days", "-1"], ["--max-jump", "101"], ["--format", "xml"]])
    func `an impossible value is a usage error`(_ arguments: [String]) async throws {
        try await withTemporaryDirectory { directory in
            let refused = try await prune(arguments, in: directory)
            #expect(refused.code == 64)
            #expect(refused.error.contains(arguments[0]), "\(refused.error)")
        }
    }
}
