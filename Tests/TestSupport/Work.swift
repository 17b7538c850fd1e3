package import Journal
package import Model

extension StatusAnswer {
    package init(_ status: Int64, lastOnline: Int64? = nil, at milliseconds: Int64 = 1_000) {
        self.init(
            status: OnlineStatus(rawValue: status), lastOnline: lastOnline,
            checkedAt: Timestamp(milliseconds: milliseconds))
    }
}

extension AnswerFile {
    /// Writes the entries of some ids.
    package func write(_ entries: [(position: Int, id: ArraySlice<UInt8>, entry: IDState)]) throws {
        var ids = IDBatch()
        for entry in entries { ids.append(entry.id) }
        try write(entries.map(\.entry), of: ids, at: entries.map(\.position))
    }
}

/// The spool and the answer file of one run.
package struct Work {
    package let spoolPath: String
    package let answers: AnswerFile
    package let ids: [[UInt8]]

    package init(_ ids: [[UInt8]], in directory: String) throws {
        self.ids = ids
        spoolPath = directory + "/spool"
        var spool = try SpoolWriter(creating: spoolPath)
        for id in ids { try spool.append(id[...]) }
        try spool.finish()
        answers = try AnswerFile(creating: directory + "/answers", count: ids.count)
    }

    /// `count` ids, `id-0` and so on.
    package init(count: Int, in directory: String) throws {
        try self.init((0..<count).map { Array("id-\($0)".utf8) }, in: directory)
    }

    /// The state of each id, in order.
    package func entries() throws -> [IDState] {
        var cursor = try SpoolCursor(spoolPath: spoolPath, answers: answers)
        var entries: [IDState] = []
        while try cursor.next() { entries.append(cursor.entry) }
        return entries
    }

    package func outcomes() throws -> [Outcome] { try entries().map(\.outcome) }
}
