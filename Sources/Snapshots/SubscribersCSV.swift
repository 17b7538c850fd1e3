import Model

/// A row of `subscribers.csv.gz`.
enum SubscribersCSV {
    static let fileName = "subscribers.csv.gz"
    static let columns = [
        "id", "online_status", "online_status_message", "last_online", "checked_at", "attempts", "error",
    ]

    static func append(_ id: ArraySlice<UInt8>, _ entry: RollEntry, to out: inout [UInt8]) {
        CSVText.append(id, to: &out)
        out.append(comma)
        if case .answered(let answer) = entry.outcome {
            Decimal.append(answer.status.rawValue, to: &out)
            out.append(comma)
            out.append(contentsOf: answer.status.name.utf8)
            out.append(comma)
            if let lastOnline = answer.lastOnline { Timestamp(milliseconds: lastOnline).append(to: &out) }
            out.append(comma)
            answer.checkedAt.append(to: &out)
        } else {
            out.append(contentsOf: ",,,".utf8)
        }
        out.append(comma)
        Decimal.append(Int64(entry.attempts), to: &out)
        out.append(comma)
        out.append(contentsOf: entry.outcome.errorText.utf8)
        out.append(0x0A)
    }

    private static let comma = UInt8(ascii: ",")
}
