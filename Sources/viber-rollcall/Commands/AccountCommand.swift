import ArgumentParser
import Files
import Formats
import Logging
import Model
import SnapshotJob
import ViberAPI

/// `account`: prints the response of `get_account_info` as text or JSON.
struct AccountCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "account", abstract: "Show the bot's account, as returned by get_account_info.")

    @OptionGroup(title: "API") var api: APIArguments

    @Flag(.json) var json = false

    func run() async throws {
        let environment = ProcessWords.environment
        let settings = try APISettings(SettingsReader(api.typed, environment: environment), environment: environment)
        let log = StderrLog.logger(Settings.OutputSettings())
        for warning in settings.warnings { log.warning("\(SanitizedText(warning))") }
        let run = RunEnvironment.live(log: log)
        let account = try await ViberClient.with(settings.clientOptions, now: run.now) { client in
            try await Preflight(clock: ContinuousClock(), random: run.random).required(of: client)
        }
        try StandardStream.output.write(json ? Self.json(account) : Self.text(account))
    }

    private static func json(_ account: Account) -> String {
        var json = JSONWriter()
        account.write(to: &json)
        return String(decoding: json.bytes, as: UTF8.self) + "\n"
    }

    private static func text(_ account: Account) -> String {
        let width = account.fields.map(\.name.count).max() ?? 0
        return account.fields.map { field in
            let value = field.string ?? String(decoding: field.json, as: UTF8.self)
            let padding = String(repeating: " ", count: width - field.name.count)
            return "\(SanitizedText(field.name))\(padding)  \(SanitizedText(value))\n"
        }.joined()
    }
}
