import Formats
import Model

/// The JSON form of a snapshot, `snapshot.json.gz`, with its keys in the documented order.
///
/// Its first line holds everything except the subscribers, which follow with one per line. So it can be read line by
/// line or as one document.
enum SnapshotJSON {
    static let fileName = SnapshotFile.json.rawValue

    /// The text between the open object of the first line and the first subscriber.
    static let beforeRows = Array("\n,\"subscribers\":[\n".utf8)
    static let afterRows = Array("]}\n".utf8)

    /// Appends one subscriber as a line, with a comma after it unless it is the last.
    ///
    /// - Parameters:
    ///   - id: the subscriber's id.
    ///   - entry: its state.
    ///   - isLast: whether it is the last of the file.
    ///   - tail: the same object for all lines of a file.
    ///   - out: the bytes to append to.
    static func append(
        _ id: ArraySlice<UInt8>,
        _ entry: IDState,
        isLast: Bool,
        tail: inout CachedRowSuffix,
        to out: inout [UInt8]
    ) {
        out.append(contentsOf: opening)
        JSONText.escape(id, into: &out)
        if case .answered(let answer) = entry.outcome {
            if answer.status.isDocumented {
                out.append(contentsOf: documented[Int(answer.status.rawValue)])
            } else {
                out.append(contentsOf: text(of: answer.status))
            }
            if let time = answer.lastOnline {
                DecimalText.append(time, to: &out)
            } else {
                out.append(contentsOf: "null".utf8)
            }
            tail.append(answer.checkedAt, entry.attempts, to: &out) { out in
                out.append(contentsOf: ",\"checked_at\":\"".utf8)
                answer.checkedAt.append(to: &out)
                out.append(contentsOf: "\",\"attempts\":".utf8)
                DecimalText.append(Int64(entry.attempts), to: &out)
                out.append(contentsOf: ",\"error\":null}".utf8)
            }
        } else {
            out.append(contentsOf: Self.unanswered)
            DecimalText.append(Int64(entry.attempts), to: &out)
            out.append(contentsOf: ",\"error\":\"".utf8)
            out.append(contentsOf: entry.outcome.errorText.utf8)
            out.append(contentsOf: "\"}".utf8)
        }
        if !isLast { out.append(UInt8(ascii: ",")) }
        out.append(0x0A)
    }

    private static let opening = Array("{\"id\":\"".utf8)

    /// The text between the id and `last_online`.
    private static func text(of status: OnlineStatus) -> [UInt8] {
        let name = "\"online_status_message\":\"\(status.name)\""
        return Array("\",\"online_status\":\(status.rawValue),\(name),\"last_online\":".utf8)
    }

    private static let documented = (0...4).map { text(of: OnlineStatus(rawValue: $0)) }

    private static let unanswered = Array(
        "\",\"online_status\":null,\"online_status_message\":null,\"last_online\":null,\"checked_at\":null,\"attempts\":"
            .utf8)
}
