import AsyncHTTPClient
import Model
import NIOCore
import NIOHTTP1
import Synchronization

/// Takes in one answer as it comes; one that is no status 200 is refused, whatever its body is.
final class AnswerCollector: HTTPClientResponseDelegate {
    private let state = Mutex(State())
    private let now: @Sendable () -> Timestamp

    private struct State {
        var answer = HTTPAnswer(body: [], type: "")
        var refusal: ViberError?
    }

    /// 100 users are about 12 kB; what is eighty times that is no answer.
    private static let limit = 1 << 20
    /// A longer body of a refusal is not waited for, though it costs the connection.
    private static let refusalLimit = 1 << 14

    /// `now`: the wall clock, for a time to wait that is given as a date.
    init(now: @escaping @Sendable () -> Timestamp) { self.now = now }

    /// Why the answer is none, by its head.
    var refusal: ViberError? { state.withLock { $0.refusal } }

    func didReceiveHead(task: HTTPClient.Task<HTTPAnswer>, _ head: HTTPResponseHead) -> EventLoopFuture<Void> {
        let length = head.headers.first(name: "content-length").flatMap { Int($0) }
        if let refusal = refusal(head) {
            state.withLock { $0.refusal = refusal }
            guard let length, length <= Self.refusalLimit else { return task.eventLoop.makeFailedFuture(refusal) }
            return task.eventLoop.makeSucceededVoidFuture()
        }
        state.withLock { state in
            state.answer.type = head.headers.first(name: "content-type") ?? ""
            state.answer.body.reserveCapacity(min(max(length ?? 0, 0), Self.limit))
        }
        return task.eventLoop.makeSucceededVoidFuture()
    }

    func didReceiveBodyPart(task: HTTPClient.Task<HTTPAnswer>, _ part: ByteBuffer) -> EventLoopFuture<Void> {
        let isTooLong = state.withLock { state in
            guard state.refusal == nil else { return false }
            guard part.readableBytes <= Self.limit - state.answer.body.count else { return true }
            unsafe part.withUnsafeReadableBytes { unsafe state.answer.body.append(contentsOf: $0) }
            return false
        }
        return isTooLong
            ? task.eventLoop.makeFailedFuture(NIOTooManyBytesError(maxBytes: Self.limit))
            : task.eventLoop.makeSucceededVoidFuture()
    }

    func didFinishRequest(task: HTTPClient.Task<HTTPAnswer>) throws -> HTTPAnswer {
        try state.withLock { state in
            if let refusal = state.refusal { throw refusal }
            // Taken out, so that nobody else holds the bytes.
            defer { state.answer.body = [] }
            return state.answer
        }
    }

    private func refusal(_ head: HTTPResponseHead) -> ViberError? {
        if (300..<400).contains(head.status.code) {
            return .redirected(to: Self.origin(of: head.headers.first(name: "location") ?? ""))
        }
        guard head.status != .ok else { return nil }
        return .http(
            Int(head.status.code),
            retryAfter: RetryAfter.wait(head.headers["retry-after"], now: now().milliseconds / 1_000))
    }

    /// Scheme and host of a redirect's target; its path may hold anything.
    private static func origin(of location: String) -> String {
        (try? BaseURL(String(location.prefix { $0 != "?" && $0 != "#" }))).map {
            ($0.isSecure ? "https://" : "http://") + $0.host
        } ?? "another address"
    }
}
