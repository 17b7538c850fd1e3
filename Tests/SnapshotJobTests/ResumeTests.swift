import Files
import Foundation
import Model
import Sandbox
import SnapshotJob
import Snapshots
import Subscribers
import TestSupport
import Testing
import ViberAPI

/// When the work of an earlier run is resumed, and when not: with real files and a real sandbox, in this process.
@Suite(.needs("python3")) struct ResumeTests {
    /// A list of ten batches of which a first run has requested three.
    private func withUnfinishedRun(
        _ body: @Sendable (_ harness: JobHarness, _ run: String) async throws -> Void
    ) async throws {
        try await JobHarness.with { harness in
            try harness.writeList(1_000)
            let stopped = try await harness.checkedRun(
                harness.settings(), stop: .init(requests: 3, reason: .signal(15)))
            try #require(stopped.status == .terminated)
            try #require(stopped.published.summary.counts.notAsked == 700)
            try await body(harness, try #require(try harness.names().work.first))
        }
    }

    /// Expects a new run: all ten batches are requested, and a warning names the discarded run.
    private func expectNewRun(
        _ settings: JobSettings, reason: String, _ harness: JobHarness, _ run: String
    ) async throws {
        let log = JobLog()
        let ended = try await harness.checkedRun(settings, log: log)
        #expect(ended.status == .complete)
        let line = "warning: discarded unfinished run \(run): \(reason)"
        #expect(log.lines.contains(line), "\(log.lines)")
        #expect(ended.published.summary.api.requests == 10)
        #expect(ended.published.summary.run.resumed == 0)
        let names = try harness.names()
        #expect(names.work.isEmpty)
        #expect(names.runs.count == 2)
        #expect(names.runs.contains(run + "-incomplete"))
    }

    /// Expects that the run is resumed; `requests` counts the requests of both processes.
    private func expectResumed(_ settings: JobSettings, requests: Int, _ harness: JobHarness) async throws {
        let log = JobLog()
        let ended = try await harness.checkedRun(settings, log: log)
        #expect(ended.status == .complete)
        #expect(ended.published.summary.run.resumed == 1)
        #expect(ended.published.summary.api.requests == requests)
        #expect(log.lines.contains { $0.hasPrefix("notice: resuming run ") }, "\(log.lines)")
        #expect(try harness.names().work.isEmpty)
        #expect(try harness.names().runs.count == 1)
    }

    @Test func `an id with an answer is not requested again`() async throws {
        try await withUnfinishedRun { harness, _ in
            try await expectResumed(harness.settings(), requests: 10, harness)
        }
    }

    private static let otherSettings = "it was for another source, other options for it, or another API"

    @Test(arguments: [
        ("--fresh", "--fresh was given"),
        ("--resume-within", "it started longer ago than --resume-within allows"),
        ("--column", otherSettings), ("copy", otherSettings),
    ])
    func `work of a run with other settings is discarded with a warning`(_ change: String, _ reason: String)
        async throws
    {
        try await withUnfinishedRun { harness, run in
            let path = harness.directory + "/list.csv"
            try FileManager.default.copyItem(atPath: path, toPath: harness.directory + "/copy.csv")
            var settings = try harness.settings(change == "copy" ? "copy.csv" : "list.csv") { options in
                if change == "--column" { options.column = "id" }
            }
            settings.startsFresh = change == "--fresh"
            if change == "--resume-within" { settings.resumeWithin = .milliseconds(1) }
            try await expectNewRun(settings, reason: reason, harness, run)
        }
    }

    @Test(arguments: [
        ("spool", "cut", "its list of ids is damaged"), ("spool", "flip", "its list of ids is damaged"),
        ("run.json", "cut", "run.json is damaged"), ("run.json", "version", "run.json is of another version"),
    ])
    func `damaged work is discarded with a warning`(_ file: String, _ damage: String, _ reason: String) async throws {
        try await withUnfinishedRun { harness, run in
            var content = try bytes(of: harness.work(run, file))
            switch damage {
            case "cut": content.removeLast(5)
            case "version":
                content = Array(
                    String(decoding: content, as: UTF8.self).replacing("unfinished/2", with: "unfinished/3").utf8)
            default: content[content.count / 2] ^= 1
            }
            try write(content, to: harness.work(run, file))
            try await expectNewRun(harness.settings(), reason: reason, harness, run)
        }
    }

    /// A record with its own checksum, as a run would have written it.
    private static func summed(_ record: String) -> [UInt8] {
        let tail = #","sha256":""#
        let content = Array(record.utf8.prefix(record.utf8.count - tail.utf8.count - 64 - 3))
        return content + Array((tail + Checksum.sha256(content) + "\"}\n").utf8)
    }

    /// What a flipped bit may change in the record: the count of ids or the account.
    @Test(arguments: [
        ("\"unique\":1000", "\"unique\":5"), ("\"unique\":1000", "\"unique\":1099511627776"), ("pa:7", "pa:6"),
    ])
    func `a modified record is discarded with a warning`(_ text: String, _ change: String) async throws {
        try await withUnfinishedRun { harness, run in
            let path = harness.work(run, "run.json")
            let record = String(decoding: try bytes(of: path), as: UTF8.self)
            try #require(record.contains(text))
            try write(record.replacing(text, with: change), to: path)
            try await expectNewRun(
                harness.settings(), reason: "run.json is damaged: its checksum does not match", harness, run)
        }
    }

    /// Only one of the two runs knows the account: the token is the same, so the account is the same.
    @Test(arguments: ["account:http-500@1-3", "account:http-500@2-"])
    func `without an account the same token is enough`(_ fault: String) async throws {
        try await JobHarness.with({ $0.faults = [Fault(fault)].compactMap(\.self) }) { harness in
            try harness.writeList(1_000)
            var settings = try harness.settings()
            settings.api.keepWebhook = true
            let stopped = try await harness.checkedRun(settings, stop: .init(requests: 3, reason: .signal(15)))
            #expect(stopped.status == .terminated)
            settings.api.keepWebhook = false
            try await expectResumed(settings, requests: 10, harness)
            // The full webhook URL that the earlier process kept is redacted.
            let summary = try SnapshotReader(harness.directory + "/reports/latest").summary
            #expect(summary.account?.string("webhook") == "https://sandbox.example:8443")
        }
    }

    /// The hash does not disclose the token.
    @Test func `the record holds a hash of the token`() async throws {
        try await withUnfinishedRun { harness, run in
            let record = String(decoding: try bytes(of: harness.work(run, "run.json")), as: UTF8.self)
            #expect(!record.contains(JobHarness.token))
            let hash = try #require(record.firstMatch(of: /"token_key":"([0-9a-f-]+)","token_hmac":"([0-9a-f]{64})"/))
            let computed = try await Tool.python(
                "import hashlib, hmac, sys; print(hmac.new(sys.argv[1].encode(), sys.argv[2].encode(), 'sha256').hexdigest())",
                [String(hash.1), JobHarness.token])
            #expect(computed.output == "\(hash.2)\n")
        }
    }

    /// Another base URL may be another API, although here it is the same machine by another name.
    @Test func `work for another base URL is discarded with a warning`() async throws {
        try await withUnfinishedRun { harness, run in
            var settings = try harness.settings()
            settings.api.baseURL = try BaseURL("http://localhost:\(harness.port)")
            try await expectNewRun(settings, reason: Self.otherSettings, harness, run)
        }
    }

    @Test func `work of another account is discarded with a warning`() async throws {
        try await withUnfinishedRun { harness, run in
            let path = harness.work(run, "run.json")
            let record = String(decoding: try bytes(of: path), as: UTF8.self)
            try #require(record.contains("pa:75346594275468546724"))
            try write(Self.summed(record.replacing("pa:75346594275468546724", with: "pa:1")), to: path)
            try await expectNewRun(
                harness.settings(),
                reason: "it was for the account pa:1, and the token is now for pa:75346594275468546724", harness, run)
        }
    }

    /// Ids without an answer in the file are requested; the others are not.
    @Test(arguments: [0, 17, 3_000, 3_200 * 2 + 31, -1])
    func `lost answers are requested again`(_ length: Int) async throws {
        try await withUnfinishedRun { harness, run in
            let path = harness.work(run, "answers")
            var again = 10
            if length < 0 {
                try FileManager.default.removeItem(atPath: path)
            } else {
                try write(try bytes(of: path).prefix(length), to: path)
                again = (1_000 - min(length / 32, 300) + 99) / 100
            }
            try await expectResumed(harness.settings(), requests: 3 + again, harness)
        }
    }

    @Test func `an answer with a flipped bit is not trusted`() async throws {
        try await withUnfinishedRun { harness, run in
            let path = harness.work(run, "answers")
            var content = try bytes(of: path)
            // A status, a time, a checksum, and a kind, each of another answer.
            for (record, byte) in [(5, 8), (6, 24), (7, 4), (8, 0)] { content[record * 32 + byte] ^= 4 }
            try write(content, to: path)
            try await expectResumed(harness.settings(), requests: 3 + 8, harness)
        }
    }

    /// The list has changed since; the resumed run uses the ids that were read then.
    @Test func `a source that changed is not read again`() async throws {
        try await withUnfinishedRun { harness, _ in
            try write("id\nanother\n", to: harness.directory + "/list.csv")
            try await expectResumed(harness.settings(), requests: 10, harness)
        }
    }

    /// One path can be written in several ways.
    @Test(arguments: ["/./list.csv", "/reports/../list.csv", "//list.csv"])
    func `the same file is the same source`(_ path: String) async throws {
        try await withUnfinishedRun { harness, _ in
            try await expectResumed(harness.settings(harness.directory + path), requests: 10, harness)
        }
    }

    /// Work that turns out to be damaged is not discarded if the source cannot be read.
    @Test func `damaged work is kept until the source has been read`() async throws {
        try await withUnfinishedRun { harness, run in
            try write("VRSPOOL1", to: harness.work(run, "spool"))
            let settings = try harness.settings()
            try write("id\n\"never closed\n", to: harness.directory + "/list.csv")
            await #expect(throws: SourceError.self) { try await harness.run(settings) }
            #expect(FileSystem.exists(harness.work(run, "answers")))
        }
    }

    /// A finished run leaves no work, even if ids have no answer.
    @Test func `a finished run is not resumed`() async throws {
        try await JobHarness.with({ $0.poison = [SampleIDs.ids(300, seed: 1)[7]] }) { harness in
            try harness.writeList(300)
            for number in 1...2 {
                let ended = try await harness.checkedRun(harness.settings())
                #expect(ended.status == .incomplete)
                #expect(try harness.names().work.isEmpty)
                #expect(try harness.names().runs.count == number)
            }
        }
    }
}
