import Subscribers
import Testing

/// Files that are not lists, recognised by their beginning, uncompressed and inside gzip.
@Suite struct FileFormatTests {
    struct Head: Sendable, CustomTestStringConvertible {
        var format: FileFormat
        var bytes: [UInt8]

        var testDescription: String {
            "\(format) "
                + bytes.prefix(40).map { (0x20..<0x7F).contains($0) ? String(UnicodeScalar($0)) : "." }.joined()
        }

        init(_ format: FileFormat, _ bytes: [UInt8]) {
            self.format = format
            self.bytes = bytes
        }

        init(_ format: FileFormat, _ text: String) { self.init(format, Array(text.utf8)) }
    }

    /// The bytes after a signature: all byte values, and a list as in archives without compression.
    private static let rest =
        [UInt8](0...255) + Array("\nid\npU3KGCUwux1tEyze1iN7Lg==\n2R4/ch/LGXEXRJTWSTydXA==\n".utf8)

    private static func member(_ name: String) -> [UInt8] {
        Array("PK\u{3}\u{4}".utf8) + [20, 0, 0, 0, 0, 0] + [UInt8](repeating: 0, count: 16) + [
            UInt8(name.utf8.count), 0, 0, 0,
        ]
            + Array(name.utf8) + rest
    }

    private static let tar: [UInt8] = {
        var block = Array("list.csv".utf8) + [UInt8](repeating: 0, count: 504)
        block.replaceSubrange(100..<108, with: Array("0000644\0".utf8))
        block.replaceSubrange(257..<265, with: Array("ustar\u{0}00".utf8))
        return block + Array("id\npU3KGCUwux1tEyze1iN7Lg==\n".utf8)
    }()

