import Journal
import Model
import Synchronization
import TestSupport

@testable import RollCall

/// Viber as a test scripts it.
struct ScriptedClient: OnlineStatusClient {
    let answer: @Sendable (IDBatch) async throws(RequestFailure) -> BatchReply

    init(_ answer: @escaping @Sendable (IDBatch) async throws(RequestFailure) -> BatchReply) { self.answer = answer }

    func fetch(_ batch: IDBatch) async throws(RequestFailure) -> BatchReply { try await answer(batch) }
}

/// What was asked, in the order it came.
final class RecordedBatches: Sendable {
    private let kept = Mutex<[[[UInt8]]]>([])

    /// - Returns: the number of the request, from 1.
    @discardableResult
    func note(_ batch: IDBatch) -> Int {
        kept.withLock {
            $0.append(batch.ids)
            return $0.count
        }
    }

    var batches: [[[UInt8]]] { kept.withLock { $0 } }
    var sizes: [Int] { batches.map(\.count) }
}

extension IDBatch {
    var ids: [[UInt8]] { (0..<count).map { Array(self[$0]) } }
}

extension BatchReply {
    /// An answer that gives every id of a batch the status that `status` says.
    init(_ batch: IDBatch, status: ([UInt8]) -> Int64 = { _ in 0 }) {
        self.init(users: batch.ids.map { User($0, status($0)) }, receivedAt: Timestamp(milliseconds: 1_000))
    }
}

extension BatchReply.User {
    init(_ id: [UInt8], _ status: Int64?, lastOnline: Int64? = nil, messageDiffers: Bool = false) {
        self.init(
            id: id[...], status: status.map { OnlineStatus(rawValue: $0) }, lastOnline: lastOnline,
            messageDiffers: messageDiffers)
    }
}

extension RequestFailure {
    static let timeout = RequestFailure(reason: .timeout, failureClass: .transient, description: "no answer in time")
    static let throttled = {
        var failure = RequestFailure(reason: .api(12), failureClass: .throttled, description: "too many requests")
        failure.requestCounts.throttled = 1
        return failure
    }()
    static let refused = RequestFailure(reason: .badData, failureClass: .batchRefused, description: "bad data")
    static let denied = RequestFailure(
        reason: .api(2), failureClass: .fatal(.accessDenied), description: "token refused")
}

extension RollCallResult {
    /// Why no further request could succeed, if that ended client.
    var stopped: RequestFailure? {
        if case .request(let failure) = interruption { failure } else { nil }
    }

    /// Whether the task was cancelled, or there was no time for another pass.
    var isCutShort: Bool { interruption == .cancelled || interruption == .outOfTime }
}

extension Work {
    /// Runs a roll call over the ids.
    @discardableResult
    func run(
        _ client: any OnlineStatusClient,
        concurrency: Int = 1,
        settle: [Duration] = [],
        clock: StepClock = StepClock(),
        progress: @escaping @Sendable (RollCall<StepClock>.Progress) -> Void = { _ in }
    ) async throws -> RollCallResult {
        let rollCall = RollCall(
            client: client, concurrency: concurrency, settle: settle, clock: clock, progress: progress)
        return try await rollCall.run(spoolPath: spoolPath, answers: answers)
    }
}
