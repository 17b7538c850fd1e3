import Formats
import Model

/// One record of the answer file: 32 bytes with a checksum over the id and the record.
///
/// The id of an empty or damaged record counts as not yet requested; a resumed run requests it again.
///
///     0   kind      0 not asked, 1 answered, 2 not returned, 3 failed; plus 128 if that is final, plus 64 if it
///                   failed alone
///     1   reason    of a failure
///     2   attempts  little-endian, as all numbers here
///     4   crc32     over the id and the other 28 bytes
///     8   value     online status, or the code of a failure
///     16  last online, 0 if none
///     24  checked at
enum AnswerRecord {
    static let size = 32
    private static let finalBit: UInt64 = 128
    private static let aloneBit: UInt64 = 64

    /// Appends a record to `out`.
    static func encode(_ entry: IDState, id: ArraySlice<UInt8>, into out: inout [UInt8]) {
        var (kind, reason, value, lastOnline, checkedAt): (UInt64, UInt8, Int64, Int64, Int64) = (0, 0, 0, 0, 0)
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
        if entry.isFinal { kind |= finalBit }
        if entry.failedAlone { kind |= aloneBit }
        let head = UInt32(kind | UInt64(reason) << 8 | UInt64(UInt16(clamping: entry.attempts)) << 16)
        let words = (UInt64(bitPattern: value), UInt64(bitPattern: lastOnline), UInt64(bitPattern: checkedAt))
        let sum = checksum(head, words, id: id)
        let record: InlineArray<4, UInt64> = [
            (UInt64(head) | UInt64(sum) << 32).littleEndian, words.0.littleEndian, words.1.littleEndian,
            words.2.littleEndian,
        ]
        unsafe record.span.withUnsafeBytes { unsafe out.append(contentsOf: $0) }
    }

    /// Decodes a record.
    ///
    /// - Parameters:
    ///   - record: `size` bytes.
    ///   - id: the id that the record must belong to.
    /// - Returns: the state; that of an id not yet requested if the record is empty or damaged.
    static func decode(_ record: ArraySlice<UInt8>, id: ArraySlice<UInt8>) -> IDState {
        let head = word(0, of: record)
        let kind = head & 0xff & ~(finalBit | aloneBit)
        guard kind != 0 else { return IDState() }
        let words = (word(1, of: record), word(2, of: record), word(3, of: record))
        guard UInt32(head >> 32) == checksum(UInt32(truncatingIfNeeded: head), words, id: id) else {
            return IDState()
        }
        let value = Int64(bitPattern: words.0)
        let outcome: Outcome
        switch kind {
        case 1:
            let lastOnline = Int64(bitPattern: words.1)
            outcome = .answered(
                StatusAnswer(
                    status: OnlineStatus(rawValue: value),
                    lastOnline: lastOnline == 0 ? nil : lastOnline,
                    checkedAt: Timestamp(milliseconds: Int64(bitPattern: words.2))
                )
            )
        case 2: outcome = .notReturned
        case 3:
            guard let reason = failure(number: UInt8(head >> 8 & 0xff), value: value) else { return IDState() }
            outcome = .failed(reason)
        default: return IDState()
        }
        return IDState(
            outcome: outcome, attempts: Int(head >> 16 & 0xffff), isFinal: head & finalBit != 0,
            failedAlone: head & aloneBit != 0)
    }

    /// The CRC-32 of the id, the first four bytes and the last 24.
    private static func checksum(
        _ head: UInt32,
        _ words: (UInt64, UInt64, UInt64),
        id: ArraySlice<UInt8>
    ) -> UInt32 {
        var sum = CRC32()
        sum.update(id)
        sum.update(half: head)
        sum.update(words: words.0, words.1)
        sum.update(word: words.2)
        return sum.value
    }

    /// Failures without a status code; the index in this list is the number in the record.
    private static let codelessFailures: [FailureReason] = [
        .badData, .missingData, .timeout, .connection, .protocolError, .badStatus, .conflict,
    ]
    private static let httpNumber: UInt8 = 64
    private static let apiNumber: UInt8 = 65

    private static func number(of reason: FailureReason) -> (UInt8, Int64) {
        switch reason {
        case .http(let code): (httpNumber, Int64(code))
        case .api(let code): (apiNumber, Int64(code))
        default: (UInt8(codelessFailures.firstIndex(of: reason) ?? 0), 0)
        }
    }

    private static func failure(number: UInt8, value: Int64) -> FailureReason? {
        switch number {
        case httpNumber: .http(Int(value))
        case apiNumber: .api(Int(value))
        default: Int(number) < codelessFailures.count ? codelessFailures[Int(number)] : nil
        }
    }

    /// Eight bytes of the record, read in one load.
    private static func word(_ index: Int, of record: ArraySlice<UInt8>) -> UInt64 {
        unsafe record.withUnsafeBytes { bytes in
            unsafe UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
        }
    }
}
