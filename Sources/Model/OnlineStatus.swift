/// The `online_status` of one subscriber in a `get_online` reply.
///
/// 0 to 4 are documented (Viber REST API, "Subscribers Status"); any other number is kept unchanged.
public struct OnlineStatus: RawRepresentable, Sendable, Hashable {
    /// The number.
    public let rawValue: Int64

    /// A status with any number.
    @inlinable public init(rawValue: Int64) { self.rawValue = rawValue }

    package static let online = OnlineStatus(rawValue: 0)
    package static let offline = OnlineStatus(rawValue: 1)
    /// The user hides the status but is reachable.
    package static let undisclosed = OnlineStatus(rawValue: 2)
    /// An internal error of Viber for this user: the id must be requested again.
    package static let tryLater = OnlineStatus(rawValue: 3)
    /// Not a Viber user, or not a subscriber of the bot, or unregistered from the app: the API does not say which.
    package static let unavailable = OnlineStatus(rawValue: 4)

    /// The API's name of the number; `unknown` for an undocumented number.
    package var name: String {
        switch self {
        case .online: "online"
        case .offline: "offline"
        case .undisclosed: "undisclosed"
        case .tryLater: "tryLater"
        case .unavailable: "unavailable"
        default: "unknown"
        }
    }

    /// The name as a JSON string.
    package var quotedName: StaticString {
        switch rawValue {
        case 0: "\"online\""
        case 1: "\"offline\""
        case 2: "\"undisclosed\""
        case 3: "\"tryLater\""
        case 4: "\"unavailable\""
        default: "\"unknown\""
        }
    }

    /// Whether the number has a name.
    @inlinable public var isDocumented: Bool { (0...4).contains(rawValue) }

    /// Whether the status is a definite answer: 3 and undocumented numbers are not, so the id is requested again.
    package var isDefinite: Bool { isDocumented && self != .tryLater }
}
