import AsyncHTTPClient
import Model
import NIOCore
import NIOHTTP1
import Synchronization

/// Takes in one answer as it comes, and refuses at its head what is no status 200.
final class AnswerCollector: HTTPClientResponseDelegate {
    private let answer = Mutex(HTTPAnswer(body: [], type: ""))
    private let now: @Sendable () -> Timestamp

    /// 100 users are about 12 kB; what is eighty times that is no answer.
    private static let limit = 1 << 20

    /// `now`: the wall clock, for a time to wait that is given as a date.
    init(now: @escaping @Sendable () -> Timestamp) { self.now = now }

    func didReceiveHead(task: HTTPClient.Task<HTTPAnswer>, _ head: HTTPResponseHead) -> EventLoopFuture<Void> {
        if let refusal = refusal(head) { return task.eventLoop.makeFailedFuture(refusal) }
        let length = head.headers.first(name: "content-length").flatMap { Int($0) } ?? 0
        answer.withLock { answer in
            answer.type = head.headers.first(name: "content-type") ?? ""
            answer.body.reserveCapacity(min(max(length, 0), Self.limit))
        }
        return task.eventLoop.makeSucceededVoidFuture()
    }

    func didReceiveBodyPart(task: HTTPClient.Task<HTTPAnswer>, _ part: ByteBuffer) -> EventLoopFuture<Void> {
        let isTooLong = answer.withLock { answer in
            guard part.readableBytes <= Self.limit - answer.body.count else { return true }
            unsafe part.withUnsafeReadableBytes { unsafe answer.body.append(contentsOf: $0) }
            return false
        }
        return isTooLong
            ? task.eventLoop.makeFailedFuture(NIOTooManyBytesError(maxBytes: Self.limit))
            : task.eventLoop.makeSucceededVoidFuture()
    }

    func didFinishRequest(task: HTTPClient.Task<HTTPAnswer>) -> HTTPAnswer {
        answer.withLock { answer in
            // Taken out, so that nobody else holds the bytes.
            defer { answer.body = [] }
            return answer
        }
    }

    private func refusal(_ head: HTTPResponseHead) -> ViberError? {
        if (300..<400).contains(head.status.code) {
            return .redirected(to: Self.origin(of: head.headers.first(name: "location") ?? ""))
        }
        guard head.status != .ok else { return nil }
        // The status counts, whatever the body is; reading it could take longer than the request may.
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
