/// The form of a Viber id: 16 bytes as base64 in nearly every recorded answer, and shorter or longer ones in the
/// documentation (developers.viber.com, "Subscribers Status").
///
/// Ids of any form are requested. The form helps to find the column of ids, and ids that look like a mistake.
struct IDForm: Equatable {
    /// 10 to 64 characters of `A–Z a–z 0–9 + / =`; not digits only, not `+` and digits, not a UUID.
    var hasForm: Bool
    /// Whether there is a lower-case letter, an upper-case letter or one of `+ / =`, and a digit or one of `+ / =`, as
    /// in base64 of random bytes. Identifiers of other systems (cuid, ObjectId, ULID, hashes) have no upper-case letter
    /// or no lower-case one, and names of people have no digit.
    var isMixed: Bool
    /// Whether `=` occurs only at the end and at most twice, as padding. Two ids in one cell have it in the middle.
    var isPaddedAtEnd: Bool
    /// Whether it has the length and the padding of 16 bytes in base64.
    var isOfSixteenBytes: Bool

    /// - Parameter id: a cell without its surrounding blanks.
    init(_ id: __shared ArraySlice<UInt8>) {
        let (classes, padding) = unsafe id.withUnsafeBufferPointer { bytes in
            unsafe Self.table.withUnsafeBufferPointer { table in
                var count = bytes.count
                while count > 0, bytes.count - count < 2, unsafe bytes[count - 1] == UInt8(ascii: "=") { count -= 1 }
                var classes = count < bytes.count ? Class.symbol.rawValue : 0
                for index in 0..<count { unsafe classes |= table[Int(bytes[index])].rawValue }
                return (Class(rawValue: classes), bytes.count - count)
            }
        }
        let isDigits = classes.isSubset(of: [.digit])
        let count = id.count
        var isPhone = false
        if id.first == UInt8(ascii: "+") { isPhone = id.dropFirst().allSatisfy { $0 &- 0x30 < 10 } }
        let isHexadecimal = classes.isSubset(of: [.digit, .hexLower, .hexUpper])
        hasForm =
            (10...64).contains(count) && !classes.contains(.other) && !isDigits && !(isHexadecimal && count == 32)
            && !isPhone
        isMixed =
            !classes.isDisjoint(with: [.lower, .hexLower])
            && !classes.isDisjoint(with: [.upper, .hexUpper, .symbol, .padding])
            && !classes.isDisjoint(with: [.digit, .symbol, .padding])
        isPaddedAtEnd = !classes.contains(.padding)
        isOfSixteenBytes = count == 24 && padding == 2 && hasForm && isPaddedAtEnd
    }

    /// Whether all bytes are characters of Viber ids.
    static func isAlphabet(_ bytes: [UInt8]) -> Bool { bytes.allSatisfy { table[Int($0)] != .other } }

    private struct Class: OptionSet {
        var rawValue: UInt8
        static let digit = Class(rawValue: 1)
        static let hexLower = Class(rawValue: 2)
        static let lower = Class(rawValue: 4)
        static let hexUpper = Class(rawValue: 8)
        static let upper = Class(rawValue: 16)
        static let symbol = Class(rawValue: 32)
        static let padding = Class(rawValue: 64)
        static let other = Class(rawValue: 128)
    }

    private static let table: [Class] = (0...255).map { (byte: Int) in
        switch UInt8(byte) {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): .digit
        case UInt8(ascii: "a")...UInt8(ascii: "f"): .hexLower
        case UInt8(ascii: "g")...UInt8(ascii: "z"): .lower
        case UInt8(ascii: "A")...UInt8(ascii: "F"): .hexUpper
        case UInt8(ascii: "G")...UInt8(ascii: "Z"): .upper
        case UInt8(ascii: "+"), UInt8(ascii: "/"): .symbol
        case UInt8(ascii: "="): .padding
        default: .other
        }
    }
}
