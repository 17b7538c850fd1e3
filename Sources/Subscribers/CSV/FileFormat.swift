/// A file that is not a list, recognised by its first bytes or lines.
package enum FileFormat: String, Sendable, CaseIterable {
    case zip, spreadsheet, oldSpreadsheet, gzip, zstd, xz, bzip2, lz4, compress, sevenZip, rar, tar
    case pdf, richText, parquet, avro, image, executable
    case pgp, age, armor
    case html, xml, json, sqlDump, databaseError, httpResponse, gitLFS, drawnTable, pythonList, php
    case vCard, keyedText, settings, sourceCode, quotedRows

    /// Recognises the format of a file or of a decompressed file; nil if it may be a list.
    ///
    /// - Parameter head: its first bytes, at least 512 unless it is shorter.
    package init?(head: ArraySlice<UInt8>) {
        let signature = Self.signatures.first { head.starts(with: $0.bytes) && Self.isCertain($0.bytes, head) }
        if let format = signature?.format {
            self = format == .zip && Self.isSpreadsheet(head) ? .spreadsheet : format
        } else if head.dropFirst(257).starts(with: "ustar".utf8), head.prefix(257).contains(0) {
            self = .tar
        } else if let format = TextFormat(head).format {
            self = format
        } else {
            return nil
        }
    }

    private static let signatures: [(bytes: [UInt8], format: FileFormat)] = fixed + variable

    /// Signatures with fixed bytes.
    private static let fixed: [(bytes: [UInt8], format: FileFormat)] = [
        (Array("PK\u{3}\u{4}".utf8), .zip), (Array("PK\u{5}\u{6}".utf8), .zip), (Array("PK\u{7}\u{8}".utf8), .zip),
        ([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], .oldSpreadsheet),
        ([0x1F, 0x8B], .gzip), ([0x28, 0xB5, 0x2F, 0xFD], .zstd), ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], .xz),
        ([0x5D, 0, 0], .xz), (Array("LZIP".utf8), .xz), ([0x04, 0x22, 0x4D, 0x18], .lz4),
        ([0x02, 0x21, 0x4C, 0x18], .lz4),
        ([0x1F, 0x9D], .compress), ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], .sevenZip), (Array("Rar!".utf8), .rar),
        (Array("%PDF-".utf8), .pdf), (Array("{\\rtf".utf8), .richText), (Array("PAR1".utf8), .parquet),
        (Array("Obj\u{1}".utf8), .avro), ([0x89, 0x50, 0x4E, 0x47], .image), ([0xFF, 0xD8, 0xFF], .image),
        (Array("GIF8".utf8), .image), ([0x7F, 0x45, 0x4C, 0x46], .executable), ([0x4D, 0x5A, 0x90, 0], .executable),
        (Array("age-encryption.org/".utf8), .age), (Array("PGDMP".utf8), .sqlDump),
    ]

    /// Signatures with a variable byte: bzip2's level (before its first block or its end), and zstd's skippable frames.
    private static let variable: [(bytes: [UInt8], format: FileFormat)] = {
        var all: [(bytes: [UInt8], format: FileFormat)] = []
        for level in UInt8(ascii: "1")...UInt8(ascii: "9") {
            for next: [UInt8] in [[0x31, 0x41, 0x59, 0x26], [0x17, 0x72, 0x45, 0x38]] {
                all.append((Array("BZh".utf8) + [level] + next, .bzip2))
            }
        }
        for frame: UInt8 in 0x50...0x5F { all.append(([frame, 0x2A, 0x4D, 0x18], .zstd)) }
        return all
    }()

    /// Whether a signature has bytes that no id has, or is followed by control characters, which no text has: an id in
    /// the first line of a list without a header may start with `PAR1`.
    private static func isCertain(_ signature: [UInt8], _ head: ArraySlice<UInt8>) -> Bool {
        guard IDForm.isAlphabet(signature) else { return true }
        return head.prefix(64).contains { $0 < 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }
    }

    /// Whether a zip archive has members that only spreadsheets have.
    private static func isSpreadsheet(_ head: ArraySlice<UInt8>) -> Bool {
        let text = String(decoding: head.prefix(4_096), as: UTF8.self)
        // Other Office documents contain the first name too.
        if text.contains("word/") || text.contains("ppt/") { return false }
        return ["[Content_Types].xml", "xl/", "application/vnd.oasis.opendocument.spreadsheet"]
            .contains { text.contains($0) }
    }
}

