import Formats
import Model

/// A list of ids that an audit can write.
package enum IDList: String, Sendable, CaseIterable {
    case unavailable
    /// Ids that are unavailable and were reachable in the earlier run.
    case becameUnavailable = "became-unavailable"
    /// Ids that are reachable and were unavailable in the earlier run.
    case recovered
    /// Ids that only the run has, or only the earlier one.
    case new, gone
    /// Ids without a definite answer.
    case unresolved

    /// Whether the list needs an earlier run.
    package var comparesRuns: Bool { self != .unavailable && self != .unresolved }

    package func contains(_ subscriber: AuditedID) -> Bool {
        let (previous, kind) = (subscriber.previousKind, subscriber.outcome?.kind)
        return switch self {
        case .unavailable: kind == .unavailable
        case .becameUnavailable: kind == .unavailable && previous?.isReachable == true
        case .recovered: previous == .unavailable && kind?.isReachable == true
        case .new: kind != nil && previous == nil
        case .gone: kind == nil
        case .unresolved: kind?.isDefinite == false
        }
    }
}

/// The format of a list of ids.
package enum ListFormat: String, Sendable, CaseIterable {
    case csv, jsonl
}

/// Encodes one line for each id of a list.
package struct RowEncoder: Sendable {
    private let format: ListFormat
    private let columns: [String]

    package init(_ format: ListFormat, columns: [String]) {
        self.format = format
        self.columns = columns
    }

    /// The bytes before the first row: the column names in CSV, nothing in JSON Lines.
    package var header: [UInt8] {
        format == .csv ? Array((columns.joined(separator: ",") + "\n").utf8) : []
    }

    /// The value of one column.
    package enum Value {
        case bytes(ArraySlice<UInt8>)
        case text(String)
        case number(Int)
        case nothing
    }

    package func append(_ values: [Value], to out: inout [UInt8]) {
        switch format {
        case .csv:
            for (index, value) in values.enumerated() {
                if index > 0 { out.append(UInt8(ascii: ",")) }
                switch value {
                case .bytes(let bytes): CSVText.append(bytes, to: &out)
                case .text(let text): CSVText.append(ArraySlice(text.utf8), to: &out)
                case .number(let number): out.append(contentsOf: String(number).utf8)
                case .nothing: break
                }
            }
        case .jsonl:
            var json = JSONWriter()
            json.beginObject()
            for (column, value) in zip(columns, values) {
                json.key(column)
                switch value {
                case .bytes(let bytes): json.string(bytes)
                case .text(let text): json.string(text)
                case .number(let number): json.integer(number)
                case .nothing: json.null()
                }
            }
            json.endObject()
            out.append(contentsOf: json.bytes)
        }
        out.append(0x0A)
    }
}

extension AuditedID {
    package static let columns = ["id", "now", "before", "last_online", "checked_at"]

    /// One value for each of `columns`.
    package var values: [RowEncoder.Value] {
        var values: [RowEncoder.Value] = [
            .bytes(id), outcome.map { .text($0.kind.name) } ?? .nothing,
            previousKind.map { .text($0.name) } ?? .nothing,
        ]
        guard case .answered(let answer) = outcome else { return values + [.nothing, .nothing] }
        values.append(answer.lastOnline.map { .text(Timestamp(milliseconds: $0).text) } ?? .nothing)
        values.append(.text(answer.checkedAt.text))
        return values
    }
}
