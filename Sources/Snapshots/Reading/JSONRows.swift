import Files
import Formats
import Glibc
import Model

/// The subscribers of `snapshot.json.gz`, one after the other, read as this program writes them: one a line.
struct JSONRows {
    private let gzip: GzipReadAhead
    private var chunk = [UInt8](repeating: 0, count: 1 << 18)
    /// What was read and not yet passed over, from `position` on.
    private var buffer: [UInt8] = []
    private var position = 0
    private var line = 0..<0
    private var row = 0
    private var isOver = false
    private(set) var entry = IDState()
    /// The id of the row that `advance()` went to; `entry` is its entry.
    private(set) var id: ArraySlice<UInt8> = []
    /// All that stands before the subscribers, as the members of a JSON object.
    private(set) var members: [JSONField] = []

    init(path: String) throws {
        gzip = GzipReadAhead(path: path, name: SnapshotJSON.fileName)
        guard try nextLine(limit: Self.headLimit), let head = JSONField.members(of: buffer[line] + [UInt8(ascii: "}")]),
            try nextLine(),
            buffer[line] == SnapshotJSON.beforeRows.dropFirst().dropLast()
        else { throw DamagedSnapshot("\(SnapshotJSON.fileName) does not begin as a snapshot does") }
        members = head
    }

    /// The most bytes of the first line, and of a subscriber's.
    private static let (headLimit, rowLimit) = (1 << 24, 1 << 14)

    /// Members of the gzip file, when all rows were read.
    var gzipMembers: Int { gzip.members }

    /// Goes to the next row, without a copy of its id.
    /// - Returns: false after the last row.
    /// - Throws: `DamagedSnapshot`, `GzipError`, `FileError`.
    mutating func advance() throws -> Bool {
        guard !isOver else { return false }
        id = []
        guard try nextLine() else { throw DamagedSnapshot("\(SnapshotJSON.fileName) ends before its last subscriber") }
        row += 1
        if let found = JSONLineParser(buffer[line]) {
            guard SnapshotID.isAcceptable(found.id) else { throw SnapshotID.damage(SnapshotJSON.fileName, row: row) }
            entry = found.entry
            id = found.id
            return true
        }
        guard buffer[line] == SnapshotJSON.afterRows.dropLast() else {
            throw DamagedSnapshot("\(SnapshotJSON.fileName): subscriber \(row) is not as a run writes it")
        }
        isOver = true
        guard try !nextLine() else { throw DamagedSnapshot("\(SnapshotJSON.fileName) goes on after its end") }
        return false
    }

    /// Where the first line end of the buffer is.
    private func lineEnd(from start: Int) -> Int? {
        unsafe buffer.withUnsafeBytes { bytes in
            guard start < bytes.count, let base = bytes.baseAddress,
                let found = unsafe memchr(base + start, 0x0A, bytes.count - start)
            else { return nil }
            return unsafe base.distance(to: UnsafeRawPointer(found))
        }
    }

    /// Goes to the next line; false at the end.
    /// - Throws: `DamagedSnapshot` if it is longer than `limit` bytes.
    private mutating func nextLine(limit: Int = rowLimit) throws -> Bool {
        var searched = position
        while true {
            if let end = lineEnd(from: searched) {
                line = position..<end
                position = end + 1
                return true
            }
            guard buffer.count - position <= limit else {
                throw DamagedSnapshot("\(SnapshotJSON.fileName) has a longer line than any run writes")
            }
            searched = buffer.count - position
            buffer.removeSubrange(..<position)
            position = 0
            let length = try gzip.read(into: &chunk)
            if length == 0 {
                line = 0..<buffer.count
                position = buffer.count
                return !line.isEmpty
            }
            buffer.append(contentsOf: chunk[..<length])
        }
    }
}
