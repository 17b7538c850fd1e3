/// The blanks that may stand around an id in a cell: ASCII space and TAB. Others belong to the id.
enum Blanks {
    static func trim(_ cell: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var start = cell.startIndex
        var end = cell.endIndex
        while start < end, isBlank(cell[start]) { start += 1 }
        while end > start, isBlank(cell[end - 1]) { end -= 1 }
        return cell[start..<end]
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}
