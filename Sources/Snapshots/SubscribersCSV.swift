import Model

/// A row of `subscribers.csv.gz`.
enum SubscribersCSV {
    static let fileName = "subscribers.csv.gz"
    static let columns = [
        "id", "online_status", "online_status_message", "last_online", "checked_at", "attempts", "error",
    ]

    /// `tail`: the same for all rows of a file.
    static func append(_ id: ArraySlice<UInt8>, _ entry: RollEntry, tail: inout RowTail, to out: inout [UInt8]) {
        CSVText.append(id, to: &out)
        if case .answered(let answer) = entry.outcome {
            if answer.status.isDocumented {
                out.append(contentsOf: documented[Int(answer.status.rawValue)])
            } else {
                out.append(contentsOf: text(of: answer.status))
            }
            if let lastOnline = answer.lastOnline { Timestamp(milliseconds: lastOnline).append(to: &out) }
            tail.append(answer.checkedAt, entry.attempts, to: &out) { out in
                out.append(comma)
                answer.checkedAt.append(to: &out)
                out.append(comma)
                Decimal.append(Int64(entry.attempts), to: &out)
                out.append(contentsOf: ",\n".utf8)
            }
        } else {
            out.append(contentsOf: ",,,,,".utf8)
            Decimal.append(Int64(entry.attempts), to: &out)
            out.append(comma)
            out.append(contentsOf: entry.outcome.errorText.utf8)
            out.append(0x0A)
        }
    }

    /// Number and name, with the commas around them.
    private static func text(of status: OnlineStatus) -> [UInt8] { Array(",\(status.rawValue),\(status.name),".utf8) }

    private static let documented = (0...4).map { text(of: OnlineStatus(rawValue: $0)) }

    private static let comma = UInt8(ascii: ",")
}
