import NIOCore
import NIOHTTP1
import NIOSSL

/// One client connection and its requests.
struct SandboxConnection: Sendable {
    let channel: any Channel
    let requests: AsyncStream<Request>

    /// Responds to requests until either side closes the connection.
    func serve(_ api: SandboxAPI) async {
        await withTaskCancellationHandler {
            // A client that disconnects is not an error.
            try? await respond(api)
            channel.close(promise: nil)
        } onCancel: {
            channel.eventLoop.execute { closeImmediately() }
        }
    }

    private func respond(_ api: SandboxAPI) async throws {
        for await request in requests {
            let last = try await performAllButLast(api, request)
            guard try await perform(last), !request.closesConnection else { return }
        }
    }

    /// Performs all steps of a response but the last one.
    ///
    /// - Returns: the last step, after which the client may send its next request.
    private func performAllButLast(_ api: SandboxAPI, _ request: Request) async throws -> WireScript.Step {
        defer { api.end(request.ticket) }
        let ticket = api.ticket(request.ticket, for: request.content)
        var reply = SandboxReply(code: 413)
        if !request.isTooLarge { reply = try await api.reply(to: request.content, ticket) }
        if request.closesConnection { reply.headers.replaceOrAdd(name: "connection", value: "close") }
        var steps = WireScript.steps(for: reply, ticket?.fault)
        let last = steps.removeLast()
        for step in steps { _ = try await perform(step) }
        return last
    }

    /// - Returns: whether the connection stays open.
    private func perform(_ step: WireScript.Step) async throws -> Bool {
        switch step {
        case .send(let bytes): try await channel.writeAndFlush(ByteBuffer(bytes: bytes))
        case .wait(let duration): try await Task.sleep(for: duration)
        case .hold: for await _ in requests {}
        case .close: break
        case .reset: try await reset()
        }
        switch step {
        case .send, .wait: return true
        case .hold, .close, .reset: return false
        }
    }

    /// Closes and discards unsent data, which sends a reset.
    private func reset() async throws {
        let linger: (on: CInt, seconds: CInt) = (1, 0)
        let options = channel as? any SocketOptionProvider
        try await options?.unsafeSetSocketOption(level: .socket, name: .so_linger, value: linger).get()
        try await channel.eventLoop.submit { closeImmediately() }.get()
    }

    /// Closes on the channel's thread, without the closing handshake of TLS, which waits for the client.
    private func closeImmediately() {
        let pipeline = channel.pipeline.syncOperations
        if let tlsHandler = try? pipeline.context(handlerType: NIOSSLServerHandler.self) {
            tlsHandler.close(promise: nil)
        } else {
            channel.close(promise: nil)
        }
    }
}
