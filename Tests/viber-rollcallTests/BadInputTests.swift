import Foundation
import TestSupport
import Testing

/// Bad input: the right exit code, a message that names the input and says what to do, and no snapshot.
@Suite(.needs("python3")) struct BadInputTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var code: Int32
        /// What standard error must contain.
        var says: [String]
        /// A Python program that prepares `source` in its directory.
        var prepare = ""
        var arguments = ["source"]
        var token: String? = Program.canary
        var baseURL: String?
    }

    private static let table = """
        import sqlite3
        db = sqlite3.connect('source'); db.execute('PRAGMA page_size = 1024')
        db.execute('CREATE TABLE users (n INTEGER PRIMARY KEY, viber_id TEXT, note TEXT)')
        db.execute('CREATE TABLE logs (line TEXT, at TEXT)')
        db.executemany('INSERT INTO users (viber_id, note) VALUES (?, ?)',
                       [('subscriber/%d' % n, 'x' * 50) for n in range(20000)])
        db.commit(); db.close()

        """

    static let cases = [
        Case(testDescription: "missing file", code: 66, says: ["source", "no such file"]),
        Case(
            testDescription: "directory", code: 66, says: ["source", "is a directory"],
            prepare: "import os; os.mkdir('source')"),
        Case(
            testDescription: "FIFO", code: 66, says: ["source", "it is a pipe", "give '-'"],
            prepare: "import os; os.mkfifo('source')"),
        Case(
            testDescription: "socket", code: 66, says: ["source", "cannot read"],
            prepare: "import socket; socket.socket(socket.AF_UNIX).bind('source')"),
        Case(testDescription: "device", code: 66, says: ["/dev/zero", "not a regular file"], arguments: ["/dev/zero"]),
        Case(
            testDescription: "dangling link", code: 66, says: ["source", "no such file"],
            prepare: "import os; os.symlink('nowhere', 'source')"),
        Case(
            testDescription: "link to itself", code: 66, says: ["source", "symbolic links"],
            prepare: "import os; os.symlink('source', 'source')"),
        Case(testDescription: "empty file", code: 65, says: ["source is empty"], prepare: "open('source', 'w')"),
        Case(
            testDescription: "no such column", code: 65, says: ["no column 'viber'", "'name', 'user_id'"],
            prepare: "open('source', 'w').write('name,user_id\\na,b\\n')", arguments: ["source", "--column", "viber"]),
        Case(
            testDescription: "no known column", code: 65, says: ["--column", "'name', 'number'"],
            prepare: "open('source', 'w').write('name,number\\na,b\\n')"),
        Case(
            testDescription: "no such table", code: 65, says: ["no table 'people'", "'logs', 'users'"],
            prepare: table, arguments: ["source", "--table", "people"]),
        Case(
            testDescription: "no such column of a table", code: 65,
            says: ["no column 'vid'", "'n', 'viber_id', 'note'"],
            prepare: table, arguments: ["source", "--table", "users", "--column", "vid"]),
        Case(
            testDescription: "table of a file that is not a database", code: 65, says: ["not an SQLite database"],
            prepare: "open('source', 'w').write('id\\na\\n')", arguments: ["source", "--table", "users"]),
        Case(
            testDescription: "database cut in half", code: 65, says: ["source is damaged"],
            prepare: table + "raw = open('source', 'rb').read(); open('source', 'wb').write(raw[:len(raw) // 2])"),
        Case(
            testDescription: "database damaged half-way", code: 65, says: ["source is damaged"],
            prepare: table
                + "f = open('source', 'r+b'); f.seek(0, 2); f.seek(f.tell() // 2048 * 1024); f.write(b'\\xff' * 4096)"),
        Case(
            testDescription: "encrypted database", code: 65, says: ["source is not text", "encrypted"],
            prepare: "import random; open('source', 'wb').write(random.Random(7).randbytes(1 << 16))"),
        Case(
            testDescription: "spreadsheet file", code: 65, says: ["source is a spreadsheet file", "CSV"],
            prepare: """
                import random, zipfile
                digits = ''.join(random.Random(7).choices('0123456789abcdef', k=40000))
                zipfile.ZipFile('source', 'w', zipfile.ZIP_DEFLATED).writestr('xl/worksheets/sheet1.xml', digits)
                """),
        Case(
            testDescription: "database in the middle of a change", code: 65,
            says: ["needs recovery", "source-journal"],
            prepare: table
                + """
                import os
                db = sqlite3.connect('source', isolation_level=None); db.execute('PRAGMA cache_size = 5')
                db.execute('BEGIN'); db.execute("UPDATE users SET viber_id = 'half-' || viber_id"); os._exit(0)
                """),
        Case(
            testDescription: "database without a table", code: 65, says: ["--table", "it has: none"],
            prepare: "import sqlite3; sqlite3.connect('source').execute('PRAGMA user_version = 1')"),
        Case(
            testDescription: "view of nothing", code: 65, says: ["cannot read 'v' of source"],
            prepare: table + "sqlite3.connect('source').execute('CREATE VIEW v AS SELECT id FROM gone')",
            arguments: ["source", "--table", "v"]),
        Case(
            testDescription: "query that writes", code: 65, says: ["--query", "SELECT"], prepare: table,
            arguments: ["source", "--query", "DELETE FROM users"]),
        Case(
            testDescription: "UTF-16", code: 65, says: ["UTF-16", "iconv"],
            prepare: "open('source', 'w', encoding='utf-16').write('id\\nabc\\n')"),
        Case(
            testDescription: "unterminated quote", code: 65, says: ["quote opened on line 3"],
            prepare: "open('source', 'w').write('id\\na\\n\"b\\nc\\n')"),
        Case(
            testDescription: "not one id", code: 65, says: ["none of the 2 rows", "control_char 2"],
            prepare: "open('source', 'w').write('id\\na\\x01\\nb\\x01\\n')"),
        Case(
            testDescription: "cut gzip", code: 65, says: ["source", "cut"],
            prepare: "import gzip; open('source', 'wb').write(gzip.compress(b'id\\nabc\\n')[:-4])"),
        Case(
            testDescription: "no token", code: 78, says: ["no token", "--token-file", "VIBER_AUTH_TOKEN"],
            prepare: "open('source', 'w').write('id\\na\\n')", token: nil),
        Case(
            testDescription: "token with an inner newline", code: 78, says: ["VIBER_AUTH_TOKEN", "at byte 5"],
            prepare: "open('source', 'w').write('id\\na\\n')", token: "abcd\n" + Program.canary),
        Case(
            testDescription: "refused token", code: 77, says: ["status 2 (invalidAuthToken)", "check the token"],
            prepare: "open('source', 'w').write('id\\na\\n')", token: "another-token"),
        Case(
            testDescription: "unreachable host", code: 69, says: ["127.0.0.1", "connection refused"],
            prepare: "open('source', 'w').write('id\\na\\n')", baseURL: "http://127.0.0.1:9"),
        Case(
            testDescription: "unknown host", code: 69, says: ["viber.invalid", "not known"],
            prepare: "open('source', 'w').write('id\\na\\n')", baseURL: "https://viber.invalid"),
        Case(
            testDescription: "plain http to another machine", code: 78, says: ["--base-url", "plain http"],
            prepare: "open('source', 'w').write('id\\na\\n')", baseURL: "http://chatapi.viber.com"),
        Case(
            testDescription: "no source", code: 64, says: ["no source"], arguments: []),
        Case(
            testDescription: "two sources", code: 64, says: ["one source per run", "'other'"],
            prepare: "open('source', 'w').write('id\\na\\n')", arguments: ["source", "other"]),
        Case(
            testDescription: "two ways to name rows", code: 64, says: ["--query", "--table"],
            arguments: ["source", "--query", "SELECT 1", "--table", "users"]),
        Case(
            testDescription: "concurrency out of range", code: 64, says: ["--concurrency '65'", "1 to 64"],
            arguments: ["source", "--concurrency", "65"]),
        Case(
            testDescription: "unreadable duration", code: 64, says: ["--timeout '5 minutes'", "30s"],
            arguments: ["source", "--timeout", "5 minutes"]),
        Case(
            testDescription: "unknown format", code: 64, says: ["--format 'xlsx'", "csv"],
            arguments: ["source", "--format", "xlsx"]),
        Case(
            testDescription: "rate of nearly nothing", code: 64, says: ["--rate '1e-30'", "0.001"],
            arguments: ["source", "--rate", "1e-30"]),
        Case(
            testDescription: "CSV option for a database", code: 65, says: ["--no-header and --delimiter do not apply"],
            prepare: table, arguments: ["source", "--no-header"]),
        Case(
            testDescription: "two statements", code: 65, says: ["more than one statement"], prepare: table,
            arguments: ["source", "--query", "SELECT viber_id FROM users; SELECT 1"]),
        Case(
            testDescription: "control characters in a header", code: 65, says: ["a\\u{1b}]0;b"],
            prepare: "open('source', 'w').write('a\\x1b]0;b,c\\nd,e\\n')"),
        Case(testDescription: "unknown option", code: 64, says: ["--colum"], arguments: ["source", "--colum", "x"]),
    ]

    @Test(arguments: cases)
    func `is refused clearly`(_ bad: Case) async throws {
        try await withTemporaryDirectory { directory in
            try await Program.withSandbox { sandbox in
                let prepared = try await Tool.run(Tool.python, ["-c", bad.prepare], in: directory)
                #expect(prepared.code == 0, "\(prepared.error)")
                let run = try await Program.takeRoll(
                    ["--base-url", bad.baseURL ?? sandbox.url] + bad.arguments,
                    in: directory,
                    environment: bad.token.map { ["VIBER_AUTH_TOKEN": $0] } ?? [:]
                )
                #expect(run.code == bad.code, "\(run.error)")
                for words in bad.says { #expect(run.error.contains(words), "\(run.error)") }
                #expect(run.output == "")
                #expect(try await sandbox.statistics()["get_online"] == 0)
                #expect(!FileManager.default.fileExists(atPath: directory + "/reports/history.csv"))
            }
        }
    }
}
