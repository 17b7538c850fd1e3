import Formats
import Model

/// The rows of `subscribers.csv.gz`.
enum SubscribersCSV {
    static let fileName = SnapshotFile.subscribers.rawValue
    static let columns = [
        "id", "online_status", "online_status_message", "last_online", "checked_at", "attempts", "error",
    ]

    /// Appends a row. `tail` must be the same object for all rows of a file.
    static func append(_ id: ArraySlice<UInt8>, _ entry: IDState, tail: inout CachedRowSuffix, to out: inout [UInt8]) {
        CSVText.append(id, to: &out)
        if case .answered(let answer) = entry.outcome {
            append(answer.status, to: &out)
            if let lastOnline = answer.lastOnline { Timestamp(milliseconds: lastOnline).append(to: &out) }
            tail.append(answer.checkedAt, entry.attempts, to: &out) { out in
                out.append(comma)
                answer.checkedAt.append(to: &out)
                out.append(comma)
                DecimalText.append(Int64(entry.attempts), to: &out)
                out.append(contentsOf: ",\n".utf8)
            }
        } else {
            out.append(contentsOf: ",,,,,".utf8)
            DecimalText.append(Int64(entry.attempts), to: &out)
            out.append(comma)
            out.append(contentsOf: entry.outcome.errorText.utf8)
            out.append(0x0A)
        }
    }

    /// Appends number and name, with the commas around them.
    private static func append(_ status: OnlineStatus, to out: inout [UInt8]) {
        guard let text = documented(status) else {
            return out.append(contentsOf: ",\(status.rawValue),\(status.name),".utf8)
        }
        unsafe out.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// The same for a documented status as a constant, without building a string for every row.
    private static func documented(_ status: OnlineStatus) -> StaticString? {
        switch status.rawValue {
        case 0: ",0,online,"
        case 1: ",1,offline,"
        case 2: ",2,undisclosed,"
        case 3: ",3,tryLater,"
        case 4: ",4,unavailable,"
        default: nil
        }
    }

    private static let comma = UInt8(ascii: ",")
}
