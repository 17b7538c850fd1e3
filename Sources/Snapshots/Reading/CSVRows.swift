import Files
import Formats
import Model

/// Reads the rows of `subscribers.csv.gz` in order.
struct CSVRows {
    private let gzip: GzipReadAhead
    private var records: RecordReader
    private var row = 0
    private(set) var entry = IDState()

    init(path: String) throws {
        gzip = GzipReadAhead(path: path, name: SubscribersCSV.fileName)
        records = RecordReader(gzip, delimiter: UInt8(ascii: ","))
        guard try records.next(), (0..<records.fieldCount).map({ text($0) }) == SubscribersCSV.columns else {
            throw DamagedSnapshot("\(SubscribersCSV.fileName) does not begin with the header of a snapshot")
        }
    }

    /// The number of gzip members; valid after all rows were read.
    var members: Int { gzip.members }

    /// The id of the current row; `entry` is its state.
    var id: ArraySlice<UInt8> { records.field(0) }

    /// Advances to the next row, without copying its id.
    ///
    /// - Returns: false after the last row.
    /// - Throws: `DamagedSnapshot`, `GzipError`, `FileError`.
    mutating func advance() throws -> Bool {
        do {
            guard try records.next() else { return false }
        } catch let quote as UnterminatedQuote {
            throw DamagedSnapshot("\(SubscribersCSV.fileName): the quote on line \(quote.line) is never closed")
        }
        row += 1
        guard records.problem == nil, records.fieldCount == SubscribersCSV.columns.count,
            let attempts = number(5), let outcome = outcome()
        else { throw DamagedSnapshot("\(SubscribersCSV.fileName): row \(row) is malformed") }
        guard SnapshotID.isAcceptable(id) else { throw SnapshotID.damage(SubscribersCSV.fileName, row: row) }
        entry = IDState(outcome: outcome, attempts: Int(attempts))
        return true
    }

    private func outcome() -> Outcome? {
        guard records.field(1).isEmpty else {
            guard let number = number(1), let checked = Timestamp(bytes: records.field(4)) else { return nil }
            let status = OnlineStatus(rawValue: number)
            var lastOnline: Int64?
            if !records.field(3).isEmpty {
                guard let time = Timestamp(bytes: records.field(3)) else { return nil }
                lastOnline = time.milliseconds
            }
            guard isName(records.field(2), of: status), records.field(6).isEmpty else { return nil }
            return .answered(StatusAnswer(status: status, lastOnline: lastOnline, checkedAt: checked))
        }
        guard (2...4).allSatisfy({ records.field($0).isEmpty }) else { return nil }
        return Outcome(errorText: text(6))
    }

    private func isName(_ text: ArraySlice<UInt8>, of status: OnlineStatus) -> Bool {
        guard status.isDocumented else { return text.elementsEqual(status.name.utf8) }
        return text.bytesEqual(Self.names[Int(status.rawValue)][...])
    }

    private static let names = (0...4).map { Array(OnlineStatus(rawValue: $0).name.utf8) }

    private func number(_ field: Int) -> Int64? {
        let bytes = records.field(field)
        // Fast path: nearly all numbers have one digit.
        if bytes.count == 1, let digit = bytes.first, digit >= 0x30, digit <= 0x39 { return Int64(digit - 0x30) }
        return Int64(String(decoding: bytes, as: UTF8.self))
    }

    private func text(_ field: Int) -> String { String(decoding: records.field(field), as: UTF8.self) }
}

extension Outcome {
    /// Reads the `error` column of an unanswered id; nil for anything else.
    init?(errorText: String) {
        switch errorText {
        case "not_asked": self = .notAsked
        case "not_returned": self = .notReturned
        default:
            guard errorText.hasPrefix("failed:"), let reason = FailureReason(String(errorText.dropFirst(7))) else {
                return nil
            }
            self = .failed(reason)
        }
    }
}
