import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

extension HTTPError {
    /// Translates any error of the HTTP stack. The descriptions of its errors are never used, since one of them contains
    /// header values, and so the token. An error that is not listed counts as a broken connection, which is retried.
    ///
    /// - Parameter error: what NIO, NIOSSL or this module threw.
    init(translating error: any Error) {
        switch error {
        case let error as HTTPError: self = error
        case let error as NIOConnectionError: self = .connection(Self.reason(error))
        case let error as IOError: self = .connection(Self.reason(error))
        case ChannelError.ioOnClosedChannel: self = .stale
        case ChannelError.connectTimeout: self = .connection(Self.connectTimedOut)
        case is ChannelError: self = .connection("the connection was closed")
        case HTTPParserError.invalidEOFState: self = .truncated
        case is HTTPParserError, is NIOHTTPDecoderError: self = .notHTTP
        case let error as NIOSSLError: self = Self.tlsError(error)
        case is NIOSSLExtraError: self = .tls(Self.notVerified)
        case is CancellationError: self = .connection("the request was cancelled")
        default: self = .connection("the connection failed")
        }
    }

    static let connectTimedOut = "no connection within the time limit"

    private static func tlsError(_ error: NIOSSLError) -> HTTPError {
        switch error {
        case .handshakeFailed(.sslError([.eofDuringHandshake])):
            .connection("the server closed the connection during the TLS handshake")
        case .handshakeFailed(.sslError), .unableToValidateCertificate, .noCertificateToValidate: .tls(notVerified)
        default: .connection("the TLS connection failed")
        }
    }

    private static let notVerified =
        "TLS failed. The certificate does not verify (unknown authority, wrong host or expired), or the server does "
        + "not support TLS 1.2. For a private authority use --ca-file"

    private static func reason(_ error: NIOConnectionError) -> String {
        if error.dnsAError != nil, error.dnsAAAAError != nil || error.connectionErrors.isEmpty {
            return "the host name \(error.host) is not known"
        }
        guard let first = error.connectionErrors.first?.error else { return "no connection" }
        if let first = first as? IOError { return reason(first) }
        return first is ChannelError ? connectTimedOut : "no connection"
    }

    private static func reason(_ error: IOError) -> String {
        switch error.errnoCode {
        case ECONNREFUSED: "connection refused"
        case ECONNRESET, EPIPE: "connection reset"
        case ETIMEDOUT: connectTimedOut
        case ENETUNREACH, EHOSTUNREACH: "the host cannot be reached"
        case EMFILE, ENFILE: "too many open files"
        default: "connection failed (errno \(error.errnoCode))"
        }
    }
}
