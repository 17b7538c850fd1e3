import Foundation
import Logging
import Model
import Sandbox
import SnapshotJob
import Snapshots
import Subscribers
import TestSupport
import Testing
import ViberAPI

import enum SnapshotJob.ExitStatus

@testable import viber_rollcall

/// One random run: a source, the faults, and the settings.
struct ModelRun: Sendable, CustomTestStringConvertible {
    let seed: UInt64
    /// The ids that the run accepts, in order.
    private(set) var ids: [String] = []
    /// Lines of the source: ids, some of them twice, and rows without an id.
    private var cells: [String] = []
    private var source = Source.csv
    private(set) var faults: [String] = []
    private var poison: [String] = []
    /// Ids that make every request with them fail.
    private(set) var bound: [String] = []
    private var mostIDs = 100
    private var concurrency = 1
    private var passes = 0
    /// Whether a fault in the path ends every run that meets it.
    private(set) var isDoomed = false

    private enum Source: CaseIterable {
        case csv, gzip, quoted, sqlite
    }

    var testDescription: String { "seed \(seed): \(ids.count) ids, \(source), \(faults.joined(separator: " "))" }

    /// - Parameters:
    ///   - seed: determines the run.
    ///   - isBound: whether one or two ids make every request with them fail, besides recoverable faults.
    init(seed: UInt64, isBound: Bool = false) {
        self.seed = seed
        var random = SeededRandom(seed: seed)
        drawIDs(&random)
        guard !isBound else {
            drawBound(&random)
            return
        }
        drawFaults(&random)
        source = Source.allCases.randomElement(using: &random) ?? .csv
        concurrency = Int.random(in: 1...16, using: &random)
        passes = Int.random(in: 0...4, using: &random)
    }

    private mutating func drawIDs(_ random: inout SeededRandom) {
        let count = [0, 1, 99, 100, 101, 200, 0, 0, 0].randomElement(using: &random) ?? 0
        let wanted = count == 0 && seed % 16 != 0 ? Int.random(in: 2...700, using: &random) : count
        let unusual = [
            "é", "e\u{301}", "日本", "😀", "a,b", "a\"b", "a'b", "a/b", "=1+1", "+x", "-y", "a\\b", "x y", "\u{FEFF}z",
        ]
        for number in 0..<wanted {
            let plain = Data((0..<16).map { _ in UInt8.random(in: 0...255, using: &random) }).base64EncodedString()
            let isOdd = Int.random(in: 0..<12, using: &random) == 0
            ids.append(isOdd ? "\(number)\(unusual.randomElement(using: &random) ?? "")\(number)" : plain)
        }
        cells = []
        for id in ids {
            cells.append(id)
            switch Int.random(in: 0..<20, using: &random) {
            case 0: cells.append(ids[Int.random(in: 0...(cells.count - 1) / 2, using: &random) % ids.count])
            case 1: cells.append("")
            case 2: cells.append(String(repeating: "x", count: 300))
            default: break
            }
        }
        // A duplicate counts at its first position.
        var seen = Set<[UInt8]>()
        ids = cells.filter { !$0.isEmpty && $0.utf8.count < 300 && seen.insert(Array($0.utf8)).inserted }
    }

    private mutating func drawFaults(_ random: inout SeededRandom) {
        func oneIn(_ count: Int) -> Bool { Int.random(in: 0..<count, using: &random) == 0 }
        faults = ["any@~\(Int.random(in: 2...30, using: &random))"]
        for fault in ["status-12@/7", "http-429:1@~9", "swapped@~10", "replayed@~12", "missing@~3", "conflict@~4"]
        where oneIn(6) {
            faults.append(fault)
        }
        if oneIn(8) { faults.append("timeout@\(Int.random(in: 1...9, using: &random))") }
        if oneIn(6) { faults.append("account:any@1-\(Int.random(in: 1...3, using: &random))") }
        if oneIn(5), let id = ids.randomElement(using: &random) { poison = [id] }
        if oneIn(8) { mostIDs = 50 }
        if oneIn(10) {
            isDoomed = true
            let fatal = ["redirect", "http-404", "status-10", "status-1"].randomElement(using: &random) ?? "redirect"
            faults.insert("\(fatal)@\(Int.random(in: 1...6, using: &random))-", at: 0)
        }
    }

