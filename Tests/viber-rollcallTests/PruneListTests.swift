import Foundation
import TestSupport
import Testing

/// `prune-list`, as a user runs it. That its ids are the right ones is compared with another program in `AuditRunTests`.
@Suite(.needs("python3")) struct PruneListTests {
    private func prune(_ arguments: [String], in directory: String) async throws -> ToolResult {
        try await Program.run(["prune-list"] + arguments, in: directory)
    }

    /// What makes the list unsafe, and what is said of it.
    private static let refusals: [(change: (place: Int, python: String)?, arguments: [String], says: String)] = [
        (nil, ["--runs", "6", "--days", "0"], "there are 5 complete runs of this source, and --runs wants 6"),
        (nil, ["--days", "9"], "reach back 4.0 days, and --days wants 9"),
        ((-1, "it['run']['complete'] = False; it['run']['exit_code'] = 3"), ["--days", "1"], "is incomplete"),
        ((-2, "it['account']['id'] = 'pa:2'"), ["--days", "1"], "the account changed from run"),
        ((-2, "it['source']['unique'] = 500"), ["--days", "1"], "the source shrank by"),
        (
            (-2, "it['counts']['offline'] += it['counts']['unavailable']; it['counts']['unavailable'] = 0"),
            ["--days", "1"],
            "the unavailable share rose by"
        ),
    ]

    @Test(arguments: refusals.indices)
    func whatIsNotSafeIsRefused(_ index: Int) async throws {
        let refusal = Self.refusals[index]
        try await withTemporaryDirectory { directory in
            try await Histories.make(in: directory, ["--runs", "5", "--ids", "100"])
            if let change = refusal.change { try await Histories.edit(change.place, in: directory, change.python) }
            let refused = try await prune(refusal.arguments, in: directory)
            #expect(refused.code == 4, "\(refused.error)")
            #expect(refused.output == "")
            #expect(refused.error.contains("no prune list: "), "\(refused.error)")
            #expect(refused.error.contains(refusal.says), "\(refused.error)")
        }
    }

    /// Runs without an answer for every id say nothing of who is unavailable in each.
    @Test func incompleteRunsInBetweenArePassedOver() async throws {
        try await withTemporaryDirectory { directory in
            try await Histories.make(in: directory, ["--runs", "5", "--ids", "100", "--incomplete", "2"])
            let list = try await prune(["--runs", "4", "--days", "4", "--format", "jsonl"], in: directory)
            #expect(list.code == 0, "\(list.error)")
            #expect(!list.output.isEmpty)
            #expect(list.output.split(separator: "\n").allSatisfy { $0.hasSuffix(#","runs":4}"#) })
        }
    }

    @Test(arguments: [["--runs", "0"], ["--days", "-1"], ["--max-jump", "101"], ["--format", "xml"]])
    func whatCannotBeIsUsage(_ arguments: [String]) async throws {
        try await withTemporaryDirectory { directory in
            let refused = try await prune(arguments, in: directory)
            #expect(refused.code == 64)
            #expect(refused.error.contains(arguments[0]), "\(refused.error)")
        }
    }
}
