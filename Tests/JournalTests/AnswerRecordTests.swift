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
        statuses.map { .answered(StatusAnswer($0, lastOnline: 1_457_764_197_627, at: 1_795_302_900_123)) }
        + [
            .answered(StatusAnswer(0)), .answered(StatusAnswer(4, lastOnline: 1, at: 0)),
            .answered(StatusAnswer(1, lastOnline: .max, at: .max)),
        ]
        + [.notReturned] + reasons.map { .failed($0) }

    private let id = Array("01234567890A==".utf8)[...]

    private func encoded(_ entry: IDState, _ id: ArraySlice<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = [0xAA]
        AnswerRecord.encode(entry, id: id, into: &bytes)
        #expect(bytes.count == 1 + AnswerRecord.size)
        return Array(bytes.dropFirst())
    }

    @Test(arguments: outcomes, [1, 7, 65_535])
    func `a record is read as it was written`(_ outcome: Outcome, _ attempts: Int) {
        let entry = IDState(outcome: outcome, attempts: attempts)
        #expect(AnswerRecord.decode(encoded(entry, id)[...], id: id) == entry)
    }

    @Test(arguments: outcomes, [1, 7, 65_535])
    func `a final outcome is read as final`(_ outcome: Outcome, _ attempts: Int) {
        let entry = IDState(outcome: outcome, attempts: attempts, isFinal: true)
        let record = encoded(entry, id)
        #expect(AnswerRecord.decode(record[...], id: id) == entry)
        let open = encoded(IDState(outcome: outcome, attempts: attempts), id)
        #expect(record[0] == open[0] + 128)
        #expect(record[1..<4] == open[1..<4])
        #expect(record[8...] == open[8...])
    }

    @Test func `attempts are clamped to the largest number that fits`() {
        let entry = IDState(outcome: .notReturned, attempts: 70_000)
        #expect(AnswerRecord.decode(encoded(entry, id)[...], id: id).attempts == 65_535)
    }

    @Test func `an empty record is an id that was not requested`() {
        let empty = [UInt8](repeating: 0, count: AnswerRecord.size)
        #expect(AnswerRecord.decode(empty[...], id: id) == IDState())
        #expect(AnswerRecord.decode(encoded(IDState(), id)[...], id: id) == IDState())
    }

    @Test func `a record is read at any offset of a buffer`() {
        let entry = IDState(outcome: .answered(StatusAnswer(4, lastOnline: 5)), attempts: 2)
        let buffer = [UInt8](repeating: 0xEE, count: 64) + encoded(entry, id) + [0xEE]
        #expect(AnswerRecord.decode(buffer[64..<96], id: id) == entry)
    }

    @Test(arguments: outcomes, [false, true])
    func `a flipped bit never gives another answer`(_ outcome: Outcome, _ isFinal: Bool) {
        let record = encoded(IDState(outcome: outcome, attempts: 3, isFinal: isFinal), id)
        for bit in 0..<AnswerRecord.size * 8 {
            var damaged = record
            damaged[bit / 8] ^= 1 << (bit % 8)
            #expect(AnswerRecord.decode(damaged[...], id: id) == IDState(), "bit \(bit)")
        }
        for bit in 0..<id.count * 8 {
            var other = Array(id)
            other[bit / 8] ^= 1 << (bit % 8)
            #expect(AnswerRecord.decode(record[...], id: other[...]) == IDState(), "bit \(bit) of the id")
        }
    }

    @Test func `an answer is not read for another id`() {
        let record = encoded(IDState(outcome: .answered(StatusAnswer(0)), attempts: 1), id)
        for other in ["", "0", "01234567890A=", "01234567890A===", "01234567890a=="] {
            #expect(AnswerRecord.decode(record[...], id: Array(other.utf8)[...]) == IDState())
        }
    }

    @Test func `a partly overwritten record is the old one or the new one or empty`() {
        let old = IDState(outcome: .answered(StatusAnswer(3, lastOnline: 77, at: 1_795_302_900_123)), attempts: 1)
        let new = IDState(outcome: .answered(StatusAnswer(1, lastOnline: 99, at: 1_795_302_931_456)), attempts: 2)
        for before in [old, IDState()] {
            let (first, second) = (encoded(before, id), encoded(new, id))
            for length in 0...AnswerRecord.size {
                let torn = second[..<length] + first[length...]
                let read = AnswerRecord.decode(Array(torn)[...], id: id)
                #expect([before, new, IDState()].contains(read), "\(length) bytes")
            }
        }
    }

    @Test func `the bytes are the documented ones`() async throws {
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
            IDState(
                outcome: .answered(StatusAnswer(4, lastOnline: 1_457_764_197_627, at: 1_795_302_900_123)), attempts: 1),
            IDState(outcome: .answered(StatusAnswer(.min, at: 1_795_302_900_123)), attempts: 300),
            IDState(outcome: .notReturned, attempts: 2),
            IDState(outcome: .failed(.timeout), attempts: 6),
            IDState(outcome: .failed(.http(503)), attempts: 6),
            IDState(outcome: .failed(.api(-1)), attempts: 6),
            IDState(outcome: .failed(.badData), attempts: 8, isFinal: true),
            IDState(outcome: .answered(StatusAnswer(3)), attempts: 9, isFinal: true),
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
