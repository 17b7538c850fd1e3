import Formats
import Foundation
import TestSupport
import Testing

/// Compares the reader with Python, and with itself on input in other pieces.
@Suite(.needs("python3")) struct RecordReaderDifferentialTests {
    struct Table: Decodable {
        var file: String
        var delimiter: String
        /// Fields as hex.
        var rows: [[String]]
        /// The physical line each row starts on.
        var lines: [Int]
    }

    @Test func `tables that Python wrote are read back`() async throws {
        try await withTemporaryDirectory { directory in
            let tables = try await Self.tables(Self.writer, in: directory)
            try #require(tables.count == 240)
            for table in tables { try Self.compare(table, in: directory) }
        }
    }

    @Test func `text without quotes is split as Python splits`() async throws {
        try await withTemporaryDirectory { directory in
            let tables = try await Self.tables(Self.splitter, in: directory)
            try #require(tables.count == 300)
            for table in tables { try Self.compare(table, in: directory) }
        }
    }

    @Test func `any bytes are read the same in pieces of any size`() throws {
        var random = SeededRandom(seed: 11)
        let alphabet = Array(",\"\"\n\r ab".utf8) + [0x00, 0xFF]
        for _ in 0..<600 {
            let text = (0..<Int.random(in: 0...120, using: &random)).map { _ in
                alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
            }
            let whole = try records(PieceInput(text))
            for size in [1, 3] {
                let pieces = try records(PieceInput(text, size: size))
                #expect(pieces.all == whole.all, "\(hex(text))")
                #expect(pieces.end == whole.end, "\(hex(text))")
            }
            #expect(whole.all.count <= text.count)
            let lines = whole.all.map(\.line)
            #expect(zip(lines, lines.dropFirst()).allSatisfy { $0 < $1 }, "\(hex(text))")
            let fields = whole.all.map(\.fields)
            #expect(try records(PieceInput(Self.quoted(fields))).all.map(\.fields) == fields, "\(hex(text))")
        }
    }

    /// Writes records with every field in quotes.
    private static func quoted(_ records: [[[UInt8]]]) -> [UInt8] {
        let quote = UInt8(ascii: "\"")
        let lines = records.map { fields in
            let quoted = fields.map { [quote] + $0.flatMap { $0 == quote ? [quote, quote] : [$0] } + [quote] }
            return Array(quoted.joined(separator: CollectionOfOne(UInt8(ascii: ","))))
        }
        return lines.flatMap { $0 + [0x0A] }
    }

    private static func compare(_ table: Table, in directory: String) throws {
        let delimiter = try #require(table.delimiter.first)
        let content = try bytes(of: directory + "/" + table.file)
        for input: any ByteInput in [PieceInput(content, size: 1), PieceInput(content)] {
            let read = try records(input, delimiter: delimiter)
            #expect(read.all.map { $0.fields.map { hex($0) } } == table.rows, "\(hex(content))")
            #expect(read.all.map(\.line) == table.lines, "\(hex(content))")
            #expect(read.all.allSatisfy { $0.problem == nil })
            #expect(read.end == nil)
        }
    }

    private static func tables(_ program: String, in directory: String) async throws -> [Table] {
        let result = try await Tool.python(program, [directory])
        try #require(result.code == 0, "\(result.error)")
        return try JSONDecoder().decode([Table].self, from: Data(result.output.utf8))
    }

    /// Random tables by `csv.writer`: four delimiters, three line ends, both ways of quoting.
    private static let writer = """
        import csv, io, json, os, random, re, sys
        os.chdir(sys.argv[1])
        random.seed(12)
        def hexed(text): return text.encode("latin-1").hex()
        tables = []
        for number in range(240):
            delimiter = ",;\\t|"[number % 4]
            end = ["\\r\\n", "\\n", "\\r"][number // 4 % 3]
            quoting = [csv.QUOTE_MINIMAL, csv.QUOTE_ALL][number // 12 % 2]
            letters = 'ab "",;\\t|\\x00\\x0b\\x85\\xe9\\xff\\n\\r'
            if quoting == csv.QUOTE_MINIMAL and end != "\\r\\n":
                letters = letters.rstrip("\\n\\r") + end  # the writer quotes only the line end that it writes
            text = io.StringIO(newline="")
            writer = csv.writer(text, delimiter=delimiter, lineterminator=end, quoting=quoting)
            rows, lines = [], []
            for _ in range(random.randrange(12)):
                row = ["".join(random.choices(letters, k=random.randrange(7))) for _ in range(random.randrange(1, 5))]
                lines.append(1 + len(re.findall("\\r\\n|\\r|\\n", text.getvalue())))
                rows.append([hexed(field) for field in row])
                writer.writerow(row)
            content = text.getvalue().encode("latin-1")
            if number % 5 == 0 and content.endswith(end.encode()):
                content = content[: -len(end)]
            with open(f"{number}.csv", "wb") as file:
                file.write(content)
            tables.append({"file": f"{number}.csv", "delimiter": delimiter, "rows": rows, "lines": lines})
        print(json.dumps(tables))
        """

    /// Random text without quotes, whose records and fields are the result of splitting.
    private static let splitter = """
        import json, os, random, re, sys
        os.chdir(sys.argv[1])
        random.seed(13)
        tables = []
        for number in range(300):
            delimiter = ",;\\t|"[number % 4]
            content = "".join(random.choices("abc,;\\t|\\n\\r\\x00\\xff ", k=random.randrange(60)))
            rows = re.split("\\r\\n|\\r|\\n", content)
            if not rows[-1]: rows.pop()
            with open(f"{number}.csv", "wb") as file:
                file.write(content.encode("latin-1"))
            rows = [[field.encode("latin-1").hex() for field in row.split(delimiter)] for row in rows]
            lines = list(range(1, len(rows) + 1))
            tables.append({"file": f"{number}.csv", "delimiter": delimiter, "rows": rows, "lines": lines})
        print(json.dumps(tables))
        """
}