    /// A failure for each of the ids: any failure of a request, except the slow ones.
    private mutating func drawBound(_ random: inout SeededRandom) {
        let failures = [
            "http-500", "http-503", "http-429:1", "http-401", "http-404", "http-502", "redirect", "status-2",
            "status-12",
            "status-999", "status-11", "status-text", "html", "truncated", "empty", "reset-peer", "stale", "reset-body",
            "limit-data", "users-absent", "lone-surrogate", "two-documents", "gzip", "long-message",
        ]
        while ids.count < 20 { drawIDs(&random) }
        for id in ids.filter({ !$0.contains(" ") }).shuffled(using: &random).prefix(
            Int.random(in: 1...2, using: &random))
        {
            guard
                let fault = failures.shuffled(using: &random).map({ $0 + "@=" + id }).first(where: { Fault($0) != nil })
            else { continue }
            bound.append(id)
            faults.append(fault)
        }
        faults.append("any@~\(Int.random(in: 8...30, using: &random))")
        source = Source.allCases.randomElement(using: &random) ?? .csv
        concurrency = Int.random(in: 1...16, using: &random)
        passes = 4
    }

    var sandboxArguments: [String] {
        // An id that is deferred is requested in another set of ids, which is not a part of its batch.
        ["--seed", String(seed), "--most-ids", String(mostIDs)] + (bound.isEmpty ? [] : ["--try-later", "0"])
            + faults.flatMap { ["--fault", $0] }
            + poison.flatMap { ["--poison=" + $0] }
    }

    /// Writes the source into a directory. The column is named, since many of a few ids may look unusual.
    private func writeSource(into directory: String) async throws -> SourceOptions {
        let path = directory + "/source"
        switch source {
        case .sqlite:
            let made = try await Tool.python(
                """
                import sqlite3, sys
                database = sqlite3.connect(sys.argv[1])
                database.execute("CREATE TABLE users (nr INTEGER PRIMARY KEY, viber_id TEXT)")
                cells = sys.stdin.buffer.read().decode().split("\\n")[:-1]
                database.executemany("INSERT INTO users (viber_id) VALUES (?)", [(cell,) for cell in cells])
                database.commit()
                """, [path], input: Array(cells.map { $0 + "\n" }.joined().utf8))
            try #require(made.code == 0, "\(made.error)")
            var options = SourceOptions(path: path)
            options.table = "users"
            options.column = "viber_id"
            return options
        case .csv, .gzip, .quoted:
            let end = source == .quoted ? "\r\n" : "\n"
            let lines = cells.enumerated().map { number, cell in
                "\(number),\"\(cell.replacing("\"", with: "\"\""))\""
            }
            let text = ((["nr,id"] + lines).map { $0 + end }).joined()
            try write(text, to: path)
            if source == .gzip { _ = try await Tool.run("gzip", ["-k", "-S", ".packed", path]) }
            var options = SourceOptions(path: source == .gzip ? path + ".packed" : path)
            options.column = "id"
            return options
        }
    }

    /// The result of a run, and the path of its snapshot.
    struct Outcome: Sendable {
        var status: ExitStatus
        var path: String?
    }

    /// Runs a snapshot in this process, with a clock that never waits.
    func take(in directory: String, of sandbox: SandboxHandle) async throws -> Outcome {
        try write(ids.map { $0 + "\n" }.joined(), to: directory + "/ids")
        var options: TypedOptions = [
            .baseURL: sandbox.url, .timeout: "1500ms", .outputDir: directory + "/reports", .rate: "0",
            .concurrency: String(concurrency),
            .settle: passes == 0 ? "none" : [String](repeating: "30s", count: passes).joined(separator: ","),
        ]
        let source = try await writeSource(into: directory)
        options[.column] = source.column
        options[.table] = source.table
        let environment = ["VIBER_AUTH_TOKEN": Program.canary]
        let settings = try Settings(
            source: source.path, SettingsReader(options, environment: environment), environment: environment)
        let quiet = RunEnvironment.live(log: Logger(label: "model") { _ in SwiftLogNoOpLogHandler() })
        do {
            let ended = try await SnapshotJob(settings.job, environment: quiet, clock: StepClock()).run()
            return Outcome(status: ended.status, path: ended.published.path)
        } catch {
            let status = ExitStatus(of: error)
            return Outcome(status: try #require(status, "\(error)"))
        }
    }
}
