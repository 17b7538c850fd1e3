import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import TestSupport
import Testing

@testable import HTTP

/// An event loop that is blocked, for example by a slow disk.
@Suite struct BusyLoopTimingTests {
    /// The response arrives after 100 ms of its limit of 300 ms; the thread is blocked for 500 ms and a little longer.
    @Test(arguments: [[], [1, 30_000]])
    func `a response that arrived in time counts although it is read later`(_ jobs: [UInt32]) async throws {
        let server = try CannedServer { connection in
            while connection.readRequest() {
                usleep(100_000)  // the slowness is what is tested
                connection.send(CannedAnswer.whole())
            }
        }
        defer { server.stop() }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.next()
        let limits = HTTPLimits(connect: .seconds(20))
        let endpoint = HTTPEndpoint(address: "127.0.0.1", port: server.port, isSecure: false, serverName: nil)
        let connectionPool = NIOLoopBoundBox.makeBoxSendingValue(
            HTTPConnectionPool(loop, to: endpoint, tls: nil, limits: limits), eventLoop: loop)
        func send(within limit: TimeAmount, whileBusy isBusy: Bool) async throws -> HTTPResponse {
            let promise = loop.makePromise(of: HTTPResponse.self)
            loop.execute {
                let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/", headers: ["Host": "x"])
                connectionPool.value.send(
                    HTTPConnection.Exchange(head, body: nil, deadline: .now() + limit, promise: promise))
                guard isBusy else { return }
                loop.execute { usleep(500_000) }  // the slowness is what is tested
                for job in jobs { loop.execute { usleep(job) } }  // the slowness is what is tested
            }
            return try await promise.futureResult.get()
        }
        // On an open connection, so that only the response takes time.
        do {
            #expect(try await !send(within: .seconds(20), whileBusy: false).body.isEmpty)
            #expect(try await !send(within: .milliseconds(300), whileBusy: true).body.isEmpty)
        } catch {
            Issue.record(error)
        }
        try await group.shutdownGracefully()
    }
}
