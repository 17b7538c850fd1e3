/// A request. The client adds its headers and the length of the body.
package struct HTTPRequest: Sendable {
    package enum Method: Sendable {
        case get, post
    }

    package var method: Method
    /// The whole path, percent-encoded, with a slash at its start.
    package var path: String
    /// Nil for no body.
    package var body: [UInt8]?

    package init(_ method: Method, _ path: String, body: [UInt8]? = nil) {
        self.method = method
        self.path = path
        self.body = body
    }
}

/// The server that a client sends to.
package struct HTTPEndpoint: Sendable {
    /// A host name or an IP address, the latter without brackets.
    package var address: String
    package var port: Int
    package var isSecure: Bool
    /// The server name sent in the TLS handshake (RFC 6066, 3); nil for an IP address, which is not sent.
    package var serverName: String?

    package init(address: String, port: Int, isSecure: Bool, serverName: String?) {
        self.address = address
        self.port = port
        self.isSecure = isSecure
        self.serverName = serverName
    }
}
