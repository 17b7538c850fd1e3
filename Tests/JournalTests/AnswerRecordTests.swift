import Model
import TestSupport
import Testing

@testable import Journal

@Suite(.needs("python3")) struct AnswerRecordTests {
    private static let statuses: [Int64] = [0, 1, 2, 3, 4, 5, 99, 300, -1, .min, .max]
    private static let reasons: [FailureReason] = [
        .badData, .missingData, .timeout, .connection, .protocolError, .badStatus, .conflict, .http(0), .http(503),
        .http(-1), .http(.max), .api(0), .api(12), .api(999), .api(-1), .api(.min),
    ]
    static let outcomes: [Outcome] =
        statuses.map { .answered(Answer($0, lastOnline: 1_457_764_197_627, at: 1_795_302_900_123)) }
        + [
            .answered(Answer(0)), .answered(Answer(4, lastOnline: 1, at: 0)),
            .answered(Answer(1, lastOnline: .max, at: .max)),
        ]
        + [.notReturned] + reasons.map { .failed($0) }

    private let id = Array("01234567890A==".utf8)[...]

    private func encoded(_ entry: RollEntry, _ id: ArraySlice<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = [0xAA]
        AnswerRecord.encode(entry, id: id, into: &bytes)
        #expect(bytes.count == 1 + AnswerRecord.size)
        return Array(bytes.dropFirst())
    }

    @Test(arguments: outcomes, [1, 7, 65_535])
    func whatIsWrittenIsRead(_ outcome: Outcome, _ attempts: Int) {
        let entry = RollEntry(outcome: outcome, attempts: attempts)
        #expect(AnswerRecord.decode(encoded(entry, id)[...], id: id) == entry)
    }

    @Test(arguments: outcomes, [1, 7, 65_535])
    func whatIsFinalIsReadAsFinal(_ outcome: Outcome, _ attempts: Int) {
        let entry = RollEntry(outcome: outcome, attempts: attempts, isFinal: true)
        let record = encoded(entry, id)
        #expect(AnswerRecord.decode(record[...], id: id) == entry)
        let open = encoded(RollEntry(outcome: outcome, attempts: attempts), id)
        #expect(record[0] == open[0] + 128)
        #expect(record[1..<4] == open[1..<4])
        #expect(record[8...] == open[8...])
    }

    @Test func moreAttemptsThanFitAreTheMostThatFit() {
        let entry = RollEntry(outcome: .notReturned, attempts: 70_000)
        #expect(AnswerRecord.decode(encoded(entry, id)[...], id: id).attempts == 65_535)
    }

    @Test func anEmptyRecordIsAnIdNotYetAsked() {
        let empty = [UInt8](repeating: 0, count: AnswerRecord.size)
        #expect(AnswerRecord.decode(empty[...], id: id) == RollEntry())
        #expect(AnswerRecord.decode(encoded(RollEntry(), id)[...], id: id) == RollEntry())
    }

    @Test func aRecordIsReadWhereverItStandsInABuffer() {
        let entry = RollEntry(outcome: .answered(Answer(4, lastOnline: 5)), attempts: 2)
        let buffer = [UInt8](repeating: 0xEE, count: 64) + encoded(entry, id) + [0xEE]
        #expect(AnswerRecord.decode(buffer[64..<96], id: id) == entry)
    }

    @Test(arguments: outcomes, [false, true])
    func aFlippedBitIsNeverAnotherAnswer(_ outcome: Outcome, _ isFinal: Bool) {
        let record = encoded(RollEntry(outcome: outcome, attempts: 3, isFinal: isFinal), id)
        for bit in 0..<AnswerRecord.size * 8 {
            var damaged = record
            damaged[bit / 8] ^= 1 << (bit % 8)
            #expect(AnswerRecord.decode(damaged[...], id: id) == RollEntry(), "bit \(bit)")
        }
        for bit in 0..<id.count * 8 {
            var other = Array(id)
            other[bit / 8] ^= 1 << (bit % 8)
            #expect(AnswerRecord.decode(record[...], id: other[...]) == RollEntry(), "bit \(bit) of the id")
        }
    }

    @Test func anAnswerIsNotReadForAnotherId() {
        let record = encoded(RollEntry(outcome: .answered(Answer(0)), attempts: 1), id)
        for other in ["", "0", "01234567890A=", "01234567890A===", "01234567890a=="] {
            #expect(AnswerRecord.decode(record[...], id: Array(other.utf8)[...]) == RollEntry())
        }
    }

    @Test func aRecordThatWasHalfOverwrittenIsTheOldOneTheNewOneOrNone() {
        let old = RollEntry(outcome: .answered(Answer(3, lastOnline: 77, at: 1_795_302_900_123)), attempts: 1)
        let new = RollEntry(outcome: .answered(Answer(1, lastOnline: 99, at: 1_795_302_931_456)), attempts: 2)
        for before in [old, RollEntry()] {
            let (first, second) = (encoded(before, id), encoded(new, id))
            for length in 0...AnswerRecord.size {
                let torn = second[..<length] + first[length...]
                let read = AnswerRecord.decode(Array(torn)[...], id: id)
                #expect([before, new, RollEntry()].contains(read), "\(length) bytes")
            }
        }
    }

    @Test func theBytesAreTheDocumentedOnes() async throws {
        let program = """
            import struct, zlib
            def record(kind, reason, attempts, value, last, checked, id):
                head, tail = struct.pack("<BBH", kind, reason, attempts), struct.pack("<qqq", value, last, checked)
                return (head + struct.pack("<I", zlib.crc32(id + head + tail)) + tail).hex()
            print(record(1, 0, 1, 4, 1457764197627, 1795302900123, b"01234567890A=="))
            print(record(1, 0, 300, -2**63, 0, 1795302900123, b"01234567890A=="))
            print(record(2, 0, 2, 0, 0, 0, b"01234567890A=="))
            print(record(3, 2, 6, 0, 0, 0, b"01234567890A=="))
            print(record(3, 64, 6, 503, 0, 0, b"01234567890A=="))
            print(record(3, 65, 6, -1, 0, 0, b"01234567890A=="))
            print(record(131, 0, 8, 0, 0, 0, b"01234567890A=="))
            print(record(129, 0, 9, 3, 0, 1000, b"01234567890A=="))
            """
        let entries = [
            RollEntry(outcome: .answered(Answer(4, lastOnline: 1_457_764_197_627, at: 1_795_302_900_123)), attempts: 1),
            RollEntry(outcome: .answered(Answer(.min, at: 1_795_302_900_123)), attempts: 300),
            RollEntry(outcome: .notReturned, attempts: 2),
            RollEntry(outcome: .failed(.timeout), attempts: 6),
            RollEntry(outcome: .failed(.http(503)), attempts: 6),
            RollEntry(outcome: .failed(.api(-1)), attempts: 6),
            RollEntry(outcome: .failed(.badData), attempts: 8, isFinal: true),
            RollEntry(outcome: .answered(Answer(3)), attempts: 9, isFinal: true),
        ]
        let result = try await Tool.python(program)
        try #require(result.code == 0, "\(result.error)")
        let expected = result.output.split(separator: "\n").map(String.init)
        let digits = Array("0123456789abcdef")
        let written = entries.map { entry in
            String(encoded(entry, id).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
        }
        #expect(written == expected)
    }
}
