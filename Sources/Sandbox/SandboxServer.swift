import HTTPTypes
import Hummingbird
import HummingbirdTLS
import Logging
import Model
import NIOCore
import ServiceLifecycle

/// A stand-in Viber API on loopback that answers as the real one does: HTTP 200 with a `status` in the body, the account's
/// facts, and a status for every id by `TruthTable`.
package struct SandboxServer: Sendable {
    private let api: SandboxAPI

    package struct Options: Sendable {
        /// 0 takes a free one.
        package var port = 0
        /// The token that is accepted.
        package var token: String
        /// Added to every answer.
        package var latency: Duration = .zero
        package var faults: [Fault] = []
        /// Of what is random about the faults.
        package var seed: UInt64 = 0
        /// With one the sandbox speaks https.
        package var certificate: SandboxCertificate?
        /// One id of so many is put off with tryLater at first; 0 is none.
        package var tryLaterEvery = 50
        /// `get_online` requests a second; above that the answer is `tooManyRequests`. 0 is no limit.
        package var allowedRate = 0.0
        /// The most ids in a request.
        package var mostIDs = IDBatch.limit
        /// Ids that no request may hold: with one of them it is `badData` as a whole.
        package var poison: Set<String> = []
        /// What `get_account_info` gives as `subscribers_count`.
        package var subscribers = 2_500
        /// A new file that gets a JSON line for each `get_online` request.
        package var logPath: String?

        package init(token: String) { self.token = token }
    }

    /// A token of the shape of Viber's, known to everybody.
    package static let madeUpToken = "5a4db0c5a4db0c5a-4db0c5a4db0c5a4d-b0c5a4db0c5a4db0"

    /// The sandbox could not listen.
    package struct Unavailable: Error, Sendable, CustomStringConvertible {
        package var port: Int
        package var description: String { "cannot listen on 127.0.0.1 port \(port); is it in use? Try --port 0" }
    }

    /// Runs a sandbox while `body` runs.
    /// `body`: gets the port.
    /// Throws `FileError` for the log, `Unavailable`, and what `body` throws.
    package static func with<Result: Sendable>(
        _ options: Options,
        _ body: @Sendable @escaping (_ port: Int) async throws -> Result
    ) async throws -> Result {
        let api = try SandboxAPI(options)
        if options.faults.contains(where: \.kind.needsRawBytes) { return try await ToxicServer(api: api).with(body) }
        return try await SandboxServer(api: api).with(body)
    }

    private func with<Result: Sendable>(
        _ body: @Sendable @escaping (_ port: Int) async throws -> Result
    ) async throws -> Result {
        let (ports, ready) = AsyncStream.makeStream(of: Int.self)
        var configuration = ServiceGroupConfiguration(
            services: [.init(service: try application(ready))], logger: Self.silent)
        configuration.maximumGracefulShutdownDuration = .seconds(1)  // a client that does not read is not waited for
        let services = ServiceGroup(configuration: configuration)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { ready.finish() }
                try await services.run()
            }
            var iterator = ports.makeAsyncIterator()
            guard let port = await iterator.next() else { throw Unavailable(port: api.options.port) }
            let result = await Swift.Result.of { try await body(port) }
            await services.triggerGracefulShutdown()
            // How the server ends is of no interest any more.
            try? await group.waitForAll()
            return try result.get()
        }
    }

    private static let silent = Logger(label: "sandbox") { _ in SwiftLogNoOpLogHandler() }

    private func application(_ ready: AsyncStream<Int>.Continuation) throws -> some ApplicationProtocol {
        Application(
            responder: CallbackResponder { (request: Request, _: BasicRequestContext) in try await answer(request) },
            server: try api.options.certificate.map { try .tls(tlsConfiguration: $0.configuration) } ?? .http1(),
            configuration: .init(address: .hostname("127.0.0.1", port: api.options.port)),
            onServerRunning: { channel in
                ready.yield(channel.localAddress?.port ?? api.options.port)
                ready.finish()
            },
            logger: Self.silent
        )
    }

    private func answer(_ request: Request) async throws -> Response {
        let ticket = api.begin(request.method.rawValue, request.uri.path)
        defer { api.end(ticket) }
        var request = request
        let body = try await request.collectBody(upTo: 1 << 20)
        let token = HTTPField.Name("X-Viber-Auth-Token").flatMap { request.headers[$0] }
        let reply = try await api.reply(
            to: .init(path: request.uri.path, token: token, body: Array(body.readableBytesView)), ticket)
        let content = ResponseBody(byteBuffer: ByteBuffer(bytes: reply.body))
        return Response(status: .init(code: reply.code), headers: reply.headers, body: content)
    }
}

extension Result where Failure == any Error, Success: Sendable {
    fileprivate static func of(_ body: () async throws -> Success) async -> Self {
        do {
            return .success(try await body())
        } catch {
            return .failure(error)
        }
    }
}
