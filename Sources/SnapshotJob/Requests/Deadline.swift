/// The time by which a run has to end.
struct Deadline<Time: Clock<Duration>>: Sendable {
    /// Nil for no limit.
    let time: Time.Instant?
    private let clock: Time
    private let stop: StopSource

    /// - Parameters:
    ///   - time: nil for no limit.
    ///   - clock: the clock of `time`.
    ///   - stop: receives `.deadline` when the time has passed.
    init(_ time: Time.Instant?, clock: Time, stop: StopSource) {
        self.time = time
        self.clock = clock
        self.stop = stop
    }

    /// Runs `body`, and cancels it if it has not ended by the deadline.
    ///
    /// - Returns: what `body` returns, even after the deadline.
    /// - Throws: what `body` throws.
    func cancelling<Result: Sendable>(
        _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        guard let time else { return try await body() }
        return try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask { try await body() }
            group.addTask { [clock, stop] in
                // Cancelled when the body ends first.
                guard (try? await clock.sleep(until: time, tolerance: nil)) != nil else { return nil }
                stop.record(.deadline)
                return nil
            }
            while let ended = try await group.next() {
                group.cancelAll()
                if let ended { return ended }
            }
            throw CancellationError()
        }
    }
}
