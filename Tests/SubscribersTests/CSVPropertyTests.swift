import Foundation
import Model
import Subscribers
import TestSupport
import Testing

/// Random files of Python's `csv.writer`, judged by Python's `csv.reader` and by the rules written down once more.
@Suite(.needs("python3")) struct CSVPropertyTests {
    private struct Expected: Decodable {
        var file: String
        var column: String?
        var noHeader: Bool
        var delimiter: String?
        var rows: Int
        var accepted: Int
        var trimmed: Int
        /// Hex, in order, each once.
        var ids: [String]
        /// Line, reason and the cell's bytes in hex.
        var rejected: [Rejected]

        struct Rejected: Decodable, Equatable {
            var line: Int
            var reason: String
            var value: String
        }
    }

    @Test(arguments: [1, 2, 3])
    func everyRowIsAccountedForAsAnIndependentReaderDoes(_ seed: Int) async throws {
        try await withTemporaryDirectory { directory in
            let result = try await Tool.python(Self.writer, [directory, "\(seed)", "40"])
            try #require(result.code == 0, "\(result.error)")
            let cases = try JSONDecoder().decode([Expected].self, from: Data(result.output.utf8))
            #expect(cases.count == 40)
            #expect(cases.reduce(0) { $0 + $1.ids.count } > 1_000)
            for expected in cases { try check(expected) }
        }
    }

    private func check(_ expected: Expected) throws {
        var options = SourceOptions(path: expected.file)
        options.column = expected.column
        options.noHeader = expected.noHeader
        options.delimiter = expected.delimiter?.utf8.first
        let spooled = try Spooled(options)
        let source = spooled.source
        #expect(spooled.ids.map(Self.hex) == expected.ids, "\(expected.file)")
        #expect(source.rowsRead == expected.rows, "\(expected.file)")
        #expect(source.accepted == expected.accepted)
        #expect(source.trimmed == expected.trimmed)
        #expect(source.unique == expected.ids.count)
        #expect(source.rowsRead == source.accepted + source.rejectedTotal)
        #expect(source.accepted == source.unique + source.duplicates)
        let rejected = spooled.rejections.map {
            Expected.Rejected(line: $0.line, reason: $0.reason.rawValue, value: Self.hex($0.value))
        }
        #expect(rejected == expected.rejected, "\(expected.file)")
    }

    private static func hex(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef")
        return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }

    private static let writer = #"""
        import csv, gzip, json, random, sys, unicodedata

        directory, random_source, count = sys.argv[1], random.Random(int(sys.argv[2])), int(sys.argv[3])
        choice, chance = random_source.choice, random_source.random
        KNOWN = ["id", "user_id", "subscriber_id", "viber_id", "receiver"]
        ODD = ["", " ", "\t", "  \t ", "a\nb", "a\r\nb", "a\0b", "\x7f", "\u0085", "x\u009f", "e\u0301", "\u00e9",
               "\u212b", "\u00c5", "\u2028", "\U0001f600", 'say "hi"', '"', "a,b;c|d", "a\tb", "\u00a0", "=1+1", "#x",
               "z" * 127, "z" * 128, "z" * 129, "\u00e9" * 64, "\u00e9" * 65, "y" * 400]
        BAD = ["\xff", "ab\xc3", "\xed\xa0\x80", "\xc0\xaf", "\xf5\x80\x80\x80"]

        def bytes_as_text(text):
            return text.encode().decode("latin-1")

        def cell():
            draw = chance()
            if draw < 0.15:
                return bytes_as_text(choice(ODD))
            if draw < 0.18:
                return choice(BAD)
            text = "".join(choice("abcdefghijABCDEF0123456789+/=") for _ in range(choice([1, 2, 24])))
            if draw < 0.28:
                text = choice(["", " ", "\t", "  "]) + text + choice([" ", "\t", " \t"])
            return text

        def judge(raw):
            value = raw.strip(b" \t")
            if not value:
                return None, "blank"
            if len(value) > 128:
                return None, "id_too_long"
            try:
                text = value.decode("utf-8")
            except UnicodeDecodeError:
                return None, "bad_utf8"
            if any(unicodedata.category(character) == "Cc" for character in text):
                return None, "control_char"
            return value, None

        cases = []
        for number in range(count):
            columns = choice([1, 1, 2, 3, 5])
            place = random_source.randrange(columns)
            delimiter = "," if columns == 1 else choice(",;\t|")
            layout = choice(["known", "named", "position", "headless"])
            case = {"column": None, "noHeader": False, "delimiter": None}
            header = ["c%d" % n for n in range(columns)]
            if layout == "known":
                name = choice(KNOWN)
                header[place] = choice([name, name.upper(), name.title(), " " + name])
            elif layout == "named":
                header[place] = case["column"] = choice(["Viber ID", "who", "\u0438\u043c\u044f"])
                header[place] = bytes_as_text(header[place])
            elif layout == "headless" and columns == 1:
                header = None
            else:
                case["column"], case["delimiter"], header = str(place + 1), delimiter, None
                case["noHeader"] = layout == "headless"
            quoting = choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC])
            pool = [cell() for _ in range(choice([3, 100, 400]))]
            path = "%s/%d.csv" % (directory, number)
            with open(path, "w", newline="", encoding="latin-1") as out:
                end = choice(["\n", "\r\n", "\r"])
                writer = csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator=end)
                if header is not None:
                    for _ in range(choice([0, 0, 1, 2])):
                        out.write(end)
                    writer.writerow(header)
                else:
                    # The first line decides by itself; it holds nothing that could be a name or a delimiter.
                    writer.writerow(["Q%d" % n for n in range(columns)])
                for _ in range(choice([1, 40, 400])):
                    if chance() < 0.03:
                        out.write(end)
                    row = [choice(pool) for _ in range(columns)]
                    if columns > 1 and chance() < 0.05:
                        row = ["x"] + row[1:random_source.randrange(1, columns)]
                    if chance() < 0.05:
                        row.append("surplus")
                    writer.writerow(row)
                writer.writerow(["Z"] * columns)
            content = open(path, "rb").read()
            if chance() < 0.3:
                content = content[:-len(end)]
            open(path, "wb").write(content)

            case.update(rows=0, accepted=0, trimmed=0, ids=[], rejected=[])
            seen, wants_header, before = set(), header is not None, 0
            with open(path, newline="", encoding="latin-1") as text:
                reader = csv.reader(text, delimiter=delimiter)
                for row in reader:
                    line, before = before + 1, reader.line_num
                    if wants_header and row:
                        wants_header = False
                        continue
                    case["rows"] += 1
                    raw, value, reason = b"", None, None
                    if row in ([], [""]):
                        reason = "blank"
                    elif place >= len(row):
                        reason = "missing_field"
                    else:
                        raw = row[place].encode("latin-1")
                        value, reason = judge(raw)
                    if reason:
                        case["rejected"].append({"line": line, "reason": reason, "value": raw[:200].hex()})
                        continue
                    case["accepted"] += 1
                    case["trimmed"] += len(value) < len(raw)
                    if value not in seen:
                        seen.add(value)
                        case["ids"].append(value.hex())
            if chance() < 0.3:
                content = b"\xef\xbb\xbf" + content
            if chance() < 0.3:
                half = random_source.randrange(len(content))
                content = gzip.compress(content[:half]) + gzip.compress(content[half:])
            open(path, "wb").write(content)
            case["file"] = path
            cases.append(case)
        print(json.dumps(cases))
        """#
}
