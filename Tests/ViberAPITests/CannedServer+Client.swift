import Model
import TestSupport
import Testing

@testable import ViberAPI

extension CannedServer {
    /// Runs `body` with a client of this server.
    func withClient<Result: Sendable>(
        timeout: Duration = .seconds(20),
        _ body: @Sendable (ViberClient) async throws -> Result
    ) async throws -> Result {
        let options = try ViberClientTests.options(
            port: port, token: Program.canary, timeout: timeout, keepWebhook: false)
        return try await ViberClient.with(options, now: { ViberClientTests.time }, body)
    }

    /// Sends one request, whose good response is `CannedAnswer.body`.
    func fetch(timeout: Duration = .seconds(20)) async throws -> Result<BatchReply, RequestFailure> {
        try await withClient(timeout: timeout) { await $0.result() }
    }
}

extension ViberClient {
    /// The result of a request for the id `a`.
    func result() async -> Result<BatchReply, RequestFailure> {
        do throws(RequestFailure) {
            return .success(try await online(IDBatch([[0x61]])))
        } catch {
            return .failure(error)
        }
    }
}

extension Result where Success == BatchReply, Failure == RequestFailure {
    /// Whether this is the reply in `CannedAnswer.body`.
    var isGood: Bool {
        let user = BatchReply.User(id: [0x61], status: .undisclosed, lastOnline: nil, messageDiffers: false)
        return (try? get())?.users == [user]
    }

    /// The failure of the request.
    var failure: RequestFailure {
        get throws {
            guard case .failure(let failure) = self else { throw UnexpectedSuccess() }
            #expect(!failure.description.contains(Program.canary))
            return failure
        }
    }
}

/// A request succeeded that should have failed.
struct UnexpectedSuccess: Error {}
