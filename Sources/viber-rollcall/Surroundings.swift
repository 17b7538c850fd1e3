import Files
import Glibc
import Logging
import Model

/// What a run takes from the machine: time, randomness, and somewhere to talk to. Passed in, so that a test can give
/// others.
struct Surroundings: Sendable {
    /// The wall clock: for times that are written down.
    var now: @Sendable () -> Timestamp
    /// A monotonic clock, in seconds from any beginning: for how long things took.
    var uptime: @Sendable () -> Double
    /// For the last part of run ids.
    var salt: @Sendable () -> UInt64
    /// From 0 up to 1.
    var random: @Sendable () -> Double
    var log: Logger
    /// The signal that asked the process to stop, if one came.
    var stopSignal: @Sendable () -> Int32? = { nil }

    static func live(_ speech: Settings.Speech) -> Surroundings {
        Surroundings(
            now: {
                var time = timespec()
                unsafe _ = clock_gettime(CLOCK_REALTIME, &time)
                return Timestamp(milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
            },
            uptime: { [began = ContinuousClock.now] in began.duration(to: .now) / .seconds(1) },
            salt: { .random(in: .min ... .max) },
            random: { .random(in: 0..<1) },
            log: Logger(label: "viber-rollcall") { _ in StderrLog(level: speech.logLevel) }
        )
    }

    /// Whether standard error is a terminal.
    static var hasTerminal: Bool { isatty(STDERR_FILENO) == 1 }
}

extension Settings.Speech {
    fileprivate var logLevel: Logger.Level {
        if quiet { return .error }
        return verbosity == 0 ? .notice : verbosity == 1 ? .info : .debug
    }
}

/// Writes a log line a message on standard error: level, sentence, facts.
struct StderrLog: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]

    init(level: Logger.Level) { logLevel = level }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let facts = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
            .map { " \($0.key)=\($0.value)" }.joined()
        // A run goes on without a log when nobody is there to read it.
        try? StandardStream.error.write("viber-rollcall: \(event.level): \(event.message)\(facts)\n")
    }
}
