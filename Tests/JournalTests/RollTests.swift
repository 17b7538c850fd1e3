import Files
import Journal
import Model
import TestSupport
import Testing

@Suite struct RollTests {
    private func write(_ entries: [Int: RollEntry], to work: Work) throws {
        try work.answers.write(
            entries.keys.sorted().compactMap { position in
                entries[position].map { (position: position, id: work.ids[position][...], entry: $0) }
            })
    }

    @Test func aNewRollHasNobodyAsked() async throws {
        try await withTemporaryDirectory { directory in
            let work = try Work(count: 2_500, in: directory)
            var roll = try Roll(spoolPath: work.spoolPath, answers: work.answers)
            var ids: [[UInt8]] = []
            while try roll.next() {
                #expect(roll.position == ids.count)
                #expect(roll.entry == RollEntry())
                ids.append(Array(roll.id))
            }
            #expect(ids == work.ids)
            #expect(work.answers.count == 2_500)
        }
    }

    @Test func answersStandAtTheirPlacesWithGapsBetweenThem() async throws {
        try await withTemporaryDirectory { directory in
            let work = try Work(count: 3_000, in: directory)
            var random = SeededRandom(seed: 5)
            var expected: [Int: RollEntry] = [:]
            for position in 0..<3_000 where Int.random(in: 0..<3, using: &random) > 0 {
                let status = Int64.random(in: -5...500, using: &random)
                let attempts = Int.random(in: 1...9, using: &random)
                expected[position] = RollEntry(outcome: .answered(Answer(status)), attempts: attempts)
            }
            try write(expected, to: work)
            #expect(try work.entries() == (0..<3_000).map { expected[$0] ?? RollEntry() })
        }
    }

    @Test func aLaterAnswerReplacesItsOwnPlaceOnly() async throws {
        try await withTemporaryDirectory { directory in
            let work = try Work(count: 5, in: directory)
            let first = RollEntry(outcome: .notReturned, attempts: 1)
            let second = RollEntry(outcome: .answered(Answer(0)), attempts: 2)
            try write(Dictionary(uniqueKeysWithValues: (0..<5).map { ($0, first) }), to: work)
            try write([1: second, 4: second], to: work)
            #expect(try work.entries() == [first, second, first, first, second])
        }
    }

    @Test func noEntriesWriteNothing() async throws {
        try await withTemporaryDirectory { directory in
            let work = try Work(count: 2, in: directory)
            try write([:], to: work)
            #expect(try bytes(of: directory + "/answers").prefix(64) == [UInt8](repeating: 0, count: 64)[...])
        }
    }

    @Test func anAnswerAtAnotherIdsPlaceIsNotRead() async throws {
        try await withTemporaryDirectory { directory in
            let work = try Work(count: 2, in: directory)
            let entry = RollEntry(outcome: .answered(Answer(0)), attempts: 1)
            try work.answers.write([(position: 1, id: work.ids[0][...], entry: entry)])
            #expect(try work.entries() == [RollEntry(), RollEntry()])
        }
    }

    @Test func anAnswerFileThatIsTooShortIsAnError() async throws {
        try await withTemporaryDirectory { directory in
            let work = try Work(count: 10, in: directory)
            let short = try AnswerFile(creating: directory + "/short", count: 9)
            var roll = try Roll(spoolPath: work.spoolPath, answers: short)
            for _ in 0..<9 { #expect(try roll.next()) }
            #expect(throws: FileError.self) { try roll.next() }
        }
    }

    @Test func anEmptyRollEndsAtOnce() async throws {
        try await withTemporaryDirectory { directory in
            let work = try Work([], in: directory)
            var roll = try Roll(spoolPath: work.spoolPath, answers: work.answers)
            #expect(try !roll.next())
        }
    }
}
