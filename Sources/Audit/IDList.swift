import Formats
import Model

/// Ids that an audit can list.
package enum IDList: String, Sendable, CaseIterable {
    case unavailable
    /// Could be reached in the earlier run.
    case becameUnavailable = "became-unavailable"
    /// Were unavailable in the earlier run, and can be reached.
    case recovered
    /// Only in the run, or only in the earlier one.
    case new, gone
    /// Without a definite answer.
    case unresolved

    /// Whether the list needs an earlier run.
    package var comparesRuns: Bool { self != .unavailable && self != .unresolved }

    package func contains(_ subscriber: AuditedID) -> Bool {
        let (was, kind) = (subscriber.previousKind, subscriber.outcome?.kind)
        return switch self {
        case .unavailable: kind == .unavailable
        case .becameUnavailable: kind == .unavailable && was?.isReachable == true
        case .recovered: was == .unavailable && kind?.isReachable == true
        case .new: kind != nil && was == nil
        case .gone: kind == nil
        case .unresolved: kind?.isDefinite == false
        }
    }
}

/// How a list of ids is written.
package enum ListFormat: String, Sendable, CaseIterable {
    case csv, jsonl
}

/// A line for each id of a list, in bytes.
package struct RowEncoder: Sendable {
    private let format: ListFormat
    private let columns: [String]

    package init(_ format: ListFormat, columns: [String]) {
        self.format = format
        self.columns = columns
    }

    /// What stands before the first line.
    package var header: [UInt8] {
        format == .csv ? Array((columns.joined(separator: ",") + "\n").utf8) : []
    }

    /// One value a column.
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
