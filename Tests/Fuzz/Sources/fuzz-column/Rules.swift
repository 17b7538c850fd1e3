@testable import Subscribers

/// The rules by which a column is chosen, in the plainest way.
struct Rules {
    enum Choice: Equatable {
        case chosen(table: String, index: Int)
        case refused
    }

    var choice: Choice = .refused

    private static let known = [
        "viberid", "viberuserid", "vibersubscriberid", "viberchatid", "subscriberid", "receiver", "receiverid",
        "userid", "id",
    ]

    init(_ tables: Tables) {
        let all = tables.all
        let named = all.filter { !Self.candidates($0).isEmpty }
        let filled = named.filter { !$0.rows.isEmpty }
        if filled.isEmpty, !named.isEmpty {
            let best = named.compactMap { table in Self.candidates(table).map { Self.rank(table.names[$0]) ?? 99 }.min()
            }.min()
            let matches = named.flatMap { table in
                table.names.indices.filter { Self.rank(table.names[$0]) == best }.map { (table.name, $0) }
            }
            if matches.count == 1 { choice = .chosen(table: matches[0].0, index: matches[0].1) }
            return
        }
        var found: [(String, Int)] = []
        for table in filled {
            let right = Self.candidates(table).filter { Self.looksRight(table, $0) }
            guard let best = right.map({ Self.rank(table.names[$0]) ?? 99 }).min() else { continue }
            let same = table.names.indices.filter { Self.rank(table.names[$0]) == best }
            if same.count > 1 { return }
            found.append((table.name, same[0]))
        }
        if found.count == 1 { choice = .chosen(table: found[0].0, index: found[0].1) }
        if found.isEmpty, all.count == 1, all[0].names.count == 1 { choice = .chosen(table: all[0].name, index: 0) }
    }

    private static func rank(_ name: String) -> Int? {
        let text = String(decoding: IDWhitespace.trim(Array(name.utf8)[...]), as: UTF8.self)
        return known.firstIndex(
            of: String(text.filter { !"_- \t".contains($0) }.map { $0.isASCII ? Character($0.lowercased()) : $0 }))
    }

    private static func candidates(_ table: Tables.Table) -> [Int] {
        table.names.indices.filter { rank(table.names[$0]) != nil }
    }

    /// Nine tenths of the first thousand cells in the form of an id, and half of those of mixed letters.
    private static func looksRight(_ table: Tables.Table, _ index: Int) -> Bool {
        let cells = table.rows.prefix(10_000).compactMap {
            $0.count > index ? Array(IDWhitespace.trim($0[index][...])) : nil
        }
        .filter { !$0.isEmpty }.prefix(1_000)
        let formed = cells.filter(hasForm)
        let mixed = formed.filter { cell in
            let text = cell.map { Character(Unicode.Scalar($0)) }
            return text.contains { $0.isLowercase } && text.contains { $0.isUppercase || "+/=".contains($0) }
        }
        return !cells.isEmpty && formed.count * 10 >= cells.count * 9 && mixed.count * 2 >= formed.count
    }

    private static func hasForm(_ cell: [UInt8]) -> Bool {
        guard (10...64).contains(cell.count), cell.allSatisfy({ $0 < 0x80 }) else { return false }
        let text = cell.map { Character(Unicode.Scalar($0)) }
        guard text.allSatisfy({ $0.isLetter || $0.isNumber || "+/=".contains($0) }) else { return false }
        if text.allSatisfy(\.isNumber) || (text[0] == "+" && text.dropFirst().allSatisfy(\.isNumber)) { return false }
        return !(text.count == 32 && text.allSatisfy(\.isHexDigit))
    }
}
