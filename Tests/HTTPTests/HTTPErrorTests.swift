import Testing

@testable import HTTP

/// Errors of the HTTP stack, without their own texts.
@Suite struct HTTPErrorTests {
    private struct UnlistedError: Error, CustomStringConvertible { var description: String { "SECRET" } }

    @Test func `an unlisted error is a broken connection and is not shown`() {
        #expect(HTTPError(translating: UnlistedError()) == .connection("the connection failed"))
    }

    @Test func `a cancelled request may be retried`() {
        #expect(HTTPError(translating: CancellationError()) == .connection("the request was cancelled"))
    }

    @Test func `an HTTPError is unchanged`() {
        let error = HTTPError.status(418, HTTPError.Headers(retryAfter: ["1"]))
        #expect(HTTPError(translating: error) == error)
    }
}
