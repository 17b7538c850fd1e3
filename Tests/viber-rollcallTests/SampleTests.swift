import Audit
import Files
import Formats
import Foundation
import HistoryJobs
import Logging
import Model
import Sandbox
import SnapshotJob
import Snapshots
import Subscribers
import Synchronization
import TestSupport
import Testing
import ViberAPI

@testable import viber_rollcall

/// `reports/sample` is the output of a run, after a small history and with its page, byte for byte except compression.
/// `make sample` rewrites it.
@Suite struct SampleTests {
    private static let sample = Machine.root + "/reports/sample"
    private static let list = sample + "/subscribers.csv"
    /// Files that no run writes.
    private static let given = ["subscribers.csv", "report.png"]

    @Test func `the sample is the output of a run`() async throws {
        let isRecording = ProcessInfo.processInfo.environment["RECORD_GOLDEN"] == "1"
        try await withTemporaryDirectory { directory in
            let reports = directory + "/reports"
            let alike = try await take(into: directory + "/alike")
            try SampleHistory(of: try SnapshotReader(alike)).publish(in: OutputDirectory(reports))
            _ = try await take(into: reports)
            try writePage(in: OutputDirectory(reports))
            if isRecording { try replaceSample(with: reports) }
            let made = try content(of: reports)
            let golden = try content(of: Self.sample).filter { !Self.given.contains($0.key) }
            #expect(Set(made.keys) == Set(golden.keys))
            for (name, bytes) in golden where !name.hasSuffix("summary.json") {
                #expect(made[name] == bytes, "\(name) differs; if that is meant: make sample")
            }
            // Sizes and sums of the files depend on the version of zlib.
            let summaries = [made, golden].map { files in
                files.filter { $0.key.hasSuffix("summary.json") }.mapValues { Self.withoutFiles($0) }
            }
            #expect(summaries[0].count == SampleHistory.count + 1 && summaries[0] == summaries[1])
            #expect(!isRecording, "recorded anew")
        }
    }

    @Test func `the sample verifies`() async throws {
        for run in try FileSystem.list(Self.sample) where RunID(directoryName: run) != nil {
            let verified = try await Program.run(["verify", "reports/sample/" + run], in: Machine.root)
            #expect(verified.code == 0, "\(run): \(verified.error)")
        }
    }

    /// A run at a fixed time, with durations of zero.
    private func take(into output: String) async throws -> String {
        var sandbox = SandboxServer.Options(token: SandboxServer.demoToken)
        sandbox.subscribers = 60
        return try await SandboxServer.with(sandbox) { port in
            let options: TypedOptions = [
                .baseURL: "http://127.0.0.1:\(port)", .outputDir: output, .settle: "10ms",
            ]
            let environment = ["VIBER_AUTH_TOKEN": SandboxServer.demoToken]
            let settings = try Settings(
                source: Self.list, SettingsReader(options, environment: environment), environment: environment)
            let fixed = RunEnvironment(
                now: { Timestamp(milliseconds: 1_795_302_900_000) },
                uptime: { 0 },
                salt: { 0x7f3a },
                random: { 0.5 },
                log: Logger(label: "sample") { _ in SwiftLogNoOpLogHandler() }
            )
            let ended = try await SnapshotJob(settings.job, environment: fixed, clock: StepClock()).run()
            #expect(ended.status == .complete)
            return ended.published.path
        }
    }

    private func writePage(in directory: OutputDirectory) throws {
        let now = Timestamp(milliseconds: 1_795_303_020_000)
        let runs = try PublishedRuns(in: directory, now: now)
        let gate = try #require(Gate("unavailable > 20%"))
        let path = directory.path + "/report.html"
        let job = ReportJob(directory, page: path, gates: [gate], toolVersion: ViberRollcall.version)
        let page = try job.run(runs, at: now) { Issue.record("\($0)") }
        try FileSystem.replaceFile(path, content: page.html)
        #expect(page.runs == SampleHistory.count + 1)
    }

    /// The decompressed content of every file below a directory, by path.
    private func content(of directory: String) throws -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: directory) where !name.hasPrefix(".work") {
            let path = directory + "/" + name
            guard !FileSystem.isDirectory(path) else { continue }
            var all: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            let file = try InputFile(opening: path)
            var input: any ByteInput = name.hasSuffix(".gz") ? try GzipReader(file, name: name) : file
            while case let length = try input.read(into: &buffer), length > 0 { all += buffer[..<length] }
            files[name] = Self.withoutKey(all)
        }
        return files
    }

    /// The key of the source depends on the path of the checkout.
    private static func withoutKey(_ content: [UInt8]) -> [UInt8] {
        let text = String(decoding: content, as: UTF8.self)
        return Array(text.replacing(/"key": ?"[0-9a-f]{64}"/, with: "\"key\": \"\"").utf8)
    }

    private static func withoutFiles(_ summary: [UInt8]) -> [JSONMember]? {
        JSONMember.members(of: summary)?.filter { $0.name != "files" }
    }

    private func replaceSample(with made: String) throws {
        for name in try FileSystem.list(Self.sample) where !Self.given.contains(name) {
            try FileSystem.remove(Self.sample + "/" + name)
        }
        for name in try FileSystem.list(made) where name != ".work" {
            try FileManager.default.copyItem(atPath: made + "/" + name, toPath: Self.sample + "/" + name)
        }
    }
}
