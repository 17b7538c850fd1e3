package import Model
import Synchronization

/// Sends no more requests a second than allowed; every try of a retried request counts.
package final class Pacing<Inner: Asking, Time: Clock<Duration>>: Asking {
    private let inner: Inner
    private let clock: Time
    private let pacer: Mutex<Pacer<Time.Instant>>

    /// `rate`: requests a second; 0 is no limit.
    /// `burst`: requests that may start at once.
    package init(_ inner: Inner, rate: Double, burst: Int, clock: Time) {
        self.inner = inner
        self.clock = clock
        pacer = Mutex(Pacer(rate: rate, burst: burst, now: clock.now))
    }

    package func ask(_ batch: IDBatch) async throws(RequestFailure) -> OnlineReply {
        let wait = pacer.withLock { $0.reserve(at: clock.now) }
        if wait > .zero {
            do {
                try await clock.sleep(for: wait)
            } catch {
                var failure = RequestFailure(
                    reason: .connection, handling: .transient, description: "stopped before the request was sent")
                failure.effort.requests = 0
                throw failure
            }
        }
        return try await inner.ask(batch)
    }
}
