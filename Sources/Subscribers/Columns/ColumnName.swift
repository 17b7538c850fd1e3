/// The name of a column, compared without case, `_`, `-` and blanks: `Viber ID` equals `viber_id`.
struct ColumnName: Hashable {
    private let bytes: [UInt8]

    init(_ name: String) { self.init(Array(name.utf8)[...]) }

    init(_ name: ArraySlice<UInt8>) {
        bytes = IDWhitespace.removed(from: name).compactMap { byte in
            switch byte {
            case UInt8(ascii: "_"), UInt8(ascii: "-"), 0x20, 0x09: nil
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
            default: byte
            }
        }
    }

    /// How specific a known name is, 0 for the most specific; nil for an unknown name.
    var rank: Int? { Self.ranks[self] }

    /// Whether a cell is the name of a column that holds Viber ids.
    static func isKnown(_ cell: ArraySlice<UInt8>) -> Bool { ColumnName(cell).rank != nil }

    /// Names of columns that hold Viber ids, most specific first.
    static let known = [
        "viber_id", "viber_user_id", "viber_subscriber_id", "viber_chat_id", "subscriber_id", "receiver", "receiver_id",
        "user_id", "id",
    ]

    private static let ranks = Dictionary(
        known.enumerated().map { (ColumnName($1), $0) }, uniquingKeysWith: { first, _ in first })
}
