import Files
import Foundation
import TestSupport
import Testing

/// The page in a browser: every figure, also by geometry, equals that of the files. The page loads nothing, logs no
/// error, and is neither cut off on a phone nor faint, in light and in dark mode.
@Suite(.needs("chromium"), .needs("python3"), .serialized) struct ReportPageTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        /// Arguments of `make_history.py`.
        var history: [String]
        /// Limits of the gates on the unavailable share, in percent.
        var limits: [String] = []
    }

    /// Histories with every element that a page can show.
    private static let everything = Case(
        testDescription: "a gap and incomplete runs",
        history: [
            "--runs", "40", "--ids", "500", "--gap", "12-20", "--incomplete", "5", "--incomplete", "30",
            "--incomplete", "31", "--incomplete", "38",
        ],
        limits: ["9", "33.5"])

    private static let cases = [
        Case(testDescription: "one run", history: ["--runs", "1", "--ids", "300"], limits: ["9"]),
        Case(testDescription: "30 daily runs", history: ["--runs", "30", "--ids", "2500"], limits: ["9"]),
        Case(testDescription: "400 hourly runs", history: ["--runs", "400", "--ids", "100", "--every", "1"]),
        Case(
            testDescription: "only incomplete runs",
            history: [
                "--runs", "3", "--ids", "200", "--incomplete", "0", "--incomplete", "1", "--incomplete", "2",
            ]),
        Case(testDescription: "no ids", history: ["--runs", "2", "--ids", "0"]),
        Case(testDescription: "the newest run is incomplete", history: ["--runs", "9", "--incomplete", "8"]),
        Case(
            testDescription: "a hostile name",
            history: [
                "--runs", "3", "--ids", "50", "--name",
                #""></title></style><script>console.error(1)</script><img src=x onerror=alert(1)>"\#u{301} onclick='x' {{.}}"#,
            ]),
    ]

    /// The checker must refuse every wrong page.
    @Test func `the checker refuses every tampered page`() async throws {
        try await withTemporaryDirectory { directory in
            try await make(Self.everything, in: directory)
            let proof = try await check(directory, Self.everything.limits, ["--prove"])
            #expect(proof.code == 0, "\(proof.output)\(proof.error)")
        }
    }

    @Test(arguments: cases + [everything])
    func `every figure equals that of the files`(_ history: Case) async throws {
        try await withTemporaryDirectory { directory in
            try await make(history, in: directory)
            let checked = try await check(directory, history.limits)
            #expect(checked.code == 0, "\(checked.output)\(checked.error)")
        }
    }

    @Test func `runs without a snapshot and runs of other sources are recognized`() async throws {
        try await withTemporaryDirectory { directory in
            try await make(Case(testDescription: "", history: ["--runs", "9"]), in: directory)
            let history = directory + "/history.csv"
            let rows = try String(contentsOfFile: history, encoding: .utf8).split(separator: "\n")
            for row in rows[1...4] { try FileSystem.remove(directory + "/" + row.prefix { $0 != "," }) }
            // A run that is missing from the file, one of another source, and one of another account.
            let others = [
                rows[2].replacing("subscribers.csv", with: "others.csv"),
                rows[3].replacing("pa:75346594275468546724", with: "pa:1"),
            ].map { String($0.replacing(/Z-..../, with: "Z-0000", maxReplacements: 1)) }
            let kept = rows.enumerated().filter { $0.offset != 8 }.map { String($0.element) }
            try write((kept + others).joined(separator: "\n") + "\n", to: history)
            let page = try await Program.run(["report", "--output-dir", directory], in: directory)
            #expect(page.code == 0, "\(page.error)")
            let checked = try await check(directory, [])
            #expect(checked.code == 0, "\(checked.output)\(checked.error)")
            #expect(try text(of: directory).contains("2 runs of another source or account are left out here."))
        }
    }

    @Test func `a page elsewhere leads to the snapshots`() async throws {
        try await withTemporaryDirectory { directory in
            let reports = directory + "/re ports#1"
            try await make(Case(testDescription: "", history: ["--runs", "2"]), in: reports)
            let page = try await Program.run(
                ["report", "--output-dir", reports, "--output", directory + "/page.html"], in: directory)
            #expect(page.code == 0, "\(page.error)")
            let checked = try await Checkers.run("check_report.py", [directory + "/page.html", reports])
            #expect(checked.code == 0, "\(checked.output)\(checked.error)")
        }
    }

    private func make(_ history: Case, in directory: String) async throws {
        let made = try await Checkers.run("make_history.py", [directory] + history.history)
        try #require(made.code == 0, "\(made.error)")
        let gates =
            history.limits.flatMap { ["--fail-if", "unavailable > \($0)%"] } + ["--fail-if", "unavailable +5%"]
        let page = try await Program.run(["report", "--output-dir", directory] + gates, in: directory)
        try #require(page.code == 0, "\(page.error)")
    }

    private func check(_ directory: String, _ limits: [String], _ more: [String] = []) async throws -> ToolResult {
        let limits = limits.flatMap { ["--limit", $0] }
        return try await Checkers.run("check_report.py", [directory + "/report.html", directory] + limits + more)
    }

    private func text(of directory: String) throws -> String {
        try String(contentsOfFile: directory + "/report.html", encoding: .utf8)
    }
}
