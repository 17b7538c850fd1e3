import Model
import NIOCore
import NIOPosix
import NIOSSL

/// Sends requests to one server, over connections of every event loop: so requests, and what is made of their answers,
/// use all cores.
final class HTTPClient: Sendable {
    private let lanes: [Lane]
    private let now: @Sendable () -> Timestamp

    /// An event loop with its connections.
    private struct Lane: Sendable {
        let executor: EventLoopExecutor
        let connections: NIOLoopBoundBox<HTTPConnections>

        var isCurrent: Bool { executor.loop.inEventLoop }

        func run(_ body: @escaping @Sendable (HTTPConnections) -> Void) {
            if isCurrent { body(connections.value) } else { executor.loop.execute { body(connections.value) } }
        }
    }

    private init(
        to server: BaseURL,
        tls: NIOSSLContext?,
        limits: HTTPLimits,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.now = now
        lanes = MultiThreadedEventLoopGroup.singleton.makeIterator().map { loop in
            let connections = HTTPConnections(loop, to: server, tls: tls, limits: limits)
            return Lane(
                executor: EventLoopExecutor(loop), connections: .makeBoxSendingValue(connections, eventLoop: loop))
        }
    }

    /// Makes a client, hands it to `body`, and has its connections closed however `body` ends.
    /// `tls`: for a server that is spoken to over TLS.
    /// `now`: the wall clock, for a time to wait that is given as a date.
    /// Throws what `body` throws.
    static func with<Result: Sendable>(
        to server: BaseURL,
        tls: NIOSSLContext?,
        limits: HTTPLimits,
        now: @escaping @Sendable () -> Timestamp,
        _ body: (HTTPClient) async throws -> Result
    ) async throws -> Result {
        let client = HTTPClient(to: server, tls: tls, limits: limits, now: now)
        defer { for lane in client.lanes { lane.run { $0.close() } } }
        return try await body(client)
    }

    /// The loop that the requests of a task run on, if the tasks are numbered.
    func executor(ofTask number: Int) -> any TaskExecutor { lanes[number % lanes.count].executor }

    /// The loop whose thread this is; nil on any other thread.
    var currentExecutor: (any TaskExecutor)? { lanes.first(where: \.isCurrent)?.executor }

    /// Sends a request, on the loop of this thread if it has one.
    /// `timeout`: until the answer is whole.
    /// Throws whatever the HTTP stack throws, and `CancellationError`.
    func send(_ request: HTTPRequest, timeout: Duration) async throws -> HTTPAnswer {
        let lane = lanes.first(where: \.isCurrent) ?? lanes[0]
        let promise = lane.executor.loop.makePromise(of: HTTPAnswer.self)
        let deadline = NIODeadline.now() + TimeAmount(timeout)
        return try await withTaskCancellationHandler {
            lane.run { [now] connections in
                connections.send(
                    HTTPConnection.Exchange(
                        request, deadline: deadline, answer: AnswerCollector(now: now), promise: promise))
            }
            return try await promise.futureResult.get()
        } onCancel: {
            promise.fail(CancellationError())
        }
    }
}
