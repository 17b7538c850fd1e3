/// Responses of a server, as text.
package enum CannedAnswer {
    /// The body of a good answer to a request for the id `a`.
    package static let body = #"{"status":0,"status_message":"ok","users":[{"id":"a","online_status":2}]}"#

    /// A complete response with its `Content-Length`.
    package static func whole(_ body: String = body, head: String = "200 OK") -> String {
        "HTTP/1.1 \(head)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }
}
