import Model
import Synchronization
import TestSupport
import Testing

/// Responses with changed, missing, duplicated and reordered bytes.
@Suite struct DamagedResponseTests {
    private static let answers = [
        CannedAnswer.whole(), CannedAnswer.whole(head: "503 X\r\nRetry-After: 5"),
        "HTTP/1.1 100 Continue\r\n\r\n" + CannedAnswer.whole(),
        "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n" + CannedAnswer.whole(),
        "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n\r\n" + CannedAnswer.body,
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X\r\n\r\n49;a=b\r\n\(CannedAnswer.body)\r\n0\r\nX: 1\r\n\r\n",
        "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n",
        "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello",
    ].map { Array($0.utf8) }

    private static let pieces = [
        "\r\n", "\r\n\r\n", "HTTP/1.1 ", "000", "099", "100", "101", "199", "200", "204", "304", "999", ":", " ",
        "\u{0}", "0\r\n",
        "Content-Length: 0\r\n", "Content-Length: 9\r\n", "Transfer-Encoding: chunked\r\n", "Connection: close\r\n",
        "{", "ffffffffffffffff",
    ].map { Array($0.utf8) }

    private static func damaged(_ random: inout SeededRandom) -> [UInt8] {
        var answer = answers.randomElement(using: &random) ?? []
        for _ in 0..<Int.random(in: 0...4, using: &random) {
            let start = Int.random(in: 0...answer.count, using: &random)
            let end = min(answer.count, start + Int.random(in: 0...6, using: &random))
            switch Int.random(in: 0..<6, using: &random) {
            case 0: answer.replaceSubrange(start..<end, with: [UInt8.random(in: 0...255, using: &random)])
            case 1: answer.removeSubrange(start..<end)
            case 2: answer.insert(contentsOf: pieces.randomElement(using: &random) ?? [], at: start)
            case 3: answer.replaceSubrange(start..<end, with: pieces.randomElement(using: &random) ?? [])
            case 4: answer += answers.randomElement(using: &random) ?? []
            default: answer.removeSubrange(start...)
            }
        }
        return answer
    }

    @Test func `each is decoded or fails with a known message`() async throws {
        let random = Mutex(SeededRandom(seed: 11))
        let server = try CannedServer { connection in
            connection.readRequest()
            connection.send(random.withLock { Self.damaged(&$0) })
        }
        defer { server.stop() }
        let good = try await server.withClient { client in
            var good = 0
            for _ in 0..<300 {
                switch await client.result() {
                case .success(let reply):
                    good += 1
                    #expect(reply.users.count <= 1)
                case .failure(let failure):
                    #expect(
                        failure.description.hasPrefix("127.0.0.1 answered ")
                            || failure.description.hasPrefix("127.0.0.1 redirected ")
                            || failure.description.hasPrefix("no answer from 127.0.0.1: "))
                }
            }
            return good
        }
        #expect((30..<250).contains(good))
    }
}
