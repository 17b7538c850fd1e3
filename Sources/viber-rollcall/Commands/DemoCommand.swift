import ArgumentParser
import Files
import Sandbox
import SnapshotJob

/// `demo`: runs the whole job against the sandbox, in one process.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Run a complete snapshot of a sample list against the sandbox: no token, no network.",
        discussion: "Writes \(listName) to the current directory, and a snapshot of its 2,500 ids under --output-dir."
    )

    @Option(help: ArgumentHelp("Directory to publish the snapshot in.", valueName: "dir"))
    var outputDir = OptionKey.outputDir.defaultValue ?? "reports"

    private static let listName = "demo-subscribers.csv"
    private static let listSize = 2_500

    func run() async throws {
        try Self.writeList()
        let outputDir = outputDir
        let status = try await SandboxServer.with(Self.sandbox) { port in
            // The options as a user would type them, with a rate and waits that suit a sandbox on this machine.
            var environment = ["VIBER_AUTH_TOKEN": SandboxServer.demoToken]
            environment["HOME"] = ProcessWords.environment["HOME"]
            let reader = SettingsReader(
                [
                    .baseURL: "http://127.0.0.1:\(port)", .outputDir: outputDir, .rate: "0", .settle: "200ms",
                ], environment: environment)
            let settings = try Settings(source: Self.listName, reader, environment: environment)
            return try await SnapshotCommand.runJob(deadline: nil, outputSettings: settings.outputSettings) {
                settings.job
            }
        }
        try StandardStream.output.write(
            """

            This was a demo: the ids are made up, and the sandbox on this machine answered in place of Viber. Try:
              zcat \(outputDir)/latest/subscribers.csv.gz | head
              cat \(outputDir)/latest/summary.json
              viber-rollcall verify \(outputDir)/latest

            """)
        if status != .complete { throw status.code }
    }

    private static var sandbox: SandboxServer.Options {
        var options = SandboxServer.Options(token: SandboxServer.demoToken)
        options.latency = .milliseconds(20)
        options.subscribers = listSize
        return options
    }

    /// Writes the list, or keeps a file that already holds it.
    private static func writeList() throws {
        let content = Array((["id"] + SampleIDs.ids(listSize)).map { $0 + "\n" }.joined().utf8)
        guard !FileSystem.exists(listName) else {
            guard try FileSystem.contents(of: listName) == content else {
                throw FileError(.cannotCreate, "another file has the name of the demo's list:", path: listName)
            }
            return
        }
        let file = try OutputFile(creating: listName)
        try file.write(content)
        try file.finish()
    }
}
