/// Why an id was not answered; the part after `failed:` in the `error` column.
package enum FailureReason: Sendable, Hashable {
    case badData, missingData, timeout, connection
    /// The HTTP status of an answer that was not 200.
    case http(Int)
    /// The API's own `status` of a refused request.
    case api(Int)
    /// The body was not what the API sends.
    case protocolError
    /// `online_status` was no number that fits 64 bits.
    case badStatus
    /// One answer gave two statuses for the id.
    case conflict

    package var text: String {
        switch self {
        case .badData: "badData"
        case .missingData: "missingData"
        case .timeout: "timeout"
        case .connection: "connection"
        case .http(let code): "http_\(code)"
        case .api(let code): "api_\(code)"
        case .protocolError: "protocol"
        case .badStatus: "bad_status"
        case .conflict: "conflict"
        }
    }

    /// Reads `text` back; nil for anything else.
    package init?(_ text: String) {
        switch text {
        case "badData": self = .badData
        case "missingData": self = .missingData
        case "timeout": self = .timeout
        case "connection": self = .connection
        case "protocol": self = .protocolError
        case "bad_status": self = .badStatus
        case "conflict": self = .conflict
        default:
            if let code = Self.code(of: text, after: "http_") {
                self = .http(code)
            } else if let code = Self.code(of: text, after: "api_") {
                self = .api(code)
            } else {
                return nil
            }
        }
    }

    private static func code(of text: String, after prefix: String) -> Int? {
        // `Int` reads `+5` and `007` too, which no `text` holds.
        guard let code = Int(text.dropFirst(prefix.count)), text == prefix + String(code) else { return nil }
        return code
    }
}
