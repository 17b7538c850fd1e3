import NIOCore
import NIOHTTP1

/// Collects the parts of one response. A response with a status other than 200 becomes an error, whatever its body is.
struct ResponseAccumulator {
    private var response = HTTPResponse(body: [], type: "")
    /// The error for a status other than 200.
    private(set) var statusError: HTTPError?
    /// Whether the head was received.
    private(set) var hasHead = false
    /// Whether the server keeps the connection for another request.
    var isKeptAlive = false

    /// The longest body, in bytes: eighty times the 12 kB that 100 users take.
    private static let limit = 1 << 20
    /// The longest body of an error that is still read, in bytes. For a longer one the connection is closed instead.
    private static let errorBodyLimit = 1 << 14

    /// - Throws: `HTTPError` for an invalid status, or for an error whose body is not read.
    mutating func append(_ head: HTTPResponseHead) throws(HTTPError) {
        // The parser accepts `HTTP/1.1 000`.
        guard head.status.code >= 100 else { throw .notHTTP }
        hasHead = true
        // After a change of protocols nothing can be read as HTTP.
        isKeptAlive = head.isKeepAlive && head.status != .switchingProtocols
        let length = head.headers.first(name: "content-length").flatMap { Int($0) }
        if let statusError = statusError(head) {
            guard let length, length <= Self.errorBodyLimit else { throw statusError }
            self.statusError = statusError
        } else {
            response.type = head.headers.first(name: "content-type") ?? ""
            response.body.reserveCapacity(min(max(length ?? 0, 0), Self.limit))
        }
    }

    /// - Throws: `HTTPError.invalidResponse` if the body is too long.
    mutating func append(_ part: ByteBuffer) throws(HTTPError) {
        guard statusError == nil else { return }
        guard part.readableBytes <= Self.limit - response.body.count else {
            throw .invalidResponse("the body is longer than 1 MiB")
        }
        unsafe part.withUnsafeReadableBytes { unsafe response.body.append(contentsOf: $0) }
    }

    /// The complete response, or the error for its status.
    func result() -> Result<HTTPResponse, any Error> { statusError.map { .failure($0) } ?? .success(response) }

    private func statusError(_ head: HTTPResponseHead) -> HTTPError? {
        guard head.status != .ok else { return nil }
        return .status(
            Int(head.status.code),
            HTTPError.Headers(location: head.headers.first(name: "location"), retryAfter: head.headers["retry-after"]))
    }
}
