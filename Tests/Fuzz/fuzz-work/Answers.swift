import Formats
import FuzzKit
import Model

@testable import Journal

/// The length of an id, the id, and records that claim to belong to it.
struct Answers {
    var id: ArraySlice<UInt8>
    var records: ArraySlice<UInt8>

    init(_ input: [UInt8]) {
        let length = Int(input.first ?? 0) % (SpoolFile.idLimit + 1)
        id = input.dropFirst().prefix(length)
        records = input.dropFirst(1 + length)
    }

    func check() {
        var rest = records
        var isFirst = true
        while rest.count >= AnswerRecord.size {
            check(rest.prefix(AnswerRecord.size), byBits: isFirst)
            rest = rest.dropFirst(AnswerRecord.size)
            isFirst = false
        }
    }

    private func check(_ record: ArraySlice<UInt8>, byBits: Bool) {
        let sum = crc32(id + record.prefix(4) + record.dropFirst(8))
        let sumBytes = (0..<4).map { UInt8(truncatingIfNeeded: sum >> ($0 * 8)) }
        let entry = AnswerRecord.decode(record, id: id)
        if entry != IDState() {
            expect(record.dropFirst(4).prefix(4).elementsEqual(sumBytes), "a damaged record is read as \(entry)")
        }
        let sound = Array(record.prefix(4) + sumBytes + record.dropFirst(8))
        checkSound(sound)
        if byBits { checkDamaged(sound) }
    }

    /// - Parameter record: a record with the right checksum.
    private func checkSound(_ record: [UInt8]) {
        let entry = AnswerRecord.decode(record[...], id: id)
        expect(entry == Self.entry(of: record), "\(record) is read as \(entry)")
        guard entry != IDState() else { return }
        var written: [UInt8] = []
        AnswerRecord.encode(entry, id: id, into: &written)
        expect(written.count == AnswerRecord.size, "\(written.count) bytes")
        expect(AnswerRecord.decode(written[...], id: id) == entry, "\(entry) is written as \(written)")
    }

    /// Checks that the reader detects a change of each single bit of the record and the id.
    private func checkDamaged(_ record: [UInt8]) {
        for bit in 0..<AnswerRecord.size * 8 {
            var damaged = record
            damaged[bit / 8] ^= 1 << (bit % 8)
            expect(AnswerRecord.decode(damaged[...], id: id) == IDState(), "a change of bit \(bit) is not detected")
        }
        for bit in 0..<id.count * 8 {
            var other = Array(id)
            other[bit / 8] ^= 1 << (bit % 8)
            expect(
                AnswerRecord.decode(record[...], id: other[...]) == IDState(),
                "a change of bit \(bit) of the id is not detected")
        }
    }

    /// The state according to the table in `AnswerRecord`.
    private static func entry(of record: [UInt8]) -> IDState {
        func number(_ range: Range<Int>) -> Int64 {
            Int64(bitPattern: range.reversed().reduce(0) { $0 << 8 | UInt64(record[$1]) })
        }
        let value = number(8..<16)
        let plain = [
            FailureReason.badData, .missingData, .timeout, .connection, .protocolError, .badStatus, .conflict,
        ]
        let outcome: Outcome
        switch (record[0] & 63, record[1]) {
        case (1, _):
            let lastOnline = number(16..<24) == 0 ? nil : number(16..<24)
            outcome = .answered(
                StatusAnswer(
                    status: OnlineStatus(rawValue: value), lastOnline: lastOnline,
                    checkedAt: Timestamp(milliseconds: number(24..<32))))
        case (2, _): outcome = .notReturned
        case (3, let reason) where reason < plain.count: outcome = .failed(plain[Int(reason)])
        case (3, 64): outcome = .failed(.http(Int(value)))
        case (3, 65): outcome = .failed(.api(Int(value)))
        default: return IDState()
        }
        return IDState(
            outcome: outcome, attempts: Int(number(2..<4)), isFinal: record[0] >= 128, failedAlone: record[0] & 64 != 0)
    }
}
