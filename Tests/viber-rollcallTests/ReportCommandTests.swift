import Files
import Foundation
import TestSupport
import Testing

/// `report` from the outside: files, messages and exit codes.
@Suite(.needs("python3")) struct ReportCommandTests {
    @Test func `without a run there is nothing to report`() async throws {
        try await withTemporaryDirectory { directory in
            for arguments in [["report"], ["report", "--rebuild-history"]] {
                let ended = try await Program.run(arguments, in: directory)
                #expect(ended.code == 66)
                #expect(ended.error.contains("there is no directory reports; a run makes it"), "\(ended.error)")
            }
            #expect(!FileSystem.exists(directory + "/reports"))
        }
    }

    @Test(arguments: [
        (["--fail-if", "unavailable > x"], "--fail-if 'unavailable > x' is not valid"),
        (["--rebuild-history", "--output", "-"], "--rebuild-history cannot be used with"),
        (["--rebuild-history", "--fail-if", "unique < 1"], "--rebuild-history cannot be used with"),
    ])
    func `an invalid option is refused`(_ arguments: [String], _ words: String) async throws {
        try await withTemporaryDirectory { directory in
            let ended = try await Program.run(["report"] + arguments, in: directory)
            #expect(ended.code == 64)
            #expect(ended.error.contains(words), "\(ended.error)")
        }
    }

    @Test func `the page is replaced as a whole and a tripped gate exits 0`() async throws {
        try await withHistory(["--runs", "2"]) { directory in
            try write("<!doctype html>Made by viber-rollcall 0.0.1", to: directory + "/reports/report.html")
            let ended = try await Program.run(["report", "--fail-if", "unique > 1"], in: directory)
            #expect(ended.code == 0)
            #expect(ended.output == "reports/report.html: 2 runs\n")
            #expect(ended.error.isEmpty, "\(ended.error)")
            let page = try page(directory)
            #expect(page.hasPrefix("<!doctype html>") && page.hasSuffix("</html>\n"))
            #expect(page.contains("&#39;unique &gt; 1&#39; trips: unique is"))
            #expect(!FileSystem.exists(directory + "/reports/report.html.new"))
        }
    }

    @Test func `a dash writes the page to standard output`() async throws {
        try await withHistory(["--runs", "1"]) { directory in
            let ended = try await Program.run(["report", "--output", "-"], in: directory)
            #expect(ended.code == 0)
            #expect(ended.output.hasPrefix("<!doctype html>") && ended.output.hasSuffix("</html>\n"))
            #expect(!FileSystem.exists(directory + "/reports/report.html"))
        }
    }

    /// If the summary of a snapshot is damaged, the page uses its history row; if its rows are damaged, its counts.
    @Test func `a damaged snapshot is named and the page is written`() async throws {
        try await withHistory(["--runs", "4"]) { directory in
            let runs = try FileSystem.list(directory + "/reports").filter { $0.hasPrefix("2") }
            try write("{", to: directory + "/reports/\(runs[0])/summary.json")
            try write("no gzip", to: directory + "/reports/\(runs[3])/subscribers.csv.gz")
            let ended = try await Program.run(["report"], in: directory)
            #expect(ended.code == 0)
            #expect(ended.output == "reports/report.html: 4 runs\n")
            #expect(ended.error.contains("warning: reports/\(runs[0]) is left out: "), "\(ended.error)")
            #expect(ended.error.contains("warning: the rows of reports/\(runs[3]) cannot be read: "), "\(ended.error)")
            let page = try page(directory)
            #expect(page.contains("/\(runs[0]) is left out: "))
            #expect(page.contains("No snapshot has rows that can be read"))
        }
    }

    @Test func `a damaged earlier snapshot only prevents the comparison`() async throws {
        try await withHistory(["--runs", "3"]) { directory in
            let runs = try FileSystem.list(directory + "/reports").filter { $0.hasPrefix("2") }
            try write("no gzip", to: directory + "/reports/\(runs[1])/subscribers.csv.gz")
            let ended = try await Program.run(["report"], in: directory)
            #expect(ended.code == 0)
            #expect(ended.error.contains("warning: the rows of reports/\(runs[1]) cannot be read: "), "\(ended.error)")
            let page = try page(directory)
            #expect(page.contains("has no earlier successful run to compare with"))
            #expect(page.contains("id=\"recency-chart\""))
        }
    }

    @Test func `without snapshots the history is shown`() async throws {
        try await withHistory(["--runs", "3"]) { directory in
            for run in try FileSystem.list(directory + "/reports") where run.hasPrefix("2") {
                try FileSystem.remove(directory + "/reports/" + run)
            }
            let ended = try await Program.run(["report"], in: directory)
            #expect(ended.code == 0)
            #expect(try page(directory).contains("3 without a snapshot, known from history.csv"))
        }
    }

    @Test func `a file that is not a history is reported`() async throws {
        try await withHistory(["--runs", "2"]) { directory in
            try write("a;b\n", to: directory + "/reports/history.csv")
            let ended = try await Program.run(["report"], in: directory)
            #expect(ended.code == 0)
            #expect(ended.output == "reports/report.html: 2 runs\n")
            #expect(ended.error.contains("is not a history"), "\(ended.error)")
            #expect(try bytes(of: directory + "/reports/history.csv") == Array("a;b\n".utf8))
        }
    }

    @Test func `the history is rebuilt and keeps its other rows`() async throws {
        try await withHistory(["--runs", "5"]) { directory in
            let path = directory + "/reports/history.csv"
            let whole = try bytes(of: path)
            let rows = String(decoding: whole, as: UTF8.self).split(separator: "\n")
            try FileSystem.remove(directory + "/reports/" + rows[2].prefix { $0 != "," })
            // One row is missing, one is wrong.
            let damaged = rows.enumerated().filter { $0.offset != 4 }.map {
                $0.offset == 1 ? String($0.element.replacing("true", with: "false")) : String($0.element)
            }
            try write(damaged.joined(separator: "\n") + "\n", to: path)
            let ended = try await Program.run(["report", "--rebuild-history"], in: directory)
            #expect(ended.code == 0, "\(ended.error)")
            #expect(
                ended.output == "reports/history.csv: 5 rows, 1 of them of runs whose snapshot is gone\n")
            #expect(try bytes(of: path) == whole)
            #expect(!FileSystem.exists(directory + "/reports/report.html"))
        }
    }

    private func withHistory(_ arguments: [String], _ body: (String) async throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            let made = try await Checkers.run("make_history.py", [directory + "/reports"] + arguments)
            try #require(made.code == 0, "\(made.error)")
            try await body(directory)
        }
    }

    private func page(_ directory: String) throws -> String {
        try String(contentsOfFile: directory + "/reports/report.html", encoding: .utf8)
    }
}
