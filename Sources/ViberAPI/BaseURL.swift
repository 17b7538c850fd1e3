/// The address of the API: `https://chatapi.viber.com`, or another host in place of it.
///
/// The token is sent to this host only. It is sent as it is, so only https is accepted, and plain http to this machine.
package struct BaseURL: Sendable, Equatable, CustomStringConvertible {
    /// Scheme, host, port and path, without a trailing slash.
    package let description: String
    /// The host; an IPv6 address is in brackets.
    package let host: String
    let port: Int
    /// The path, without a trailing slash.
    let path: String
    package let isSecure: Bool

    package static let viber = BaseURL(isSecure: true, host: "chatapi.viber.com", port: nil, path: "")

    private init(isSecure: Bool, host: String, port: Int?, path: String) {
        self.isSecure = isSecure
        self.host = host
        self.port = port ?? (isSecure ? 443 : 80)
        self.path = path
        description = (isSecure ? "https://" : "http://") + host + (port.map { ":\($0)" } ?? "") + path
    }

    /// The host without brackets.
    var address: String { host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host }

    /// The value of the `Host` header: with the port only if it is not the default one.
    var authority: String { port == (isSecure ? 443 : 80) ? host : "\(host):\(port)" }

    /// The reason a text is not a usable base URL.
    package enum ParseError: Error, Sendable, Equatable, CustomStringConvertible {
        case notAURL
        case scheme
        case userInfo
        case queryOrFragment
        case plainHTTP(host: String)
        case port

        package var description: String {
            switch self {
            case .notAURL: "it is not a URL like https://chatapi.viber.com"
            case .scheme: "it must start with https:// (or http:// for this machine)"
            case .userInfo: "it contains a user name or an '@', which an API address never does"
            case .queryOrFragment: "it contains a query or fragment ('?' or '#'); give scheme, host, port and path only"
            case .plainHTTP(let host):
                "plain http would show the token to the network on the way to \(host); only this machine may use it"
            case .port: "its port is not a number from 1 to 65535"
            }
        }
    }

    /// - Parameter text: the URL, such as `https://chatapi.viber.com`.
    /// - Throws: `ParseError`.
    package init(_ text: String) throws(ParseError) {
        let bytes = Array(text.utf8)
        guard !bytes.isEmpty, bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }) else {
            throw .notAURL
        }
        guard let separator = text.firstRange(of: "://") else { throw .notAURL }
        let scheme = text[..<separator.lowerBound].lowercased()
        guard scheme == "https" || scheme == "http" else { throw .scheme }
        let rest = text[separator.upperBound...]
        guard !rest.contains("?"), !rest.contains("#") else { throw .queryOrFragment }
        guard !rest.contains("@") else { throw .userInfo }
        let authority = rest.prefix { $0 != "/" }
        var path = String(rest.dropFirst(authority.count))
        while path.hasSuffix("/") { path.removeLast() }
        guard Self.isPath(path) else { throw .notAURL }
        let (host, port) = try Self.split(authority)
        guard scheme == "https" || Self.isLoopback(host) else { throw .plainHTTP(host: host) }
        self.init(isSecure: scheme == "https", host: host, port: port, path: path)
    }

    /// The part of an invalid base URL that may be printed: scheme, host and port. Passwords precede an `@`, and paths
    /// and queries may contain keys.
    ///
    /// - Parameter text: any text.
    /// - Returns: the text with `…` in place of the rest.
    package static func redacted(_ text: String) -> String {
        guard let separator = text.firstRange(of: "://") else { return "…" }
        let scheme = text[..<separator.lowerBound]
        guard scheme.allSatisfy({ $0.isASCII && $0.isLetter }) else { return "…" }
        let rest = text[separator.upperBound...]
        let host = rest.prefix { !"/?#\\".contains($0) }
        // A port that is not a number may be a password without its `@`.
        let port = host.hasPrefix("[") ? "" : host.drop { $0 != ":" }.dropFirst()
        guard !rest.contains("@"), port.allSatisfy(\.isNumber) else { return scheme + "://…" }
        return scheme + "://" + host + (host.count < rest.count ? "/…" : "")
    }

    private static func split(_ authority: Substring) throws(ParseError) -> (host: String, port: Int?) {
        let host: Substring
        let tail: Substring
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { throw .notAURL }
            host = authority[...end]
            tail = authority[authority.index(after: end)...]
            let address = host.dropFirst().dropLast()
            guard address.count(where: { $0 == ":" }) >= 2,
                address.allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." })
            else { throw .notAURL }
        } else {
            host = authority.prefix { $0 != ":" }
            tail = authority[host.endIndex...]
            guard !host.isEmpty, host.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "." || $0 == "-" || $0 == "_" })
            else { throw .notAURL }
        }
        guard !tail.isEmpty else { return (host.lowercased(), nil) }
        guard tail.hasPrefix(":"), tail.dropFirst().allSatisfy(\.isNumber), let port = UInt16(tail.dropFirst()),
            port > 0
        else { throw .port }
        return (host.lowercased(), Int(port))
    }

    /// Whether a path can be sent in a request unchanged (RFC 3986, 3.3).
    private static func isPath(_ path: String) -> Bool {
        let parts = path.utf8.split(separator: UInt8(ascii: "%"), omittingEmptySubsequences: false)
        func isHex(_ byte: UInt8) -> Bool { UnicodeScalar(byte).properties.isASCIIHexDigit }
        return parts.dropFirst().allSatisfy { $0.count >= 2 && $0.prefix(2).allSatisfy(isHex) }
            && path.utf8.allSatisfy { !"\"<>[]^`{|}".utf8.contains($0) }
    }

    /// Whether the host is an IP address, which is not sent as the server name of TLS.
    var isIPAddress: Bool { host.hasPrefix("[") || Self.isIPv4(host) }

    private static func isLoopback(_ host: String) -> Bool {
        host == "localhost" || host == "[::1]" || host.hasPrefix("127.") && isIPv4(host)
    }

    /// Whether the host is four decimal numbers without leading zeros: some resolvers take `127.0.0.08` for a name,
    /// which may belong to anyone.
    private static func isIPv4(_ host: String) -> Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { UInt8($0).map(String.init) == String($0) }
    }
}
