import Logging

/// Writes each log message as one line on standard error: level, message, metadata.
struct StderrLog: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]

    init(level: Logger.Level) { logLevel = level }

    static func logger(_ outputSettings: Settings.OutputSettings) -> Logger {
        Logger(label: "viber-rollcall") { _ in StderrLog(level: outputSettings.logLevel) }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let pairs = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
            .map { " \($0.key)=\($0.value)" }.joined()
        ErrorLines.write("viber-rollcall: \(event.level): \(event.message)\(pairs)\n")
    }
}

extension Settings.OutputSettings {
    fileprivate var logLevel: Logger.Level {
        if quiet { return .error }
        return verbosity == 0 ? .notice : verbosity == 1 ? .info : .debug
    }
}
