import Testing

@testable import HTTP

/// Errors of the HTTP stack in words of our own.
@Suite struct HTTPErrorTests {
    private struct Unheard: Error, CustomStringConvertible { var description: String { "SECRET" } }

    @Test func anErrorThatNobodyListedIsABrokenConnectionAndIsNotShown() {
        #expect(HTTPError(transport: Unheard()) == .connection("the connection failed"))
    }

    @Test func aCancelledRequestMayBeTriedAgain() {
        #expect(HTTPError(transport: CancellationError()) == .connection("stopped before the answer came"))
    }

    @Test func anErrorOfOursStaysAsItIs() {
        let error = HTTPError.status(418, HTTPError.Headers(retryAfter: ["1"]))
        #expect(HTTPError(transport: error) == error)
    }
}
