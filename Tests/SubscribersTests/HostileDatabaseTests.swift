import Foundation
import Model
import Subscribers
import TestSupport
import Testing

/// Databases made to do harm: they are read or refused, and nothing else happens.
@Suite(.needs("python3"), .needs("sqlite3")) struct HostileDatabaseTests {
    /// Spools a database in every way: the result is rows that are all counted, or a `SourceError`.
    private func expectRowsOrRefusal(_ path: String, _ what: String) throws {
        for adjust: (inout SourceOptions) -> Void in [{ _ in }, { $0.table = "users" }, { $0.column = "id" }] {
            do {
                let source = try Spooled(database: path, adjust).source
                #expect(source.rowsRead == source.accepted + source.rejectedTotal, "\(what)")
                #expect(source.accepted == source.unique + source.duplicates, "\(what)")
            } catch is SourceError {
                continue
            } catch {
                Issue.record("\(what): \(error)")
            }
        }
    }

    @Test func `a hostile database is read or refused`() async throws {
        try await withTemporaryDirectory { directory in
            let made = try await Tool.python(Self.maker, [directory])
            try #require(made.code == 0, "\(made.error)")
            let names = try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
            #expect(names.count > 60)
            for name in names { try expectRowsOrRefusal(directory + "/" + name, name) }
            let left = try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
            #expect(left.filter { !$0.hasSuffix("-wal") && !$0.hasSuffix("-shm") } == names)
        }
    }

    /// A view may call only harmless functions.
    @Test(arguments: ["load_extension('./x')", "rtreedepth(zeroblob(4))", "writefile('left', 'x')", "edit('x')"])
    func `a view does not call a harmful function`(_ call: String) async throws {
        let sql = "CREATE TABLE t(n); INSERT INTO t VALUES(1); CREATE VIEW v AS SELECT 'id-' || \(call) AS id FROM t;"
        try await withDatabase(sql) { path in
            #expect {
                try Spooled(database: path) { $0.table = "v" }
            } throws: { error in
                guard case SourceError.unreadableTable("v", let reason, _) = error else { return false }
                return reason.contains("unsafe use of") || reason.contains("no such function")
            }
            #expect(!FileManager.default.fileExists(atPath: "left"))
        }
    }

    /// Makes one database per line, named after what makes it hostile.
    private static let maker = #"""
        import os, sqlite3, struct, sys
        os.chdir(sys.argv[1])
        number = 0

        def made(what, *script):
            """A database with 150 users, then changed by the script as its owner could."""
            global number
            number += 1
            path = "%02d %s" % (number, what.replace("/", "-"))
            database = sqlite3.connect(path, isolation_level=None)
            database.execute("PRAGMA page_size = 512")
            database.execute("CREATE TABLE users(id TEXT, note)")
            database.execute("CREATE INDEX by_id ON users(id)")
            database.execute("BEGIN")
            for n in range(150):
                note = bytes(3000) if n % 50 == 0 else ""
                database.execute("INSERT INTO users VALUES(?, ?)", ("subscriber/%d" % n, note))
            database.execute("COMMIT")
            database.execute("PRAGMA writable_schema = ON")
            for line in script:
                database.execute(line)
            database.close()
            return path

        def patched(what, *patches):
            """The same, with bytes changed: (offset, bytes)."""
            path = made(what)
            with open(path, "r+b") as file:
                for offset, content in patches:
                    file.seek(offset)
                    file.write(content)

        # The schema, as nothing but a text editor would write it.
        for rootpage in ("0", "1", "-1", "2147483647", "99999", "NULL", "'x'", "zeroblob(9)",
                         "(SELECT rootpage FROM sqlite_schema WHERE name = 'by_id')"):
            made("users at page " + rootpage[:20], "UPDATE sqlite_schema SET rootpage = %s WHERE name = 'users'" % rootpage)
        for column in ("name", "tbl_name", "type", "sql"):
            for value in ("NULL", "''", "5", "1.5", "x'FF00FE'", "zeroblob(100000)", "char(0)", "'sqlite' || x'FF'", "'users' || char(0) || 'x'"):
                made("%s is %s" % (column, value[:18]), "CREATE TABLE extra(id INTEGER)",
                     "UPDATE sqlite_schema SET %s = %s WHERE name = 'extra'" % (column, value))
        for sql in ("CREATE TABLE users(id TEXT", "CREATE TABLE users(id TEXT AS (id) STORED)", "CREATE TABLE users(id AS (note))",
                    "CREATE TABLE users(id TEXT PRIMARY KEY) WITHOUT ROWID", "CREATE TABLE users AS SELECT 1 AS id",
                    "CREATE TABLE users(id TEXT DEFAULT (load_extension('x')), note)", "DROP TABLE users", "SELECT 1",
                    "CREATE TABLE users(id TEXT CHECK (" + "(" * 3000 + "1" + ")" * 3000 + "))",
                    "CREATE TABLE users(" + ", ".join("c%d" % n for n in range(3000)) + ", id)",
                    "CREATE TABLE users(id TEXT, id TEXT)", "CREATE VIRTUAL TABLE users USING no_such_module(id)"):
            made("users is " + sql[:40], "UPDATE sqlite_schema SET sql = '%s' WHERE name = 'users'" % sql.replace("'", "''"))
        # A name and a statement that are not text, and agree.
        named = """UPDATE sqlite_schema SET name = %s, tbl_name = %s,
                   sql = CAST('CREATE TABLE "e' || x'FF' || '"(id TEXT)' AS %s) WHERE name = 'extra'"""
        for name, kind in (("x'65FF'", "TEXT"), ("x'65FF'", "BLOB"), ("'e' || x'FF'", "TEXT"), ("'e' || x'FF'", "BLOB")):
            made("a name is %s, its statement %s" % (name, kind), "CREATE TABLE extra(id TEXT)", named % (name, name, kind))
        insert = "INSERT INTO sqlite_schema VALUES('%s', '%s', '%s', %s, '%s')"
        for kind, name, page, sql in (
                ("view", "v", 0, "CREATE VIEW v AS SELECT * FROM v"), ("view", "v", 0, "CREATE VIEW v AS SELECT id FROM w"),
                ("view", "users", 0, "CREATE VIEW users AS SELECT ''x'' AS id"), ("table", "users", 2, "CREATE TABLE users(id)"),
                ("table", "id", 2, "CREATE TABLE id(id TEXT, note)"), ("table", "sqlite_x", 2, "CREATE TABLE sqlite_x(id TEXT)"),
                ("table", "z", 3, "CREATE VIRTUAL TABLE z USING dbstat"), ("index", "i", 2, "CREATE INDEX i ON users(id)"),
                ("table", "f", 0, "CREATE VIRTUAL TABLE f USING fts3(id, tokenize=simple)"),
                ("table", "c", 0, "CREATE VIRTUAL TABLE c USING csv(filename=''/etc/passwd'')"),
                ("trigger", "t", 0, "CREATE TRIGGER t AFTER INSERT ON users BEGIN DELETE FROM users; END"),
                ("table", "sqlite_sequence", 2, "CREATE TABLE sqlite_sequence(name, seq)"),
                ("table", "sqlite_stat1", 2, "CREATE TABLE sqlite_stat1(tbl, idx, stat)")):
            made("and a %s: %s" % (kind, sql[:40]), insert % (kind, name, name, page, sql))

        # The header.
        for offset, content in ((16, b"\0\0"), (16, b"\0\1"), (16, b"\x10\0"), (16, b"\0\3"), (18, b"\xff\xff"), (18, b"\2\2"),
                                (20, b"\xff"), (20, b"\x20"), (21, bytes(3)), (28, b"\xff" * 4), (28, bytes(4)), (32, b"\0\0\0\1"),
                                (44, b"\xff" * 4), (44, bytes(4)), (52, b"\0\0\0\2"), (56, b"\0\0\0\x09"), (56, b"\0\0\0\2"),
                                (64, b"\xff" * 4), (96, b"\xff" * 4)):
            patched("%s at %d" % (content.hex(), offset), (offset, content))
        # The page of the schema, and the top page of the table: kind, free blocks, number of cells, where cells begin.
        for page in (100, 512):
            for offset, content in ((0, b"\0"), (0, b"\x05"), (0, b"\x02"), (0, b"\x0a"), (1, b"\0\x10"), (1, b"\xff\xff"),
                                    (3, b"\xff\xff"), (3, bytes(2)), (5, b"\xff\xff"), (7, b"\xff"), (8, b"\xff" * 4), (8, bytes(4)),
                                    (8, b"\0\0\0\2"), (8, b"\0\0\0\1"), (12, bytes(2)), (12, b"\xff\xff"), (12, b"\0\x01")):
                patched("%s at %d of the page at %d" % (content.hex(), offset, page), (page + offset, content))
        # A leaf: lengths without end, kinds of values that there are none of, and a page that goes on in itself.
        path = made("a leaf")
        raw = open(path, "rb").read()
        cell = raw.index(b"subscriber/77") - 5
        for content in (b"\xff" * 9, b"\xff" * 4 + b"\x7f", b"\x7f", b"\x80" * 8 + b"\1", bytes(5), b"\x10\1\3\x0a\x0b"):
            patched("%s before an id" % content.hex(), (cell, content))
        overflow = next(n for n in range(2, len(raw) // 512) if raw[n * 512 + 4:n * 512 + 512] == bytes(508))
        for target in (overflow + 1, 1, 0, 10 ** 6):
            patched("a value that goes on at page %d" % target, (overflow * 512, struct.pack(">I", target)))
        """#
}
