import Files
import Foundation
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

/// Runs jobs in this process, against a sandbox in this process, on a clock that never waits.
struct JobHarness: Sendable {
    let directory: String
    let port: Int

    static let token = "a-token-of-a-test-in-this-process"

    /// Runs `body` with a new directory and a sandbox.
    static func with(
        _ change: (inout SandboxServer.Options) -> Void = { _ in },
        _ body: @Sendable (JobHarness) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { directory in
            var options = SandboxServer.Options(token: token)
            options.tryLaterEvery = 0
            change(&options)
            try await SandboxServer.with(options) { port in
                try await body(JobHarness(directory: directory, port: port))
            }
        }
    }

    /// Writes a list of made-up ids, with a header.
    @discardableResult
    func writeList(_ count: Int, seed: UInt64 = 1, to name: String = "list.csv") throws -> [String] {
        let ids = SampleIDs.ids(count, seed: seed)
        try write((["id"] + ids).map { $0 + "\n" }.joined(), to: directory + "/" + name)
        try write(ids.map { $0 + "\n" }.joined(), to: directory + "/" + name + ".ids")
        return ids
    }

    /// Settings for a run of a list, with one request at a time and no later pass.
    func settings(
        _ list: String = "list.csv", _ options: (inout SourceOptions) -> Void = { _ in }
    ) throws -> JobSettings {
        var source = SourceOptions(path: list.hasPrefix("/") ? list : directory + "/" + list)
        options(&source)
        return JobSettings(
            source: try SubscriberSource(source), output: OutputDirectory(directory + "/reports"),
            formats: [.csv, .json],
            api: APISettings(
                baseURL: try BaseURL("http://127.0.0.1:\(port)"), token: try AuthToken(Self.token.utf8),
                timeout: .seconds(20)),
            concurrency: 1, rate: 0, settle: [], deadline: nil, resumeWithin: .seconds(3_600), maxShrink: 50,
            startsFresh: false, toolVersion: "0.0.0")
    }

    /// The time and the reason for stopping a run.
    struct Stop: Sendable {
        /// Number of `get_online` requests of this process that are answered before.
        var requests: Int
        var reason: StopReason
    }

    /// Runs a job; `log` receives its lines.
    func run(_ settings: JobSettings, stop: Stop? = nil, log: JobLog = JobLog()) async throws -> RunResult {
        let source = StopSource()
        let task = Mutex<Task<RunResult, any Error>?>(nil)
        var environment = RunEnvironment.live(
            log: Logger(label: "test") { _ in log },
            progress: ProgressObserver(
                show: { _, _, _, requests in
                    guard let stop, requests >= stop.requests else { return }
                    source.record(stop.reason)
                    task.withLock { $0?.cancel() }
                }, end: {}))
        environment.stop = source
        let job = SnapshotJob(settings, environment: environment, clock: StepClock())
        // The task starts when it can be cancelled.
        let (gate, open) = AsyncStream.makeStream(of: Void.self)
        let running = Task {
            for await _ in gate { break }
            return try await job.run()
        }
        task.withLock { $0 = running }
        open.yield()
        return try await running.value
    }

    /// Runs a job, and checks what it published with the independent checkers.
    func checkedRun(
        _ settings: JobSettings, ids: String? = "list.csv.ids", stop: Stop? = nil, log: JobLog = JobLog()
    ) async throws -> RunResult {
        let result = try await run(settings, stop: stop, log: log)
        let checked = try await Checkers.check(result.published.path, ids: ids.map { directory + "/" + $0 })
        #expect(checked.code == 0, "\(checked.output)\(checked.error)")
        return result
    }

    /// Names of run directories and of work directories.
    func names() throws -> (runs: [String], work: [String]) {
        (
            try FileSystem.list(directory + "/reports").filter { $0.hasPrefix("2") },
            try FileSystem.list(directory + "/reports/.work").filter { $0 != ".lock" }
        )
    }

    /// Path of a file in the work directory of a run.
    func work(_ run: String, _ file: String) -> String { directory + "/reports/.work/\(run)/\(file)" }
}

/// Collects the lines of a log.
final class JobLog: LogHandler, Sendable {
    private let collected = Mutex<[String]>([])

    var lines: [String] { collected.withLock { $0 } }
    var metadata: Logger.Metadata {
        get { [:] }
        set { _ = newValue }
    }
    var logLevel: Logger.Level {
        get { .trace }
        set { _ = newValue }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { nil }
        set { _ = newValue }
    }

    func log(event: LogEvent) { collected.withLock { $0.append("\(event.level): \(event.message)") } }
}
