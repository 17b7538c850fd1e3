import Formats
import FuzzKit
import Model

@testable import ViberAPI

/// The input is the seed of a generator of a hundred answers and of changes to them. Such bodies are nearly
/// well-formed, which random bytes almost never are.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var bodies = Bodies(seed: FNV1a.hash(bytes(start, count)))
    for _ in 0..<100 { bodies.check() }
    return 0
}

struct Bodies {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// Checks that the scanner reads a well-formed answer, with the same result as the decoder, and that it reads a
    /// changed answer with the same result or leaves it to the decoder.
    mutating func check() {
        var body = answer()
        guard let whole = ResponseScanner.users(in: body, maxUsers: 1_100) else { broken("not scanned: \(text(body))") }
        compare(whole, body)
        for _ in 0...below(2) {
            let start = below(body.count + 1)
            let end = min(body.count, start + below(3))
            body.replaceSubrange(start..<end, with: Self.pieces[below(Self.pieces.count)])
        }
        if let users = ResponseScanner.users(in: body, maxUsers: 1_100) { compare(users, body) }
    }

    private func compare(_ users: [BatchReply.User], _ body: [UInt8]) {
        guard let response = try? GetOnlineResponse.decode(body, ids: 100), response.status == 0, response.users != nil
        else {
            broken("scanned, but the decoder refuses it: \(text(body))")
        }
        let decoded = response.reply(at: Timestamp(milliseconds: 0)).users
        expect(users == decoded, "scanned as \(users), decoded as \(decoded): \(text(body))")
    }

    /// An answer as Viber sends it, on one line or with white space between.
    private mutating func answer() -> [UInt8] {
        let comma = [",", ", ", ",\n  "][below(3)]
        let users = (0..<below(4)).map { _ in user(comma) }.joined(separator: comma)
        return Array("{\"status\":0\(comma)\"status_message\":\"ok\"\(comma)\"users\":[\(users)]}".utf8)
    }

    private mutating func user(_ comma: String) -> String {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=")
        let id = String((0..<below(30)).map { _ in letters[below(letters.count)] })
        let number = [0, 1, 2, 3, 4, 5, 99][below(7)]
        let name = below(8) == 0 ? "another" : OnlineStatus(rawValue: Int64(number)).name
        let last = below(3) == 0 ? "" : "\(comma)\"last_online\":\([0, 1_457_764_197_627, below(1 << 40)][below(3)])"
        let status = "\"online_status\":\(number)\(comma)\"online_status_message\":\"\(name)\""
        return "{\"id\":\"\(id)\"\(comma)\(status)\(last)}"
    }

    private static let pieces = [
        "", "\"", "\\", "{", "}", "[", "]", ",", ":", "0", "1", "-", ".", "e", " ", "\n", "\u{0}", "\u{7f}", "é",
        "null",
        "\"id\":\"a\"", "\"online_status\":3", "\\u0041", "\\\"", "\"status\":1",
        "99999999999999999999", "\u{2028}", "/",
    ].map { Array($0.utf8) }

    private func text(_ body: [UInt8]) -> String { String(decoding: body, as: UTF8.self).debugDescription }

    /// A random number from 0 to less than `limit`. (SplitMix64; Steele, Lea, Flood 2014.)
    private mutating func below(_ limit: Int) -> Int {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return Int((mixed ^ mixed >> 31) % UInt64(limit))
    }
}