    @Test(arguments: [
        Head(.zip, member("list.csv")), Head(.zip, Array("PK\u{5}\u{6}".utf8) + [UInt8](repeating: 0, count: 18)),
        Head(.zip, Array("PK\u{7}\u{8}".utf8) + member("list.csv")),
        Head(.spreadsheet, member("[Content_Types].xml")), Head(.spreadsheet, member("xl/workbook.xml")),
        Head(.spreadsheet, member("mimetype") + Array("application/vnd.oasis.opendocument.spreadsheet".utf8)),
        Head(.oldSpreadsheet, [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1] + rest),
        Head(.zstd, [0x28, 0xB5, 0x2F, 0xFD, 0x24, 0x4B] + rest),
        Head(.zstd, [0x50, 0x2A, 0x4D, 0x18, 4, 0, 0, 0] + rest),
        Head(.xz, [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0, 0, 4] + rest), Head(.xz, [0x5D, 0, 0, 0x80, 0] + rest),
        Head(.xz, Array("LZIP".utf8) + [1, 0x0C] + rest), Head(.bzip2, Array("BZh91AY&SY".utf8) + rest),
        Head(.bzip2, Array("BZh11AY&SY".utf8) + rest), Head(.lz4, [0x04, 0x22, 0x4D, 0x18, 0x64, 0x40] + rest),
        Head(.compress, [0x1F, 0x9D, 0x90] + rest), Head(.sevenZip, [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C, 0, 4] + rest),
        Head(.rar, Array("Rar!\u{1A}\u{7}\u{1}\0".utf8) + rest), Head(.tar, tar),
        Head(.pdf, "%PDF-1.7\n1 0 obj\nendobj\npU3KGCUwux1tEyze1iN7Lg==\n"),
        Head(.richText, "{\\rtf1\\ansi\\deff0 {\\fonttbl {\\f0 Arial;}}\npU3KGCUwux1tEyze1iN7Lg==\\par\n}"),
        Head(.parquet, Array("PAR1".utf8) + [0x15, 0x04, 0x15, 0x30] + rest),
        Head(.avro, Array("Obj\u{1}".utf8) + [4, 0x14] + rest),
        Head(.image, [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 0x0D] + rest),
        Head(.image, [0xFF, 0xD8, 0xFF, 0xE0, 0, 0x10] + rest),
        Head(.image, Array("GIF89a".utf8) + [1, 0, 1, 0] + rest),
        Head(.executable, [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0] + rest),
        Head(.executable, Array("MZ".utf8) + [0x90, 0, 3, 0, 0, 0] + rest),
        Head(.pgp, "-----BEGIN PGP MESSAGE-----\n\nhQEMA1+x0vWcGCM1AQf/\n-----END PGP MESSAGE-----\n"),
        Head(.pgp, "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\nid\npU3KGCUwux1tEyze1iN7Lg==\n"),
        Head(.age, "age-encryption.org/v1\n-> X25519 TEiF0ypqr+bpvcqXNyCVJpL7OuwPdVwPL7KQEbFDOCc\n"),
        // Its lines of 64 characters look like Viber ids.
        Head(
            .age,
            "-----BEGIN AGE ENCRYPTED FILE-----\n"
                + String(repeating: "YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSBURWlGMHlwcXIrYnB2Y3FY\n", count: 20)
                + "-----END AGE ENCRYPTED FILE-----\n"),
        Head(.html, "<!DOCTYPE html>\n<html><head><title>Log in</title>"),
        Head(.html, "\u{FEFF}\n  <HTML lang=uk>\n<body>"),
        Head(.html, "<!-- page -->\n<html>"), Head(.xml, "<?xml version=\"1.0\"?>\n<users><id>1</id></users>"),
        Head(.xml, "<users>\n<id>pU3KGCUwux1tEyze1iN7Lg==</id>"), Head(.xml, "<b>Warning</b>:  mysqli_connect()"),
        Head(.json, "[\n  \"pU3KGCUwux1tEyze1iN7Lg==\",\n"), Head(.json, "[\"pU3KGCUwux1tEyze1iN7Lg==\",\"2R4\"]"),
        Head(.json, "{\"id\":\"pU3KGCUwux1tEyze1iN7Lg==\"}\n{\"id\":\"2R4\"}\n"),
        Head(.json, "\u{FEFF} [ {\n\"viber_id\": 1"),
        Head(.json, "[]"), Head(.json, "[1, 2]"), Head(.json, "[\r\n\t{\r\n\t\t\"id\": 1"),
        Head(.pythonList, "['pU3KGCUwux1tEyze1iN7Lg==', '2R4/ch/LGXEXRJTWSTydXA==']"),
        Head(.pythonList, "[\n    'pU3KGCUwux1tEyze1iN7Lg==',\n"), Head(.php, "<?php\nreturn ['a'];"),
        Head(.php, "a:2:{i:0;s:24:\"pU3KGCUwux1tEyze1iN7Lg==\";i:1;s:1:\"b\";}"),
        Head(.pythonList, "{'id': 1}\n{'id': 2}\n"), Head(.pythonList, "{pU3KGCUwux1tEyze1iN7Lg==,2R4}"),
        Head(.vCard, "BEGIN:VCARD\nVERSION:3.0\nFN:Marker\n"),
        Head(.keyedText, "---\n- pU3KGCUwux1tEyze1iN7Lg==\n- 2R4/ch/LGXEXRJTWSTydXA==\n"),
        Head(.keyedText, "subscribers:\n  - viber_id: pU3KGCUwux1tEyze1iN7Lg==\n    name: Marker\n"),
        Head(.keyedText, "From: Marker\nSubject: list\nTo: bot\n"),
        Head(.settings, "# bot\nVIBER_AUTH_TOKEN=4a5b\nADMIN=pU3KGCUwux1tEyze1iN7Lg==\nexport X=1\n"),
        Head(.settings, "      id = 1\nviber_id = pU3KGCUwux1tEyze1iN7Lg==\n\n      id = 2\nviber_id = 2R4\n"),
        Head(.settings, "[bot]\nadmin = x\n"), Head(.settings, "[[users]]\nid = \"pU3KGCUwux1tEyze1iN7Lg==\"\n"),
        Head(.sourceCode, "module.exports = [\n'pU3KGCUwux1tEyze1iN7Lg==',\n"),
        Head(.sourceCode, "const ids = ['pU3KGCUwux1tEyze1iN7Lg=='];\n"),
        Head(.quotedRows, "\"id,viber_id,name\"\n\"1,pU3KGCUwux1tEyze1iN7Lg==,Marker\"\n"),
        Head(.gitLFS, "version https://git-lfs.github.com/spec/v1\noid sha256:abab\nsize 12\n"),
        Head(.httpResponse, "HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\n\r\nid\r\n"),
        Head(.httpResponse, "HTTP/2 302 \nlocation: /"),
        Head(.databaseError, "ERROR 1045 (28000): Access denied for user 'bot'@'localhost' (using password: YES)\n"),
        Head(.databaseError, "ERROR 2002 (HY000): Can't connect to local MySQL server through socket\n"),
        Head(.databaseError, "ERROR:  relation \"users\" does not exist\nLINE 1: SELECT\n"),
        Head(.databaseError, "psql: error: connection to server on socket failed\n"),
        Head(.databaseError, "mysql: [Warning] Using a password on the command line interface can be insecure.\nid\n"),
        Head(.databaseError, "mysqldump: Got error: 1045: Access denied\n"),
        Head(.databaseError, "pg_dump: error: no\n"),
        Head(.databaseError, "Error: near line 1: no such table: users\n"),
        Head(.databaseError, "Error: in prepare, no such table: users\n"),
        Head(.databaseError, "Parse error near line 1: no such table: users\n"),
        Head(.databaseError, "ORA-01017: invalid username/password; logon denied\n"),
    ])
    func `a format is recognised by its beginning`(_ head: Head) {
        #expect(FileFormat(head: head.bytes[...]) == head.format)
        let expected = SourceError.notAList(head.format, name: "list.csv")
        #expect(throws: expected) { try Spooled(csv: head.bytes) }
        #expect(throws: expected) { try Spooled(csv: gzipped(head.bytes)) }
        // A longer head gives the same format.
        #expect(FileFormat(head: (head.bytes + [UInt8](repeating: 0x41, count: 70_000))[...]) == head.format)
    }

