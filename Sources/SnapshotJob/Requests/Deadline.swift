/// When a run has to end.
struct Deadline<Time: Clock<Duration>>: Sendable {
    /// Nil for no limit.
    let time: Time.Instant?
    private let clock: Time
    private let stop: StopSource

    /// `stop`: is told if the time comes.
    init(_ time: Time.Instant?, clock: Time, stop: StopSource) {
        self.time = time
        self.clock = clock
        self.stop = stop
    }

    /// Runs `body`, and cancels it if the time comes before it ends.
    func cancelling<Result: Sendable>(
        _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        guard let time else { return try await body() }
        return try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask { try await body() }
            group.addTask { [clock, stop] in
                // Cancelled when the body ends first.
                guard (try? await clock.sleep(until: time, tolerance: nil)) != nil else { return nil }
                stop.note(.deadline)
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
