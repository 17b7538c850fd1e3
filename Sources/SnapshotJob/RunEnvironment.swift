import Glibc
package import Logging
package import Model

/// What a run takes from the machine: time, randomness, and somewhere to talk to. Passed in, so that a test can give
/// others.
package struct RunEnvironment: Sendable {
    /// The wall clock: for times that are written down.
    package var now: @Sendable () -> Timestamp
    /// A monotonic clock, in seconds from any beginning: for how long things took.
    package var uptime: @Sendable () -> Double
    /// For the last part of run ids.
    package var salt: @Sendable () -> UInt64
    /// From 0 up to 1.
    package var random: @Sendable () -> Double
    package var log: Logger
    package var progress: ProgressObserver
    /// Why the run is told to stop, if it is.
    package var stop = StopSource()

    package init(
        now: @escaping @Sendable () -> Timestamp,
        uptime: @escaping @Sendable () -> Double,
        salt: @escaping @Sendable () -> UInt64,
        random: @escaping @Sendable () -> Double,
        log: Logger,
        progress: ProgressObserver = .none
    ) {
        self.now = now
        self.uptime = uptime
        self.salt = salt
        self.random = random
        self.log = log
        self.progress = progress
    }

    /// Clocks and randomness of this machine.
    package static func live(log: Logger, progress: ProgressObserver = .none) -> RunEnvironment {
        RunEnvironment(
            now: wallClock,
            uptime: { [startUptime = ContinuousClock.now] in startUptime.duration(to: .now) / .seconds(1) },
            salt: { .random(in: .min ... .max) },
            random: { .random(in: 0..<1) },
            log: log, progress: progress)
    }

    /// The time of day.
    @Sendable package static func wallClock() -> Timestamp {
        var time = timespec()
        unsafe _ = clock_gettime(CLOCK_REALTIME, &time)
        // Years of four digits: what a clock beyond them says could not be read back.
        let seconds = min(max(Int64(time.tv_sec), 0), 253_402_300_799)
        return Timestamp(milliseconds: seconds * 1_000 + Int64(time.tv_nsec) / 1_000_000)
    }
}

/// Is told how far asking is.
package struct ProgressObserver: Sendable {
    /// Called after each batch, by whichever task asked for it.
    package var show: @Sendable (_ pass: Int, _ settled: Int, _ unique: Int, _ requests: Int) -> Void
    /// Called once, when asking has ended.
    package var end: @Sendable () -> Void

    package init(
        show: @escaping @Sendable (_ pass: Int, _ settled: Int, _ unique: Int, _ requests: Int) -> Void,
        end: @escaping @Sendable () -> Void
    ) {
        self.show = show
        self.end = end
    }

    package static let none = ProgressObserver(show: { _, _, _, _ in }, end: {})
}
