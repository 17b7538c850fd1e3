import Formats
import Journal
import Logging
import Model
import RollCall
import ViberAPI

extension SnapshotJob {
    /// The clients between the roll call and `ViberClient`, each of which wraps the one before it.
    ///
    /// - Parameters:
    ///   - client: sends the requests.
    ///   - account: the id of the account that the token is expected to be for; nil if unknown.
    ///   - answers: counts the requests.
    ///   - deadline: the time by which the run has to end; nil for no limit.
    /// - Returns: the outermost client.
    func requestStack(
        _ client: ViberClient, account: String?, answers: AnswerFile, until deadline: Time.Instant?
    ) -> some OnlineStatusClient {
        let (clock, random, log, stop) = (clock, environment.random, environment.log, environment.stop)
        let batches = InFlightBatches()
        let budget = SplitBudget()
        // A wait that the server requests must end before the run's deadline.
        let policy: @Sendable () -> RetryPolicy = {
            RetryPolicy(
                timeRemaining: deadline.map { clock.now.duration(to: $0) }, maySplit: batches.maySplitOnTrial)
        }
        let drained = DrainingClient(
            RequestCountingClient(client, in: answers), grace: .seconds(10), clock: clock,
            executor: { client.currentExecutor })
        let screened = WebPageGuard(drained)
        let confirmed = AuthFailureConfirmingClient(screened, clock: clock) {
            await client.isRefused($0, expecting: account)
        }
        let paced = RateLimitedClient(
            confirmed, rate: settings.rate, concurrency: settings.concurrency, policy: policy, clock: clock,
            random: random)
        let retried = RetryingClient(
            paced,
            loop: RetryLoop(
                clock: clock, answers: { batches.answers },
                decide: { failure, tries in
                    stop.record(failure: failure)
                    return policy().decision(on: failure, after: tries, random: random())
                },
                willRetry: { failure, tries in
                    paced.recordRetry(of: failure)
                    log.debug(
                        "request failed",
                        metadata: ["times": "\(tries.total)", "why": "\(SanitizedText(failure.description))"])
                }))
        return FailureIsolatingClient(BatchBisectingClient(retried, budget: budget), batches: batches, budget: budget)
    }
}
