import Model
import TestSupport
import Testing

/// HTTP statuses as servers send them, with good bodies that must be ignored.
@Suite struct HTTPStatusTests {
    /// The failure of a client for a response with this head and a good body.
    private func failure(_ head: String) async throws -> RequestFailure {
        let server = try CannedServer(CannedAnswer.whole(head: head))
        defer { server.stop() }
        return try await server.fetch().failure
    }

    @Test(
        arguments: [
            (400...400, .batchRefused), (401...401, .fatal(.accessDenied)), (402...402, .batchRefused),
            (403...403, .fatal(.accessDenied)), (404...405, .fatal(.misconfigured)), (408...408, .transient),
            (410...410, .fatal(.misconfigured)), (413...414, .batchRefused), (418...418, .batchRefused),
            (422...422, .batchRefused), (425...425, .transient), (429...429, .throttled), (451...451, .batchRefused),
            (500...504, .transient), (520...524, .transient), (599...599, .transient), (201...203, .transient),
            (206...206, .transient), (600...600, .transient), (999...999, .transient),
        ] as [(ClosedRange<Int>, RequestFailure.FailureClass)])
    func `the status counts and not the body`(_ codes: ClosedRange<Int>, _ failureClass: RequestFailure.FailureClass)
        async throws
    {
        for code in codes {
            let failure = try await failure("\(code) X")
            #expect(failure.failureClass == failureClass)
            #expect(failure.reason == .http(code))
        }
    }

    @Test(arguments: ["000 X", "007 X", "099 X", "0 X", "-1 X", "20 OK", "2000 OK", "2x0 OK", "X", ""])
    func `an invalid status is refused`(_ head: String) async throws {
        let failure = try await failure(head)
        #expect(failure.failureClass == .transient)
        #expect(failure.description == "127.0.0.1 answered with an invalid response: it is not HTTP")
    }

    @Test(
        arguments: [
            ("503 X\r\nRetry-After: 2", .throttled, 2), ("503 X\r\nRetry-After: 7", .throttled, 7),
            ("503 X\r\nretry-after:  120 ", .throttled, 120),
            ("503 X", .transient, nil), ("503 X\r\nRetry-After: soon", .transient, nil),
            ("503 X\r\nRetry-After: soon\r\nRetry-After: 9", .throttled, 9),
            // The client's clock shows Tue, 14 Nov 2023 22:13:20 GMT.
            ("503 X\r\nRetry-After: Tue, 14 Nov 2023 22:14:00 GMT", .throttled, 40),
            ("429 X\r\nRetry-After: Tue, 14 Nov 2023 22:13:00 GMT", .throttled, 0),
            ("429 X", .throttled, nil), ("429 X\r\nRetry-After: 5", .throttled, 5),
            ("429 X\r\nRetry-After: 0", .throttled, 0), ("429 X\r\nRetry-After: -5", .throttled, nil),
            ("429 X\r\nRetry-After: abc", .throttled, nil), ("429 X\r\nRetry-After:", .throttled, nil),
            ("429 X\r\nRetry-After: 1e9", .throttled, nil), ("429 X\r\nRetry-After: 1e300", .throttled, nil),
            ("429 X\r\nRetry-After: 99999999999999999999", .throttled, 86_400),
            ("429 X\r\nRetry-After: 3\r\nRetry-After: 8", .throttled, 3),
            ("500 X\r\nRetry-After: 3", .transient, 3), ("413 X\r\nRetry-After: 3", .batchRefused, 3),
        ] as [(String, RequestFailure.FailureClass, Int64?)])
    func `the retry-after header is read`(
        _ head: String, _ failureClass: RequestFailure.FailureClass, _ seconds: Int64?
    ) async throws {
        let failure = try await failure(head)
        #expect(failure.failureClass == failureClass)
        #expect(failure.retryAfter == seconds.map { .seconds($0) })
    }

    @Test func `the body of an error is not waited for`() async throws {
        let server = try CannedServer { connection in
            connection.readRequest()
            connection.send("HTTP/1.1 503 X\r\nContent-Length: 1000000\r\n\r\n")
            connection.waitForEnd()
        }
        defer { server.stop() }
        let failure = try await server.fetch().failure
        #expect(failure.reason == .http(503))
        #expect(failure.failureClass == .transient)
    }

    /// Every redirect status, and every kind of target.
    @Test(
        arguments: [300, 301, 302, 303, 304, 305, 307, 308], ["other host", "https", "same host", "no scheme", "none"])
    func `a redirect is refused and never followed`(_ code: Int, _ target: String) async throws {
        let other = try CannedServer(CannedAnswer.whole())
        defer { other.stop() }
        let location =
            switch target {
            case "other host": "\r\nLocation: http://127.0.0.1:\(other.port)/pa/get_online?secret"
            case "https": "\r\nLocation: https://127.0.0.1:\(other.port)/secret"
            case "no scheme": "\r\nLocation: //127.0.0.1:\(other.port)/secret"
            case "same host": "\r\nLocation: /secret"
            default: ""
            }
        let server = try CannedServer(CannedAnswer.whole(head: "\(code) X\(location)"))
        defer { server.stop() }
        let failure = try await server.fetch().failure
        #expect(failure.failureClass == .fatal(.misconfigured))
        #expect(failure.description.hasPrefix("127.0.0.1 redirected to "))
        #expect(failure.description.contains("refusing"))
        #expect(!failure.description.contains("secret"))
        #expect(other.connections == 0)
        #expect(server.connections == 1)
    }
}
