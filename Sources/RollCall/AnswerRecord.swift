import Files
import Model

/// One id's entry in the answer file: 32 bytes with a check sum over the id and the entry.
///
/// An empty or damaged record is an id not yet asked; that is all a continued run has to know.
///
///     0   kind      0 not asked, 1 answered, 2 not returned, 3 failed; 128 more if that is final
///     1   reason    of a failure
///     2   attempts  little-endian, as all numbers here
///     4   crc32     over the id and the other 28 bytes
///     8   value     online status, or the code of a failure
///     16  last online, 0 if none
///     24  checked at
enum AnswerRecord {
    static let size = 32
    private static let finalBit: UInt8 = 128

    static func encode(_ entry: RollEntry, id: ArraySlice<UInt8>, into out: inout [UInt8]) {
        let start = out.count
        var (kind, reason, value, lastOnline, checkedAt): (UInt8, UInt8, Int64, Int64, Int64) = (0, 0, 0, 0, 0)
        switch entry.outcome {
        case .notAsked: break
        case .answered(let answer):
            kind = 1
            value = answer.status.rawValue
            lastOnline = answer.lastOnline ?? 0
            checkedAt = answer.checkedAt.milliseconds
        case .notReturned: kind = 2
        case .failed(let failure):
            kind = 3
            (reason, value) = number(of: failure)
        }
        out.append(entry.isFinal ? kind | finalBit : kind)
        out.append(reason)
        append(UInt16(clamping: entry.attempts), to: &out)
        append(UInt32(0), to: &out)
        append(value, to: &out)
        append(lastOnline, to: &out)
        append(checkedAt, to: &out)
        let sum = checksum(out[start...], id: id)
        out.replaceSubrange(start + 4..<start + 8, with: bytes(of: sum))
    }

    /// `record`: `size` bytes.
    /// Returns the entry of an id not yet asked if the record is empty or not to be trusted.
    static func decode(_ record: ArraySlice<UInt8>, id: ArraySlice<UInt8>) -> RollEntry {
        let base = record.startIndex
        let kind = record[base] & ~finalBit
        guard kind != 0, read(record, base + 4, as: UInt32.self) == checksum(record, id: id) else { return RollEntry() }
        let value = read(record, base + 8, as: Int64.self)
        let lastOnline = read(record, base + 16, as: Int64.self)
        let outcome: Outcome
        switch kind {
        case 1:
            outcome = .answered(
                Answer(
                    status: OnlineStatus(rawValue: value),
                    lastOnline: lastOnline == 0 ? nil : lastOnline,
                    checkedAt: Timestamp(milliseconds: read(record, base + 24, as: Int64.self))
                )
            )
        case 2: outcome = .notReturned
        case 3:
            guard let reason = failure(number: record[base + 1], value: value) else { return RollEntry() }
            outcome = .failed(reason)
        default: return RollEntry()
        }
        return RollEntry(
            outcome: outcome, attempts: Int(read(record, base + 2, as: UInt16.self)),
            isFinal: record[base] & finalBit != 0)
    }

    private static func checksum(_ record: ArraySlice<UInt8>, id: ArraySlice<UInt8>) -> UInt32 {
        let base = record.startIndex
        var sum = Checksum.crc32(id)
        sum = Checksum.crc32(record[base..<base + 4], continuing: sum)
        return Checksum.crc32(record[(base + 8)...], continuing: sum)
    }

    /// Failures without a code of their own; the place in the list is the number in the record.
    private static let plainFailures: [FailureReason] = [
        .badData, .missingData, .timeout, .connection, .protocolError, .badStatus, .conflict,
    ]
    private static let httpNumber: UInt8 = 64
    private static let apiNumber: UInt8 = 65

    private static func number(of reason: FailureReason) -> (UInt8, Int64) {
        switch reason {
        case .http(let code): (httpNumber, Int64(code))
        case .api(let code): (apiNumber, Int64(code))
        default: (UInt8(plainFailures.firstIndex(of: reason) ?? 0), 0)
        }
    }

    private static func failure(number: UInt8, value: Int64) -> FailureReason? {
        switch number {
        case httpNumber: .http(Int(value))
        case apiNumber: .api(Int(value))
        default: Int(number) < plainFailures.count ? plainFailures[Int(number)] : nil
        }
    }

    private static func append(_ value: some FixedWidthInteger, to out: inout [UInt8]) {
        out.append(contentsOf: bytes(of: value))
    }

    private static func bytes(of value: some FixedWidthInteger) -> [UInt8] {
        (0..<value.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }

    private static func read<Value: FixedWidthInteger>(
        _ record: ArraySlice<UInt8>,
        _ offset: Int,
        as type: Value.Type
    ) -> Value {
        var value: Value = 0
        for index in 0..<Value.bitWidth / 8 {
            value |= Value(truncatingIfNeeded: record[offset + index]) << (index * 8)
        }
        return value
    }
}
