import Files
import Model

/// The subscribers of `snapshot.json.gz`, one after the other, read as this program writes them: one a line.
struct JSONRows {
    private let gzip: GzipReader
    private var buffer = [UInt8](repeating: 0, count: 1 << 16)
    private var position = 0
    private var available = 0
    private var line: [UInt8] = []
    private var row = 0
    private var isOver = false
    /// All that stands before the subscribers, as the members of a JSON object.
    private(set) var members: [JSONField] = []

    init(path: String) throws {
        gzip = try GzipReader(InputFile(opening: path), name: SnapshotJSON.fileName)
        guard try nextLine(), let head = JSONField.members(of: line + [UInt8(ascii: "}")]), try nextLine(),
            line == SnapshotJSON.beforeRows.dropFirst().dropLast()
        else { throw DamagedSnapshot("\(SnapshotJSON.fileName) does not begin as a snapshot does") }
        members = head
    }

    /// Members of the gzip file, when all rows were read.
    var gzipMembers: Int { gzip.members }

    /// - Throws: `DamagedSnapshot`, `GzipError`, `FileError`.
    mutating func next() throws -> SnapshotRow? {
        guard !isOver else { return nil }
        guard try nextLine() else { throw DamagedSnapshot("\(SnapshotJSON.fileName) ends before its last subscriber") }
        if line == SnapshotJSON.afterRows.dropLast() {
            isOver = true
            guard try !nextLine() else { throw DamagedSnapshot("\(SnapshotJSON.fileName) goes on after its end") }
            return nil
        }
        row += 1
        var scanner = RowScanner(rest: line[...])
        guard let found = scanner.row() else {
            throw DamagedSnapshot("\(SnapshotJSON.fileName): subscriber \(row) is not as a run writes it")
        }
        return found
    }

    /// Goes to the next line; false at the end.
    private mutating func nextLine() throws -> Bool {
        line.removeAll(keepingCapacity: true)
        while true {
            if position == available {
                available = try gzip.read(into: &buffer)
                position = 0
                if available == 0 { return !line.isEmpty }
            }
            if let end = buffer[position..<available].firstIndex(of: 0x0A) {
                line.append(contentsOf: buffer[position..<end])
                position = end + 1
                return true
            }
            line.append(contentsOf: buffer[position..<available])
            position = available
        }
    }
}

/// Takes a subscriber's line apart.
private struct RowScanner {
    var rest: ArraySlice<UInt8>

    mutating func row() -> SnapshotRow? {
        if rest.last == UInt8(ascii: ",") { rest = rest.dropLast() }  // before the next subscriber
        guard literal("{\"id\":"), let quotedID = value(), let id = string(quotedID),
            literal(",\"online_status\":"), let status = value(),
            literal(",\"online_status_message\":"), let message = value(),
            literal(",\"last_online\":"), let lastOnline = value(),
            literal(",\"checked_at\":"), let checkedAt = value(),
            literal(",\"attempts\":"), let attempts = value().flatMap({ number($0) }).flatMap({ Int(exactly: $0) }),
            literal(",\"error\":"), let error = value(), literal("}"), rest.isEmpty
        else { return nil }
        let outcome: Outcome
        if isNull(status) {
            guard isNull(message), isNull(lastOnline), isNull(checkedAt),
                let text = string(error), let found = Outcome(errorText: String(decoding: text, as: UTF8.self))
            else { return nil }
            outcome = found
        } else {
            guard let code = number(status), let name = string(message), let time = string(checkedAt),
                let checked = Timestamp(bytes: time[...]), isNull(error)
            else { return nil }
            let known = OnlineStatus(rawValue: code)
            guard name.elementsEqual(known.name.utf8) else { return nil }
            let last = isNull(lastOnline) ? nil : number(lastOnline)
            guard isNull(lastOnline) || last != nil else { return nil }
            outcome = .answered(Answer(status: known, lastOnline: last, checkedAt: checked))
        }
        return SnapshotRow(id: id, entry: RollEntry(outcome: outcome, attempts: attempts))
    }

    private mutating func literal(_ text: StaticString) -> Bool {
        let expected = String(describing: text).utf8
        guard rest.starts(with: expected) else { return false }
        rest = rest.dropFirst(expected.count)
        return true
    }

    /// A string with its quotes, or a number or `null`.
    private mutating func value() -> ArraySlice<UInt8>? {
        var end = rest.startIndex
        if rest.first == UInt8(ascii: "\"") {
            end += 1
            while end < rest.endIndex, rest[end] != UInt8(ascii: "\"") {
                end += rest[end] == UInt8(ascii: "\\") ? 2 : 1
            }
            end += 1
        } else {
            while end < rest.endIndex, rest[end] != UInt8(ascii: ","), rest[end] != UInt8(ascii: "}") { end += 1 }
        }
        guard end <= rest.endIndex else { return nil }
        defer { rest = rest[end...] }
        return rest[..<end]
    }

    private func string(_ value: ArraySlice<UInt8>) -> [UInt8]? {
        guard value.count >= 2, value.first == UInt8(ascii: "\"") else { return nil }
        return JSONText.unescape(value.dropFirst().dropLast())
    }

    private func number(_ value: ArraySlice<UInt8>) -> Int64? { Int64(String(decoding: value, as: UTF8.self)) }

    private func isNull(_ value: ArraySlice<UInt8>) -> Bool { value.elementsEqual("null".utf8) }
}
