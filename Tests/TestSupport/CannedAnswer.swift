/// What a server sends, as text.
package enum CannedAnswer {
    /// The body of a good answer about the one id that is asked for.
    package static let body = #"{"status":0,"status_message":"ok","users":[{"id":"a","online_status":2}]}"#

    /// A whole answer with its length.
    package static func whole(_ body: String = body, head: String = "200 OK") -> String {
        "HTTP/1.1 \(head)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }
}
