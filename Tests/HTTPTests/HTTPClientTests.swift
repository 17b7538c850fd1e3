import NIOCore
import NIOPosix
import TestSupport
import Testing

@testable import HTTP

@Suite struct HTTPClientTests {
    /// Tasks are assigned to the loops in turn. Each stays on its loop, and so do its connections.
    @Test func `tasks with one number share a loop and neighbours do not`() async throws {
        let endpoint = HTTPEndpoint(address: "127.0.0.1", port: 9, isSecure: false, serverName: nil)
        let options = HTTPClient.Options(endpoint: endpoint, headers: [], timeout: .seconds(20))
        try await HTTPClient.with(options) { client in
            let loops = Array(MultiThreadedEventLoopGroup.singleton.makeIterator())
            #expect(client.currentExecutor == nil)
            for number in 0..<loops.count * 2 {
                let executor = client.executor(ofTask: number)
                let loop = await Task(executorPreference: executor) {
                    (client.currentExecutor === executor, MultiThreadedEventLoopGroup.currentEventLoop)
                }.value
                #expect(loop.0)
                #expect(loop.1 === loops[number % loops.count])
            }
        }
    }
}
