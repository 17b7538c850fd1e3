import Files
import Foundation
import Journal
import Model
import Subscribers
import TestSupport
import Testing

/// The result of reading a source to its end.
struct Spooled {
    var ids: [[UInt8]] = []
    var source: RunSummary.Source
    var rejections: [Rejection] = []
    var warnings: [String]

    /// Spools a source on disk.
    ///
    /// - Parameters:
    ///   - options: the source.
    ///   - before: called before each row is read, with its number from 1.
    /// - Throws: the errors of `Spooling.run` and `before`.
    init(_ options: SourceOptions, before: (Int) throws -> Void = { _ in }) throws {
        let path = FileManager.default.temporaryDirectory.path + "/viber-rollcall-spool-" + UUID().uuidString
        defer { try? FileSystem.remove(path) }
        var rejections: [Rejection] = []
        var row = 0
        func check() throws {
            row += 1
            try before(row)
        }
        (source, warnings) = try Spooling.run(
            SubscriberSource(options), spoolPath: path, check: check
        ) { rejections.append($0) }
        self.rejections = rejections
        var reader = try SpoolReader(InputFile(opening: path), name: path)
        while try reader.next() { ids.append(Array(reader.current)) }
    }

    /// Spools a file `list.csv` with these bytes.
    init(csv content: some Sequence<UInt8>, _ adjust: (inout SourceOptions) -> Void = { _ in }) throws {
        let directory = FileManager.default.temporaryDirectory.path + "/viber-rollcall-source-" + UUID().uuidString
        try FileSystem.make(directory)
        defer { try? FileSystem.remove(directory) }
        var options = SourceOptions(path: directory + "/list.csv")
        adjust(&options)
        try write(content, to: options.path)
        try self.init(options)
    }

    /// Spools a file `list.csv` with this text.
    init(csv text: String, _ adjust: (inout SourceOptions) -> Void = { _ in }) throws {
        try self.init(csv: text.utf8, adjust)
    }

    /// Spools a database.
    init(database path: String, _ adjust: (inout SourceOptions) -> Void = { _ in }) throws {
        var options = SourceOptions(path: path)
        adjust(&options)
        try self.init(options)
    }
}

/// Three subscribers. With other ids the column would not look like Viber ids.
let (ada, bob, eve) = (viberID("Ada"), viberID("Bob"), viberID("Eve"))

/// More subscribers, so that a column looks like Viber ids although one or two of its cells do not.
let many = (1...20).map { viberID("Subscriber\($0)") }

/// Ids as bytes: as `String`, ids that differ only in Unicode normalisation are equal.
func ids(_ texts: String...) -> [[UInt8]] { texts.map { Array($0.utf8) } }

/// Makes a database with the `sqlite3` program.
func makeDatabase(_ path: String, _ sql: String) async throws {
    let result = try await Tool.run("sqlite3", ["-batch", "-bail", path], input: Array(sql.utf8))
    try #require(result.code == 0, "\(result.error)")
}

/// Makes a database, runs `body` with its path, and removes it.
@discardableResult
func withDatabase<Result>(_ sql: String, _ body: (String) async throws -> Result) async throws -> Result {
    try await withTemporaryDirectory { directory in
        let path = directory + "/bot.sqlite"
        try await makeDatabase(path, sql)
        return try await body(path)
    }
}
