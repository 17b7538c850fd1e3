import Glibc
package import Logging
package import Model

/// A run's access to the machine: clocks, randomness, log and progress. Tests pass in their own.
package struct RunEnvironment: Sendable {
    /// The wall clock, for times that are recorded.
    package var now: @Sendable () -> Timestamp
    /// A monotonic clock, in seconds since an arbitrary start, for durations.
    package var uptime: @Sendable () -> Double
    /// Random bits, for the last part of run ids and the keys of token hashes.
    package var salt: @Sendable () -> UInt64
    /// A random number from 0 up to 1, for jitter.
    package var random: @Sendable () -> Double
    package var log: Logger
    package var progress: ProgressObserver
    /// The reason why the run is stopped, if it is.
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

    /// The clocks and the randomness of this machine.
    package static func live(log: Logger, progress: ProgressObserver = .none) -> RunEnvironment {
        RunEnvironment(
            now: wallClock,
            uptime: { [startUptime = ContinuousClock.now] in startUptime.duration(to: .now) / .seconds(1) },
            salt: { .random(in: .min ... .max) },
            random: { .random(in: 0..<1) },
            log: log, progress: progress)
    }

    /// The current time by the wall clock of this machine.
    @Sendable package static func wallClock() -> Timestamp {
        var time = timespec()
        unsafe _ = clock_gettime(CLOCK_REALTIME, &time)
        // Timestamps have years of four digits: a later time could not be read back.
        let seconds = min(max(Int64(time.tv_sec), 0), 253_402_300_799)
        return Timestamp(milliseconds: seconds * 1_000 + Int64(time.tv_nsec) / 1_000_000)
    }
}

/// Receives the progress of a roll call.
package struct ProgressObserver: Sendable {
    /// Called after each batch, by the task that requested it, with the pass (from 1), the number of settled and of
    /// unique ids, and the number of requests.
    package var show: @Sendable (_ pass: Int, _ settled: Int, _ unique: Int, _ requests: Int) -> Void
    /// Called once, when the roll call has ended.
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
