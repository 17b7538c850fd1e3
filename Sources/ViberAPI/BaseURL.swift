/// Where the API is: `https://chatapi.viber.com` or a host that stands in for it.
///
/// The token goes to this host and no other. https only, because the token is sent as it is; plain http only to this
/// machine.
package struct BaseURL: Sendable, Equatable, CustomStringConvertible {
    /// Scheme, host, port and path, without a slash at the end.
    package let description: String
    package let host: String
    package let isSecure: Bool

    package static let viber = BaseURL(
        description: "https://chatapi.viber.com", host: "chatapi.viber.com", isSecure: true)

    private init(description: String, host: String, isSecure: Bool) {
        self.description = description
        self.host = host
        self.isSecure = isSecure
    }

    /// What is wrong with a text that should be a base URL.
    package enum Problem: Error, Sendable, Equatable, CustomStringConvertible {
        case notAURL
        case scheme
        case userInfo
        case queryOrFragment
        case plainHTTP(host: String)
        case port

        package var description: String {
            switch self {
            case .notAURL: "it is no URL; it looks like https://chatapi.viber.com"
            case .scheme: "it has to begin with https:// (or http:// for this machine)"
            case .userInfo: "it holds a user name or an '@', which no API address does"
            case .queryOrFragment: "it holds a query or fragment ('?' or '#'); give scheme, host, port and path only"
            case .plainHTTP(let host):
                "plain http would show the token to the network on the way to \(host); only this machine may use it"
            case .port: "its port is no number from 1 to 65535"
            }
        }
    }

    package init(_ text: String) throws(Problem) {
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
        let (host, port) = try Self.split(authority)
        isSecure = scheme == "https"
        guard isSecure || Self.isThisMachine(host) else { throw .plainHTTP(host: host) }
        self.host = host
        description = scheme + "://" + host + (port.map { ":\($0)" } ?? "") + path
    }

    private static func split(_ authority: Substring) throws(Problem) -> (host: String, port: Int?) {
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

    private static func isThisMachine(_ host: String) -> Bool {
        if host == "localhost" || host == "[::1]" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        // As numbers are written: `127.0.0.08` is a name to some resolvers, and may be anybody's.
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0).map(String.init) == String($0) }
    }
}