extension FileFormat {
    /// What the file is and how to make a list of it: the rest of a sentence that starts with the file's name.
    var advice: String {
        switch self {
        case .zip: "is a zip archive; unpack the list from it: unzip -p FILE | viber-rollcall -"
        case .spreadsheet, .oldSpreadsheet: "is a spreadsheet file; save the sheet as CSV (UTF-8)"
        case .gzip: "is compressed by gzip twice; decompress it once: gzip -dc FILE | viber-rollcall -"
        case .zstd: "is compressed by zstd; decompress it: zstd -dc FILE | viber-rollcall -"
        case .xz: "is compressed by xz; decompress it: xz -dc FILE | viber-rollcall -"
        case .bzip2: "is compressed by bzip2; decompress it: bzip2 -dc FILE | viber-rollcall -"
        case .lz4: "is compressed by lz4; decompress it: lz4 -dc FILE | viber-rollcall -"
        case .compress: "is compressed by compress (.Z); decompress it: gzip -dc FILE | viber-rollcall -"
        case .sevenZip: "is a 7z archive; unpack the list from it: 7z x FILE"
        case .rar: "is a rar archive; unpack the list from it: unrar x FILE"
        case .tar: "is a tar archive; unpack the list from it: tar -xf FILE"
        case .pdf: "is a PDF document; export the list as CSV where the document was made"
        case .richText: "is a rich text document; save it as plain text, one id on a line"
        case .parquet: "is a Parquet file; export it as CSV, for example with duckdb"
        case .avro: "is an Avro file; export it as CSV"
        case .image: "is a picture"
        case .executable: "is a program"
        case .pgp: "is encrypted or signed by PGP; decrypt it: gpg -d FILE | viber-rollcall -"
        case .age: "is encrypted by age; decrypt it: age -d FILE | viber-rollcall -"
        case .armor: "is an encoded file (-----BEGIN …, or uuencode), not the list itself; decode it first"
        case .html:
            "is a web page; a download that needed a login looks like this (curl -f fails instead of saving such a "
                + "page)"
        case .xml: "is XML; export the list as CSV"
        case .json:
            "is JSON; make a list of it, for example: jq -r '.[]' FILE | viber-rollcall - (or jq -r '.[].viber_id')"
        case .sqlDump: "is a dump of SQL statements; load it into a database and export the ids as CSV"
        case .databaseError:
            "begins with a message of a database program; the export failed, or 2>&1 put its messages into the file"
        case .httpResponse: "begins with an HTTP response head; save the body only (curl without -i)"
        case .gitLFS: "is a Git LFS pointer, not the file itself: git lfs pull"
        case .drawnTable:
            "is a table drawn for a terminal; export it as CSV (mysql --batch, psql --csv, sqlite3 -csv)"
        case .pythonList: "is a list written by a program (['…', '…'] or {…}); write one id on a line instead"
        case .php: "is PHP; write one id on a line instead"
        case .vCard: "is a file of contacts (vCard), which holds no Viber ids"
        case .keyedText: "is YAML or other text of names and values (name: value); write one id on a line instead"
        case .settings: "is a file of settings (NAME=value); write one id on a line instead"
        case .sourceCode: "is the source of a program; write one id on a line instead"
        case .quotedRows:
            "has each row in one pair of quotes, so that a row is one cell; split the cells into columns (in a "
                + "spreadsheet: Data, Text to Columns) and save the list as CSV again"
        }
    }
}
