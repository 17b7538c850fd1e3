import Files
import Formats
import Glibc
import Model

/// Reads the subscribers of `snapshot.json.gz` in order, in the form that this program writes: one per line.
struct JSONRows {
    private let gzip: GzipReadAhead
    private var chunk = [UInt8](repeating: 0, count: 1 << 18)
    /// Decompressed bytes; those before `position` are consumed.
    private var buffer: [UInt8] = []
    private var position = 0
    private var line = 0..<0
    private var row = 0
    private var isAtEnd = false
    private(set) var entry = IDState()
    /// The id of the current row; `entry` is its state.
    private(set) var id: ArraySlice<UInt8> = []
    /// The members of the JSON object before `subscribers`.
    private(set) var members: [JSONMember] = []

    init(path: String) throws {
        gzip = GzipReadAhead(path: path, name: SnapshotJSON.fileName)
        guard try nextLine(limit: Self.headLimit),
            let head = JSONMember.members(of: buffer[line] + [UInt8(ascii: "}")]),
            try nextLine(),
            buffer[line] == SnapshotJSON.beforeRows.dropFirst().dropLast()
        else { throw DamagedSnapshot("\(SnapshotJSON.fileName) does not begin with the header of a snapshot") }
        members = head
    }

    /// The maximum length in bytes of the first line, and of the line of a subscriber.
    private static let (headLimit, rowLimit) = (1 << 24, 1 << 14)

    /// The number of gzip members; valid after all rows were read.
    var gzipMembers: Int { gzip.members }

    /// Advances to the next row, without copying its id.
    ///
    /// - Returns: false after the last row.
    /// - Throws: `DamagedSnapshot`, `GzipError`, `FileError`.
    mutating func advance() throws -> Bool {
        guard !isAtEnd else { return false }
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
            throw DamagedSnapshot("\(SnapshotJSON.fileName): subscriber \(row) is malformed")
        }
        isAtEnd = true
        guard try !nextLine() else { throw DamagedSnapshot("\(SnapshotJSON.fileName) continues after its end") }
        return false
    }

    /// The index of the first line end in the buffer from `start` on.
    private func lineEnd(from start: Int) -> Int? {
        unsafe buffer.withUnsafeBytes { bytes in
            guard start < bytes.count, let base = bytes.baseAddress,
                let found = unsafe memchr(base + start, 0x0A, bytes.count - start)
            else { return nil }
            return unsafe base.distance(to: UnsafeRawPointer(found))
        }
    }

    /// Advances to the next line.
    ///
    /// - Parameter limit: the maximum length of the line in bytes.
    /// - Returns: false at the end.
    /// - Throws: `DamagedSnapshot` if the line is longer than `limit`; `GzipError`, `FileError`.
    private mutating func nextLine(limit: Int = rowLimit) throws -> Bool {
        var searched = position
        while true {
            if let end = lineEnd(from: searched) {
                line = position..<end
                position = end + 1
                return true
            }
            guard buffer.count - position <= limit else {
                throw DamagedSnapshot("\(SnapshotJSON.fileName) has a line that is too long")
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
