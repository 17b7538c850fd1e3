/// Why an id got no answer; the part after `failed:` in the `error` column.
package enum FailureReason: Sendable, Hashable {
    case badData, missingData, timeout, connection
    /// The HTTP status of a response that was not 200.
    case http(Int)
    /// The API's own `status` of a refused request.
    case api(Int)
    /// The body was not in the documented form.
    case protocolError
    /// `online_status` was not a number that fits 64 bits.
    case badStatus
    /// One reply gave two statuses for the id.
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
        // `Int` also accepts `+5` and `007`, which `text` never holds.
        guard let code = Int(text.dropFirst(prefix.count)), text == prefix + String(code) else { return nil }
        return code
    }
}
