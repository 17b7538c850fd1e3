import Model
import Subscribers
import Testing

/// Lists that start like another file format.
@Suite struct FileFormatListTests {
    /// An id is base64, so it may start with any letters and digits. No id may be lost and no list refused for it.
    @Test(arguments: [
        "PK", "PK34", "PK56", "BZh1", "BZh9", "BZh91AY", "BZh91AYS", "Obj1", "MZ", "MZ90", "LZIP", "GIF8", "GIF87a",
        "GIF89a",
        "PAR1", "PARE", "Rar", "RarArchive", "PGDMP", "ustar", "PDF", "SQLite", "SQLiteformat3", "RIFF", "BM", "ELF",
        "7z",
        "7zXZ", "SET", "USE", "BEGIN", "COPY", "INSERT", "CREATE", "DROP", "ERROR", "ERROR1045", "HTTP/1", "HTTP/2",
        "psql",
        "pgdump", "ORA", "begin", "sep", "SEP", "+", "++", "+/", "/", "//", "/x",
        "0", "00", "1F8B", "null", "NULL", "id", "ID", "receiver", "true", "nan", "inf", "1e5", "age", "version",
        "html", "json",
    ])
    func `an id may begin with any letters`(_ beginning: String) throws {
        // Ids that end with == have 22 characters before it.
        let first =
            beginning
            + String("CUwux1tEyze1iN7LgKq".dropFirst(max(beginning.count - 3, 0)).prefix(22 - beginning.count)) + "=="
        for end in ["\n", "\r\n"] {
            let spooled = try Spooled(csv: first + end + lines(12, end) { RealFormIDs.id($0) })
            #expect(spooled.ids == [Array(first.utf8)] + RealFormIDs.first(12))
            #expect(spooled.warnings.isEmpty, "\(spooled.warnings)")
            #expect(spooled.source.column == "1")
        }
    }

    /// A header may consist of any words.
    @Test(arguments: [
        "use case,viber_id", "copy,viber_id", "error rate,viber_id", "set names,viber_id", "create table,viber_id",
        "create view,viber_id", "insert into,viber_id", "alter table,viber_id", "begin,viber_id",
        "begin transaction,viber_id",
        "start,viber_id", "#,viber_id", "# id,viber_id", "--,viber_id", "error,viber_id",
        "error: text,viber_id", "http/1,viber_id", "psql,viber_id", "pragma,viber_id", "copy from stdin,viber_id",
        "lock tables,viber_id", "a:1,viber_id", "version,viber_id", "+,viber_id", "*,viber_id", "-,viber_id",
        "%,viber_id",
        "@,viber_id", "&,viber_id", "~,viber_id", "PK,viber_id", "GIF8,viber_id", "PAR1,viber_id", "sep,viber_id",
        "Obj,viber_id", "MZ,viber_id", "BZh9,viber_id", "ora-cle,viber_id", "[n],viber_id",
        "(n),viber_id",
        "n'1,viber_id", "use it;viber_id", "begin ;viber_id", "drop table\tviber_id",
    ])
    func `a header may begin with any words`(_ header: String) throws {
        let delimiter = header.first { ",;\t".contains($0) }.map(String.init) ?? ","
        let spooled = try Spooled(csv: header + "\n" + lines(12) { "a\(delimiter)\(RealFormIDs.id($0))" })
        #expect(spooled.ids == RealFormIDs.first(12))
        #expect(spooled.source.column == "viber_id")
    }

    /// A line of dashes is a rule of a drawn table only if it cannot be read as anything else.
    @Test(arguments: [
        "viber_id\tname\n-\t-\n", "viber_id|name\n-|-\n", "viber_id,name\n-,-\n", "viber_id;name\n--;--\n",
    ])
    func `dashes for empty values are cells`(_ head: String) throws {
        let delimiter = String(head.dropFirst("viber_id".count).prefix(1))
        let spooled = try Spooled(csv: head + lines(12) { "\(RealFormIDs.id($0))\(delimiter)Ann" })
        #expect(spooled.ids.suffix(12) == RealFormIDs.first(12)[...])
    }

    /// A tar archive has its signature at byte 257; a list may have a name or an id there.
    @Test func `a word in the middle is not an archive`() throws {
        let head = "viber_id,name\n" + lines(8) { "\(RealFormIDs.id($0)),n" }
        let text =
            head + "\(RealFormIDs.id(9)),M" + String(repeating: "u", count: 257 - head.utf8.count - 26) + "ustarenko\n"
        #expect(Array(text.utf8.dropFirst(257).prefix(5)) == Array("ustar".utf8))
        #expect(try Spooled(csv: text).ids == RealFormIDs.first(9))

        let ids = lines(10) { RealFormIDs.id($0) } + "AbCdEfG" + "ustar" + "HiJkLmNoPq==\n"
        #expect(Array(ids.utf8.dropFirst(257).prefix(5)) == Array("ustar".utf8))
        #expect(try Spooled(csv: ids).ids.count == 11)
    }

    /// Any 16 bytes may be an id, so no first line of base64 is recognised as another format.
    @Test func `no random id is recognised as a format`() {
        for number in 1...5_000 {
            let list = RealFormIDs.id(number) + "\n" + RealFormIDs.id(number + 1) + "\n"
            #expect(FileFormat(head: Array(list.utf8)[...]) == nil)
        }
    }
}