    @Test func `gzip inside gzip is recognised`() {
        let twice = gzipped(gzipped(Array("id\npU3KGCUwux1tEyze1iN7Lg==\n".utf8)))
        #expect(throws: SourceError.notAList(.gzip, name: "list.csv")) { try Spooled(csv: twice) }
    }

    /// Base64 in lines of 64 characters looks like Viber ids; the line above it identifies it.
    @Test(arguments: ["CERTIFICATE", "PKCS7", "OPENSSH PRIVATE KEY", "ENCRYPTED MESSAGE", "PGP MESSAGE"])
    func `armour is not a list`(_ what: String) {
        let line = String(repeating: "YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+", count: 2) + "\n"
        let text = "-----BEGIN \(what)-----\n" + String(repeating: line, count: 20) + "-----END \(what)-----\n"
        #expect(throws: SourceError.self) { try Spooled(csv: text) }
    }

    /// Lists that start like those formats.
    @Test(arguments: [
        "pU3KGCUwux1tEyze1iN7Lg==\n2R4/ch/LGXEXRJTWSTydXA==\n", "abcdefGHIJK1=\nabcdefGHIJK2=\n",
        "pa:75\npa:76\n", "constant,viber_id\n1,pU3KGCUwux1tEyze1iN7Lg==\n",
        "viber_id\n---\npU3KGCUwux1tEyze1iN7Lg==\n2R4/ch/LGXEXRJTWSTydXA==\n", "note: id,viber_id\na: 1,2\nb: 2,3\n",
        "\"viber_id\"\n\"pU3KGCUwux1tEyze1iN7Lg==\"\n", "\"id\",\"viber_id\"\n",
    ])
    func `these are lists`(_ text: String) {
        let format = FileFormat(head: Array(text.utf8)[...])
        #expect(format == nil || format == .drawnTable)
    }

    /// The message explains how to make a list of it.
    @Test(arguments: FileFormat.allCases)
    func `the message names the file`(_ format: FileFormat) {
        let message = SourceError.notAList(format, name: "list.csv").description
        #expect(message.hasPrefix("list.csv "))
        #expect(!message.contains("FILE"))
        #expect(message.count > "list.csv is a picture".count - 1)
    }

    /// A gzip member without compression, made by hand.
    private func gzipped(_ bytes: [UInt8]) -> [UInt8] {
        var member: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF]
        let size = UInt16(bytes.count)
        member.append(1)
        for word in [size, ~size] { member += [UInt8(word & 255), UInt8(word >> 8)] }
        member += bytes
        for word in [crc32(bytes), UInt32(bytes.count)] {
            member += (0..<4).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) }
        }
        return member
    }

    private func crc32(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~0) { crc, byte in
            (0..<8).reduce(crc ^ UInt32(byte)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
        }
    }
}
