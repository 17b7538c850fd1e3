import Journal
import Model
import TestSupport
import Testing

@testable import RollCall

@Suite struct BatchesTests {
    private func batches(of work: Work) throws -> [Batches.Batch] {
        var batches = Batches(cursor: try SpoolCursor(spoolPath: work.spoolPath, answers: work.answers))
        var all: [Batches.Batch] = []
        while let batch = try batches.next() { all.append(batch) }
        #expect(try batches.next() == nil)
        return all
    }

    @Test(arguments: [
        (0, []), (1, [1]), (99, [99]), (100, [100]), (101, [100, 1]), (200, [100, 100]),
        (1_234, [100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 34]),
    ])
    func `all batches but the last are full`(_ count: Int, _ sizes: [Int]) async throws {
        try await withTemporaryDirectory { directory in
            let work = try Work(count: count, in: directory)
            let all = try batches(of: work)
            #expect(all.map(\.ids.count) == sizes)
            #expect(all.flatMap(\.ids.ids) == work.ids)
            #expect(all.flatMap(\.positions) == Array(0..<count))
            #expect(all.flatMap(\.entries) == Array(repeating: IDState(), count: count))
        }
    }

    @Test func `only definite answers are left out`() async throws {
        let outcomes: [Outcome] = [
            .answered(StatusAnswer(0)), .answered(StatusAnswer(1)), .answered(StatusAnswer(2)),
            .answered(StatusAnswer(3)),
            .answered(StatusAnswer(4)),
            .answered(StatusAnswer(5)), .answered(StatusAnswer(-1)), .notReturned, .failed(.timeout),
            .failed(.conflict), .notAsked,
        ]
        try await withTemporaryDirectory { directory in
            let work = try Work(count: outcomes.count, in: directory)
            let entries = outcomes.map { IDState(outcome: $0, attempts: $0 == .notAsked ? 0 : 2) }
            try work.answers.write(work.ids.indices.map { ($0, work.ids[$0][...], entries[$0]) })
            let all = try batches(of: work)
            #expect(all.count == 1)
            #expect(all.first?.positions == [3, 5, 6, 7, 8, 9, 10])
            #expect(all.first?.entries == [3, 5, 6, 7, 8, 9, 10].map { entries[$0] })
            #expect(all.first?.ids.ids == [3, 5, 6, 7, 8, 9, 10].map { work.ids[$0] })
        }
    }

    @Test func `unsettled ids are regrouped into full batches`() async throws {
        try await withTemporaryDirectory { directory in
            let work = try Work(count: 2_000, in: directory)
            let answered = IDState(outcome: .answered(StatusAnswer(4)), attempts: 1)
            let done = work.ids.indices.filter { $0 % 7 != 3 }
            try work.answers.write(done.map { ($0, work.ids[$0][...], answered) })
            let all = try batches(of: work)
            #expect(all.map(\.ids.count) == [100, 100, 86])
            #expect(all.flatMap(\.positions) == (0..<2_000).filter { $0 % 7 == 3 })
        }
    }
}
