import Foundation
import Model
import Subscribers
import TestSupport
import Testing

/// Random files of Python's `csv.writer`, checked with Python's `csv.reader` and a second implementation of the rules.
@Suite(.needs("python3")) struct CSVPropertyTests {
    private struct Expected: Decodable {
        var file: String
        var column: String?
        var noHeader: Bool
        var delimiter: String?
        var rows: Int
        var accepted: Int
        var trimmed: Int
        /// Whether the column with the known name does not look like Viber ids.
        var refused: Bool
        /// The unique ids in order, in hex.
        var ids: [String]
        /// Line, reason, the cell's bytes in hex, and the number of rows.
        var rejected: [Rejected]

        struct Rejected: Decodable, Equatable {
            var line: Int
            var reason: String
            var value: String
            var rows: Int
        }
    }

    @Test(arguments: [1, 2, 3])
    func `every row is accounted for as an independent reader does`(_ seed: Int) async throws {
        try await withTemporaryDirectory { directory in
            let result = try await Tool.python(Self.writer, [directory, "\(seed)", "40"])
            try #require(result.code == 0, "\(result.error)")
            let cases = try JSONDecoder().decode([Expected].self, from: Data(result.output.utf8))
            #expect(cases.count == 40)
            #expect(cases.reduce(0) { $0 + ($1.refused ? 0 : $1.ids.count) } > 1_000)
            #expect(cases.contains { $0.refused })
            for expected in cases { try check(expected) }
        }
    }

    private func check(_ expected: Expected) throws {
        var options = SourceOptions(path: expected.file)
        options.column = expected.column
        options.noHeader = expected.noHeader
        options.delimiter = expected.delimiter?.utf8.first
        guard !expected.refused else {
            #expect("\(expected.file)") {
                try Spooled(options)
            } throws: { error in
                guard case SourceError.noColumnLooksRight = error else { return false }
                return true
            }
            return
        }
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
            Expected.Rejected(line: $0.line, reason: $0.reason.rawValue, value: Self.hex($0.value), rows: $0.rows)
        }
        #expect(rejected == expected.rejected, "\(expected.file)")
    }

    private static func hex(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef")
        return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }

    private static let writer = #"""
        import csv, gzip, json, random, re, sys, unicodedata

        directory, random_source, count = sys.argv[1], random.Random(int(sys.argv[2])), int(sys.argv[3])
        choice, chance = random_source.choice, random_source.random
        KNOWN = ["viber_id", "viber_user_id", "viber_subscriber_id", "viber_chat_id", "subscriber_id", "receiver",
                 "receiver_id", "user_id", "id"]
        ODD = ["", " ", "\t", "  \t ", "a\nb", "a\r\nb", "a\0b", "\x7f", "a\u0085", "x\u009fy", "e\u0301", "\u00e9",
               "\u212b", "\u00c5", "\u2028", "\U0001f600", 'say "hi"', '"', "a,b;c|d", "a\tb", "=1+1", "#x",
               "\u00a0", "\u00a0a\u3000", "\ufeff\u200bb\u2009", "c\r\n", "\u00c2\u00a0d", "e\u00a0f", "a\\", 'b\\"',
               "NULL", "null", "\\N", " NULL ", "NULLS", "id", "User ID", "receiver",
               "z" * 127, "z" * 128, "z" * 129, "\u00e9" * 64, "\u00e9" * 65, "y" * 400, "y" * 600, "y" * 70000]
        BAD = ["\xff", "ab\xc3", "\xed\xa0\x80", "\xc0\xaf", "\xf5\x80\x80\x80", "\xa0a", "\xc2\xc2\xa0"]
        BLANKS = "".join(map(chr, [9, 10, 13, 32, 0xA0, 0xAD, 0x34F, 0x1680, 0x180E, *range(0x2000, 0x2010),
                                   *range(0x202A, 0x2030), *range(0x205F, 0x2065), *range(0x2066, 0x206A), 0x3000, 0xFEFF]))

        def bytes_as_text(text):
            return text.encode().decode("latin-1")

        def cell(odd=0.15, sizes=(1, 2, 24)):
            draw = chance()
            if draw < odd:
                return bytes_as_text(choice(ODD))
            if draw < odd * 1.2:
                return choice(BAD)
            text = "".join(choice("abcdefghijABCDEF0123456789+/=") for _ in range(choice(sizes)))
            if draw > 0.9:
                text = choice(["", " ", "\t", "  "]) + text + choice([" ", "\t", " \t"])
            return text

        def trimmed(raw):
            return raw.decode("utf-8", "surrogateescape").strip(BLANKS).encode("utf-8", "surrogateescape")

        def name_of(raw):
            return re.sub("[-_ \t]", "", trimmed(raw).decode("latin-1")).lower()

        def is_null(raw, quoted):
            return not quoted and (raw.upper() == b"NULL" or raw == b"\\N")

        def judge(raw, quoted, names):
            value = trimmed(raw)
            if is_null(value, quoted):
                return None, "null"
            if name_of(raw) in names:
                return None, "repeated_header"
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

        def look_like_ids(cells):
            cells = [text for text in map(trimmed, cells) if text][:1000]
            formed = [text for text in cells if re.fullmatch(rb"[A-Za-z0-9+/=]{10,64}", text)
                      and not re.fullmatch(rb"\+?[0-9]+|[0-9A-Fa-f]{32}", text)]
            mixed = [text for text in formed if re.search(rb"[a-z]", text) and re.search(rb"[A-Z+/=]", text)]
            return cells and len(formed) * 10 >= len(cells) * 9 and len(mixed) * 2 >= len(formed)

        cases = []
        for number in range(count):
            columns = choice([1, 1, 2, 3, 5])
            index = random_source.randrange(columns)
            delimiter = "," if columns == 1 else choice(",;\t|")
            layout = choice(["known", "named", "position", "headless"])
            case = {"column": None, "noHeader": False, "delimiter": None, "refused": False}
            header = ["c%d" % n for n in range(columns)]
            names = set()
            if layout == "known":
                name = choice(KNOWN)
                header[index] = choice([name, name.upper(), name.title(), " " + name, name.replace("_", " "),
                                        name.replace("_", ""), name.replace("_", "-").upper()])
            elif layout == "named":
                header[index] = case["column"] = choice(["Viber ID", "who", "\u0438\u043c\u044f"])
                header[index] = bytes_as_text(header[index])
            elif layout == "headless" and columns == 1:
                header = None
            else:
                case["column"], case["delimiter"], header = str(index + 1), delimiter, None
                case["noHeader"] = layout == "headless"
            if header is not None:
                names = {name_of(header[index].encode("latin-1"))}
            elif columns == 1:
                names = {name_of(name.encode()) for name in KNOWN}
            quoting = choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC])
            rate = (0.05, (24,)) if layout == "known" and columns > 1 and chance() < 0.8 else ()
            pool = [cell(*rate) for _ in range(choice([3, 100, 400]))]
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
                        out.write(end * choice([1, 1, 3]))
                    row = [choice(pool) for _ in range(columns)]
                    if columns > 1 and chance() < 0.05:
                        row = ["x"] + row[1:random_source.randrange(1, columns)]
                    # Of a list of one column the rule is another.
                    if chance() < 0.05 and (columns > 1 or case["column"]):
                        row.append("surplus")
                    writer.writerow(row)
                writer.writerow(["Z"] * columns)
            content = open(path, "rb").read()
            if chance() < 0.3:
                content = content[:-len(end)]
            open(path, "wb").write(content)

            case.update(rows=0, accepted=0, trimmed=0, ids=[], rejected=[])
            seen, wants_header, before, sample, last = set(), header is not None, 0, [], None
            with open(path, newline="", encoding="latin-1") as text:
                reader = csv.reader(text, delimiter=delimiter)
                for row in reader:
                    line, before = before + 1, reader.line_num
                    if wants_header and row:
                        wants_header = False
                        continue
                    case["rows"] += 1
                    raw, value, reason = b"", None, None
                    quoted = quoting != csv.QUOTE_MINIMAL
                    if row in ([], [""]):
                        reason = "blank"
                    elif index >= len(row):
                        reason = "missing_field"
                    else:
                        raw = row[index].encode("latin-1")
                        value, reason = judge(raw, quoted, names)
                        if not is_null(raw, quoted):
                            sample.append(raw)
                    if reason:
                        rejected = {"line": line, "reason": reason, "value": raw[:200].hex(), "rows": 1}
                        # Those that follow one another with one reason and no value are one.
                        if last == (case["rows"] - 1, reason, b"") and not raw:
                            case["rejected"][-1]["rows"] += 1
                        else:
                            case["rejected"].append(rejected)
                        last = (case["rows"], reason, raw)
                        continue
                    case["accepted"] += 1
                    case["trimmed"] += len(value) < len(raw)
                    if value not in seen:
                        seen.add(value)
                        case["ids"].append(value.hex())
            if layout == "known" and columns > 1:
                case["refused"] = not look_like_ids(sample)
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
