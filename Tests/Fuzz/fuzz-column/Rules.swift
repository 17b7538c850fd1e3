@testable import Subscribers

/// A simple implementation of the rules by which the id column is chosen.
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
        var found: [(table: Tables.Table, index: Int)] = []
        for table in filled {
            let right = Self.candidates(table).filter { Self.looksRight(table, $0) }
            guard let best = right.map({ Self.rank(table.names[$0]) ?? 99 }).min() else { continue }
            let same = table.names.indices.filter { Self.rank(table.names[$0]) == best }
            let isAlone = table.names.indices.allSatisfy {
                $0 == same[0] || !Self.isRival(Column(table, $0), of: Column(table, same[0]), mostRank: best - 1)
            }
            if same.count > 1 || !isAlone { return }
            found.append((table, same[0]))
        }
        if found.count == 1, let (chosen, index) = found.first {
            let best = Self.rank(chosen.names[index]) ?? 99
            for table in all where table.name != chosen.name {
                for other in table.names.indices {
                    if Self.isRival(Column(table, other), of: Column(chosen, index), mostRank: best) { return }
                }
            }
            choice = .chosen(table: chosen.name, index: index)
        }
        if found.isEmpty, all.count == 1, all[0].names.count == 1 { choice = .chosen(table: all[0].name, index: 0) }
    }

    /// Whether another column may hold the ids: its cells are 16 bytes and those of the chosen column are not, or half
    /// of its cells are ids and its name is known.
    private static func isRival(_ other: Column, of chosen: Column, mostRank: Int) -> Bool {
        if other.isOfSixteenBytes, !chosen.isOfSixteenBytes { return true }
        guard let rank = rank(other.name), rank <= mostRank else { return false }
        return !other.cells.isEmpty && other.formed.count * 2 >= other.cells.count && other.isMixed
    }

    private static func rank(_ name: String) -> Int? {
        let text = String(decoding: IDWhitespace.removed(from: Array(name.utf8)[...]), as: UTF8.self)
        return known.firstIndex(
            of: String(text.filter { !"_- \t".contains($0) }.map { $0.isASCII ? Character($0.lowercased()) : $0 }))
    }

    private static func candidates(_ table: Tables.Table) -> [Int] {
        table.names.indices.filter { rank(table.names[$0]) != nil }
    }

    /// Whether nine tenths of the first thousand cells have the form of an id, and half of these have mixed letters.
    private static func looksRight(_ table: Tables.Table, _ index: Int) -> Bool {
        let column = Column(table, index)
        return !column.cells.isEmpty && column.formed.count * 10 >= column.cells.count * 9 && column.isMixed
    }

    /// The name of a column, and its first thousand cells that are not blank.
    private struct Column {
        let name: String
        let cells: [[UInt8]]
        let formed: [[UInt8]]

        init(_ table: Tables.Table, _ index: Int) {
            name = table.names[index]
            let all = table.rows.prefix(10_000).compactMap { row in
                row.count > index ? Array(IDWhitespace.trim(row[index][...])) : nil
            }
            cells = Array(all.filter { !$0.isEmpty }.prefix(1_000))
            formed = cells.filter(hasForm)
        }

        /// Whether half of the ids have a small letter, a capital or a sign, and a digit or a sign.
        var isMixed: Bool {
            let mixed = formed.filter { cell in
                let text = cell.map { Character(Unicode.Scalar($0)) }
                return text.contains { $0.isLowercase } && text.contains { $0.isUppercase || "+/=".contains($0) }
                    && text.contains { $0.isNumber || "+/=".contains($0) }
            }
            return mixed.count * 2 >= formed.count
        }

        var isOfSixteenBytes: Bool {
            let right = formed.filter {
                $0.count == 24 && $0.firstIndex(of: UInt8(ascii: "=")) == 22 && $0[23] == $0[22]
            }
            return !cells.isEmpty && right.count * 10 >= cells.count * 9
        }
    }

    private static func hasForm(_ cell: [UInt8]) -> Bool {
        guard (10...64).contains(cell.count), cell.allSatisfy({ $0 < 0x80 }) else { return false }
        let text = cell.map { Character(Unicode.Scalar($0)) }
        guard text.allSatisfy({ $0.isLetter || $0.isNumber || "+/=".contains($0) }) else { return false }
        if text.allSatisfy(\.isNumber) || (text[0] == "+" && text.dropFirst().allSatisfy(\.isNumber)) { return false }
        return !(text.count == 32 && text.allSatisfy(\.isHexDigit))
    }
}
