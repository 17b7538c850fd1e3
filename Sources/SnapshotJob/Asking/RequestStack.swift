import Formats
import Journal
import Logging
import Model
import RollCall
import ViberAPI

/// What stands between the roll call and the wire.
extension SnapshotJob {
    /// The stack of what is done about a request, from what it becomes on its way to what is sent.
    func requestStack(
        _ client: ViberClient, account: String?, answers: AnswerFile, until deadline: Time.Instant?
    ) -> some Asking {
        let (clock, random, log, stop) = (clock, environment.random, environment.log, environment.stop)
        let batches = BatchesUnderWay()
        let budget = PartBudget()
        // What a server may ask to wait has to end before the run does.
        let policy: @Sendable () -> RetryPolicy = {
            RetryPolicy(
                patience: deadline.map { clock.now.duration(to: $0) }, mayTryParts: batches.mayTry)
        }
        let drained = Draining(
            Counting(client, in: answers), grace: .seconds(10), clock: clock, executor: { client.currentExecutor })
        let screened = Screening(drained)
        let confirmed = Confirming(screened, clock: clock) { await client.isRefused($0, expecting: account) }
        let paced = Pacing(
            confirmed, rate: settings.rate, concurrency: settings.concurrency, policy: policy, clock: clock,
            random: random)
        let retried = Retrying(
            paced,
            loop: RetryLoop(
                clock: clock, answers: { batches.answers },
                decide: { failure, tries in
                    stop.note(failure: failure)
                    return policy().verdict(on: failure, after: tries, random: random())
                },
                willRetry: { failure, tries in
                    paced.noteRetry(of: failure)
                    log.debug(
                        "request failed",
                        metadata: ["times": "\(tries.total)", "why": "\(SafeText(failure.description))"])
                }))
        return Isolating(Bisecting(retried, budget: budget), batches: batches, budget: budget)
    }
}
