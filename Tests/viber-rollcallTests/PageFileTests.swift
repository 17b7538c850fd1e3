import Files
import Foundation
import Glibc
import Testing

@testable import TestSupport

/// The files that `report` writes, and those that it refuses to replace.
@Suite(.needs("python3")) struct PageFileTests {
    /// An output directory with two runs, in a directory of its own.
    private func withReports(_ body: (_ directory: String) async throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            let runs = ["20261121T231500Z-0001", "20261122T231500Z-0002"]
            let sample = Machine.root + "/reports/sample"
            let newest = try #require(FileSystem.destination(of: sample + "/latest"))
            try FileSystem.make(directory + "/reports")
            for run in [newest] {
                try FileManager.default.copyItem(
                    atPath: sample + "/" + run, toPath: directory + "/reports/" + run)
            }
            for name in runs { try FileSystem.make(directory + "/elsewhere/" + name) }
            try await body(directory)
        }
    }

    private func report(_ arguments: [String], in directory: String) async throws -> ToolResult {
        try await Program.run(["report"] + arguments, in: directory)
    }

    private func isPage(_ bytes: [UInt8]) -> Bool {
        bytes.starts(with: "<!doctype html>".utf8) && bytes.suffix(8).elementsEqual("</html>\n".utf8)
    }

    struct Other: Sendable, CustomTestStringConvertible {
        var testDescription: String
        /// Whether `report` writes to it if the user names it.
        var isWritten = false
        var make: @Sendable (_ path: String) throws -> Void
    }

    private static let others = [
        Other(testDescription: "a directory") { path in try FileSystem.make(path + "/deep") },
        Other(testDescription: "a link to a directory") { path in
            try FileSystem.make(path + ".target")
            try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: path + ".target")
        },
        Other(testDescription: "a dangling link") { path in
            try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "nowhere")
        },
        Other(testDescription: "a pipe without a reader") { path in try #require(mkfifo(path, 0o600) == 0) },
        Other(testDescription: "a link to a file", isWritten: true) { path in
            try write("old", to: path + ".target")
            try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: path + ".target")
        },
        Other(testDescription: "a link to a device", isWritten: true) { path in
            try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/dev/null")
        },
    ]

    /// `report` never writes to a special file that the user did not name, and never replaces one.
    @Test(arguments: others) func `a special file stays`(_ other: Other) async throws {
        for isNamed in [true, false] {
            try await withReports { directory in
                let path = directory + "/reports/report.html"
                try other.make(path)
                let (before, names) = (FileStatus(at: path), try FileSystem.list(directory + "/reports"))
                let ended = try await report(isNamed ? ["--output", path] : [], in: directory)
                let isWritten = isNamed && other.isWritten
                #expect(ended.code == (isWritten ? 0 : 73), "\(ended.error)")
                #expect(FileStatus(at: path) == before)
                #expect(try FileSystem.list(directory + "/reports") == names)
                if other.testDescription == "a link to a file" {
                    #expect(isPage(try bytes(of: path + ".target")) == isWritten)
                }
            }
        }
    }

    @Test func `a pipe with a reader gets the page`() async throws {
        try await withReports { directory in
            for command in [
                "mkfifo p; cat p > page & sleep 0.2; \"$@\" --output p; wait",  // for cat to open it
                "\"$@\" --output /dev/stdout > page", "\"$@\" --output /dev/stdout | cat > page",
                "\"$@\" --output /dev/fd/3 3>&1 >/dev/null | cat > page",
            ] {
                let ended = try await Tool.run(
                    "bash", ["-c", command, "bash", Program.path, "report"], in: directory)
                #expect(ended.code == 0, "\(command): \(ended.error)")
                #expect(isPage(try bytes(of: directory + "/page")), "\(command)")
                try FileSystem.remove(directory + "/page")
            }
        }
    }

    /// Names of files that runs keep and publish.
    @Test(arguments: [
        "reports/history.csv", "reports/latest", "reports/RUN/summary.json", "reports/RUN/page.html", "history.csv",
        "reports/.work/page.html", "reports/latest/page.html", "link.html", "./reports/../reports/history.csv",
        "elsewhere/20261121T231500Z-0001/page.html", "reports/20261121T231500Z-0001-incomplete", "history.sqlite",
    ])
    func `a reserved name is refused`(_ name: String) async throws {
        try await withReports { directory in
            let run = try #require(try FileSystem.list(directory + "/reports").first)
            try FileSystem.make(directory + "/reports/.work")
            try write("run_id\n", to: directory + "/reports/history.csv")
            for (link, target) in [("reports/latest", run), ("link.html", "reports/history.csv")] {
                try FileManager.default.createSymbolicLink(
                    atPath: directory + "/" + link, withDestinationPath: target)
            }
            let before = try RunCheckInput.listing(of: directory)
            let refused = try await report(["--output", name.replacing("RUN", with: run)], in: directory)
            #expect(refused.code == 64 || refused.code == 73, "\(refused.error)")
            #expect(try RunCheckInput.listing(of: directory) == before)
        }
    }

    /// Without `--output`, it is refused with 73.
    @Test func `a page that the program did not make stays`() async throws {
        try await withReports { directory in
            let page = directory + "/reports/report.html"
            for content in ["<!doctype html>\nmy own page\n", "notes"] {
                try write(content, to: page)
                let refused = try await report([], in: directory)
                #expect(refused.code == 73)
                #expect(refused.error.contains("reports/report.html is not a page of this program"), "\(refused.error)")
                #expect(try bytes(of: page) == Array(content.utf8))
            }
            #expect(try await report(["--output", "reports/report.html"], in: directory).code == 0)
            #expect(try await report([], in: directory).code == 0)
            #expect(isPage(try bytes(of: page)))
            #expect(try await report(["--output", ""], in: directory).code == 64)
        }
    }

    @Test func `the mode of a page stays`() async throws {
        try await withReports { directory in
            let page = directory + "/page.html"
            #expect(try await report(["--output", "page.html"], in: directory).code == 0)
            #expect(FileStatus(at: page)?.mode == 0o640)
            // For a web server, say.
            try #require(chmod(page, 0o644) == 0)
            #expect(try await report(["--output", "page.html"], in: directory).code == 0)
            #expect(FileStatus(at: page)?.mode == 0o644)
        }
    }

    @Test func `a directory that is missing is named`() async throws {
        try await withReports { directory in
            let refused = try await report(["--output", "none/page.html"], in: directory)
            #expect(refused.code == 73)
            #expect(
                refused.error
                    == "viber-rollcall: cannot write none/page.html: there is no directory none\n", "\(refused.error)")
        }
    }

    @Test func `several reports at once all succeed`() async throws {
        try await withReports { directory in
            try FileSystem.make(directory + "/reports/report.html.new")
            let codes = try await withThrowingTaskGroup(of: Int32.self) { group in
                for _ in 0..<8 { group.addTask { try await report([], in: directory).code } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(codes == [Int32](repeating: 0, count: 8))
            #expect(isPage(try bytes(of: directory + "/reports/report.html")))
            #expect(
                try FileSystem.list(directory + "/reports").filter { $0.contains("report") } == [
                    "report.html", "report.html.new",
                ])
        }
    }
}
