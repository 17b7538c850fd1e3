import HTTPTypes
import Hummingbird
import Logging
import Model
import NIOCore
import ServiceLifecycle

/// A stand-in Viber API on loopback that answers as the real one does: HTTP 200 with a `status` in the body, the account's
/// facts, and a status for every id by `TruthTable`.
package struct SandboxServer: Sendable {
    private let options: Options
    private let ledger: SandboxLedger

    package struct Options: Sendable {
        /// 0 takes a free one.
        package var port = 0
        /// The token that is accepted.
        package var token: String
        /// Added to every answer.
        package var latency: Duration = .zero
        package var faults: [Fault] = []
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

    /// Runs a sandbox while `body` runs.
    /// `body`: gets the port.
    /// Throws `FileError` for the log, `Unavailable`, and what `body` throws.
    package static func with<Result: Sendable>(
        _ options: Options,
        _ body: @Sendable @escaping (_ port: Int) async throws -> Result
    ) async throws -> Result {
        let server = SandboxServer(
            options: options, ledger: try SandboxLedger(logPath: options.logPath, allowedRate: options.allowedRate))
        let (ports, ready) = AsyncStream.makeStream(of: Int.self)
        var configuration = ServiceGroupConfiguration(
            services: [.init(service: server.application(ready))], logger: Self.silent)
        configuration.maximumGracefulShutdownDuration = .seconds(1)  // a request that hangs is not waited for
        let services = ServiceGroup(configuration: configuration)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { ready.finish() }
                try await services.run()
            }
            var iterator = ports.makeAsyncIterator()
            guard let port = await iterator.next() else { throw Unavailable(port: options.port) }
            let result = await Swift.Result.of { try await body(port) }
            await services.triggerGracefulShutdown()
            // How the server ends is of no interest any more.
            try? await group.waitForAll()
            return try result.get()
        }
    }

    private static let silent = Logger(label: "sandbox") { _ in SwiftLogNoOpLogHandler() }

    /// The sandbox could not listen.
    package struct Unavailable: Error, Sendable, CustomStringConvertible {
        package var port: Int
        package var description: String { "cannot listen on 127.0.0.1 port \(port); is it in use? Try --port 0" }
    }

    private func application(_ ready: AsyncStream<Int>.Continuation) -> some ApplicationProtocol {
        let router = Router()
        router.post("/pa/get_online") { request, _ in try await online(request) }
        router.get("/pa/get_account_info") { request, _ in try await account(request) }
        router.post("/pa/get_account_info") { request, _ in try await account(request) }
        router.get("/sandbox/stats") { _, _ in Self.response(ledger.statistics) }
        return Application(
            router: router,
            configuration: .init(address: .hostname("127.0.0.1", port: options.port)),
            onServerRunning: { channel in
                ready.yield(channel.localAddress?.port ?? options.port)
                ready.finish()
            },
            logger: Self.silent
        )
    }

    private func account(_ request: Request) async throws -> Response {
        let number = ledger.begin(.account)
        defer { ledger.end() }
        try await Task.sleep(for: options.latency)
        if let fault = fault(.account, number) { return try await Self.response(fault.kind) }
        guard isAuthorized(request) else { return refusal() }
        return Self.response(SandboxAnswers.account(subscribers: options.subscribers))
    }

    private func online(_ request: Request) async throws -> Response {
        let number = ledger.begin(.online)
        defer { ledger.end() }
        var request = request
        let body = try await request.collectBody(upTo: 1 << 20)
        let ids = SandboxAnswers.ids(of: Array(body.readableBytesView))
        let fault = fault(.online, number)
        ledger.note(ids ?? [], number: number, answer: fault.map { "\($0.kind)" } ?? "ok")
        try await Task.sleep(for: options.latency)
        if let fault, !fault.kind.keepsUsers { return try await Self.response(fault.kind) }
        guard isAuthorized(request) else { return refusal() }
        guard let ids else { return Self.response(SandboxAnswers.error(4, "missingData")) }
        guard ledger.allows() else { return Self.response(SandboxAnswers.error(12, "Too many requests")) }
        guard !ids.isEmpty, ids.count <= options.mostIDs, options.poison.isDisjoint(with: ids) else {
            return Self.response(SandboxAnswers.error(3, "badData"))
        }
        return Self.response(SandboxAnswers.online(users(ids, spoiledBy: fault?.kind)))
    }

    private func fault(_ endpoint: Fault.Endpoint, _ number: Int) -> Fault? {
        options.faults.first { $0.endpoint == endpoint && $0.strikes(request: number) }
    }

    private func isAuthorized(_ request: Request) -> Bool {
        HTTPField.Name("X-Viber-Auth-Token").map { request.headers[$0] == options.token } ?? false
    }

    private func refusal() -> Response {
        ledger.refuse()
        return Self.response(SandboxAnswers.error(2, "invalidAuthToken"))
    }

    private func isPutOff(_ id: String) -> Bool {
        TruthTable.isTryLaterFirst(id.utf8, every: options.tryLaterEvery) && ledger.putsOff(id)
    }

    private func users(_ ids: [String], spoiledBy kind: Fault.Kind?) -> [SandboxAnswers.User] {
        var users = ids.map { id in
            let putOff = kind == .tryLater || isPutOff(id)
            return SandboxAnswers.User(
                id: id,
                status: putOff ? .tryLater : TruthTable.status(of: id.utf8),
                lastOnline: putOff ? nil : TruthTable.lastOnline(of: id.utf8)
            )
        }
        switch kind {
        case .missing: users.removeFirst()
        case .extra: users.insert(.init(id: "nobody-asked-for-me-===", status: .online), at: 0)
        case .duplicate: users.insert(users[0], at: 0)
        case .conflict:
            var other = users[0]
            other.status = other.status == .online ? .offline : .online
            users.append(other)
        case .unknownStatus: users[0].status = OnlineStatus(rawValue: 99)
        case .badStatus: users[0].badStatus = "soon"
        case .reversed: users.reverse()
        default: break
        }
        return users
    }

    private static func response(_ json: [UInt8]) -> Response {
        Response(
            status: .ok, headers: [.contentType: "application/json"], body: .init(byteBuffer: ByteBuffer(bytes: json)))
    }

    /// The answer of a fault that sends no users.
    private static func response(_ kind: Fault.Kind) async throws -> Response {
        let page = ResponseBody(byteBuffer: ByteBuffer(string: "<html><body>Sorry.</body></html>"))
        switch kind {
        case .http(let code): return Response(status: .init(code: code), body: page)
        case .status(let code): return response(SandboxAnswers.error(code, "status \(code)"))
        case .html: return Response(status: .ok, headers: [.contentType: "text/html"], body: page)
        case .redirect: return Response(status: .found, headers: [.location: "http://127.0.0.1:9/pa/get_online"])
        case .truncated: return response(Array("{\"status\":0,\"status_message\":\"ok\",\"users\":[{\"id\":\"".utf8))
        case .hang:
            try await Task.sleep(for: .seconds(3_600))
            return Response(status: .serviceUnavailable)
        default: return Response(status: .ok)
        }
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
