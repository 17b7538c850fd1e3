/// What the first cells of a column contain.
struct ColumnProfile: Sendable {
    /// The number of cells examined that are neither blank nor null; at most `cellLimit`.
    private(set) var cells = 0
    private var kinds = [Int](repeating: 0, count: CellKind.allCases.count)
    private var mixed = 0
    private var ofSixteenBytes = 0
    /// The line of the first cell that is not a Viber id.
    private(set) var firstOtherLine: Int?

    /// Maximum cells to examine.
    static let cellLimit = 1_000
    /// Maximum rows to examine.
    static let rowLimit = 10_000

    var isFull: Bool { cells >= Self.cellLimit }

    mutating func add(_ cell: SourceCell, line: Int) {
        guard !isFull else { return }
        switch cell {
        case .text(let value):
            let text = IDWhitespace.trim(value)
            guard !text.isEmpty else { return }
            let form = IDForm(text)
            if form.isOfSixteenBytes { ofSixteenBytes += 1 }
            add(CellKind(text, form), isMixed: form.isMixed, line: line)
        case .number: add(.wholeNumber, isMixed: false, line: line)
        case .blob: add(.blob, isMixed: false, line: line)
        case .unusable(.blank, _), .unusable(.null, _), .unusable(.missingField, _), .unusable(.repeatedHeader, _):
            break
        case .unusable: add(.otherText, isMixed: false, line: line)
        }
    }

    mutating func add(_ kind: CellKind, isMixed: Bool, line: Int) {
        guard !isFull else { return }
        cells += 1
        kinds[kind.rawValue] += 1
        if kind.hasForm {
            if isMixed { mixed += 1 }
        } else if firstOtherLine == nil {
            firstOtherLine = line
        }
    }

    /// Cells in the form of a Viber id.
    private var formed: Int { kinds[CellKind.viberID.rawValue] + kinds[CellKind.joinedIDs.rawValue] }

    /// Cells in another form.
    var others: Int { cells - formed }

    /// Whether nine tenths of the cells have the form of a Viber id, and half of those mix letters as base64 does.
    var looksLikeViberIDs: Bool { cells > 0 && formed * 10 >= cells * 9 && mixed * 2 >= formed }

    /// Whether nine tenths of the cells are 16 bytes in base64, as nearly all of Viber's ids are.
    var isOfSixteenBytes: Bool { cells > 0 && ofSixteenBytes * 10 >= cells * 9 }

    /// Whether half of the cells have the form of a Viber id: too few to choose the column, too many to ignore it.
    var containsViberIDs: Bool { cells > 0 && formed * 2 >= cells && mixed * 2 >= formed }

    /// What the column contains, as in "holds whole numbers".
    var content: String {
        guard cells > 0 else { return "no values" }
        if looksLikeViberIDs { return CellKind.viberID.plural }
        if formed * 10 >= cells * 9 { return "ids of another kind (such as ObjectIds, ULIDs or hashes)" }
        let most = CellKind.allCases.max { kinds[$0.rawValue] < kinds[$1.rawValue] } ?? .otherText
        guard kinds[most.rawValue] * 2 > cells, most != .viberID else { return "text of several kinds" }
        return most.plural
    }

    /// Whether more than half of the cells are BLOBs.
    var isMostlyBlobs: Bool { kinds[CellKind.blob.rawValue] * 2 > cells }
}

extension CellKind {
    /// Whether a cell has the characters and length of a Viber id.
    var hasForm: Bool { self == .viberID || self == .joinedIDs }
}
