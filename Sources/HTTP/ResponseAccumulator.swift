import NIOCore
import NIOHTTP1

/// Takes in one answer as it comes; one that is no status 200 is refused, whatever its body is.
struct ResponseAccumulator {
    private var response = HTTPResponse(body: [], type: "")
    /// Why the answer is none, by its head.
    private(set) var statusError: HTTPError?
    /// Whether a head has come.
    private(set) var hasHead = false
    /// Whether the server keeps the connection for another request.
    var isKeptAlive = false

    /// 100 users are about 12 kB; what is eighty times that is no answer.
    private static let limit = 1 << 20
    /// A longer body of a refusal is not waited for, though it costs the connection.
    private static let errorBodyLimit = 1 << 14

    /// - Throws: why the answer is none, if its body is not worth waiting for.
    mutating func append(_ head: HTTPResponseHead) throws(HTTPError) {
        // `HTTP/1.1 000` is well-formed to the parser.
        guard head.status.code >= 100 else { throw .notHTTP }
        hasHead = true
        // What comes behind a change of protocols is read by nobody.
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

    /// - Throws: if the body is longer than any answer.
    mutating func append(_ part: ByteBuffer) throws(HTTPError) {
        guard statusError == nil else { return }
        guard part.readableBytes <= Self.limit - response.body.count else {
            throw .invalidResponse("the body is longer than 1 MiB")
        }
        unsafe part.withUnsafeReadableBytes { unsafe response.body.append(contentsOf: $0) }
    }

    /// The answer, whole now.
    func result() -> Result<HTTPResponse, any Error> { statusError.map { .failure($0) } ?? .success(response) }

    private func statusError(_ head: HTTPResponseHead) -> HTTPError? {
        guard head.status != .ok else { return nil }
        return .status(
            Int(head.status.code),
            HTTPError.Headers(location: head.headers.first(name: "location"), retryAfter: head.headers["retry-after"]))
    }
}
