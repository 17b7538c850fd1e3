import Model
import TestSupport
import Testing

@testable import Subscribers

@Suite struct DelimiterTests {
    @Test(arguments: [
        ("a,b", ","),
        ("a;b", ";"),
        ("a\tb", "\t"),
        ("a|b", "|"),
        ("a", ","),
        ("", ","),
        ("\n\r\n", ","),
        // The most frequent one; the first of two that are equally frequent.
        ("a|b|c,d", "|"),
        ("a;b,c", ","),
        ("a|b\tc", "\t"),
        // Text in quotes does not count, nor does a line end.
        ("\"a;b;c\",d", ","),
        ("\"a,b\"\"c,d\";e", ";"),
        ("\"a\nb,c,d\";e", ";"),
        // Only the first line that is not blank counts if it has a delimiter, with any line end.
        ("id,x\nx;y;z", ","),
        ("a;b\rc,d,e", ";"),
        ("a;b\r\nc,d,e", ";"),
        ("\n\r\n\na|b\nc,d,e", "|"),
        // A title above the table has no delimiter; then the lines below it decide.
        ("id\nx;y;z", ";"),
        ("All of them\n\na|b\nc|d\ne,f", "|"),
        ("id\na\nb\nc;d", ","),
    ])
    func `the first line decides`(_ head: String, _ delimiter: Unicode.Scalar) throws {
        let found = try CSVDelimiter.detect(in: Array(head.utf8)[...], options: SourceOptions(path: "list.csv"))
        #expect(found == UInt8(ascii: delimiter))
    }

    @Test(arguments: [
        // The candidate by which the line names the id column is chosen, however often another occurs in it.
        ("id,notes (a;b;c)", "1", ","),
        ("a;b;c,viber", "viber", ","),
        ("x;y;z|User_ID", nil, "|"),
        ("\"id\";a,b,c", nil, ";"),
    ])
    func `a name takes precedence over a count`(_ head: String, _ column: String?, _ delimiter: Unicode.Scalar) throws {
        var options = SourceOptions(path: "list.csv")
        options.column = column
        #expect(try CSVDelimiter.detect(in: Array(head.utf8)[...], options: options) == UInt8(ascii: delimiter))
    }

    /// Half a line must never be sent as an id.
    @Test func `a position on a line that can be split two ways is an error`() throws {
        #expect(throws: SourceError.ambiguousDelimiter(name: "list.csv")) {
            try Spooled(csv: "AAA==,x;y;z\n") {
                $0.noHeader = true
                $0.column = "1"
            }
        }
    }

    @Test(arguments: [";", "\t", "|", ","] as [Character])
    func `a file with the delimiter is read`(_ delimiter: Character) throws {
        let text = "name|id|note\nAda|\(ada)|x\nBob|\(bob)|y\n".replacing("|", with: String(delimiter))
        let spooled = try Spooled(csv: text)
        #expect(spooled.ids == ids(ada, bob))
        #expect(spooled.source.column == "id")
    }

    @Test func `tabs around the ids of one column are not delimiters`() throws {
        let lines = many.enumerated().map { number, id in number % 10 == 9 ? "\t\(id)\n" : "\(id)\t\n" }
        for text in ["id\n", ""].map({ $0 + lines.joined() }) {
            let spooled = try Spooled(csv: text)
            #expect(spooled.ids == many.map { Array($0.utf8) })
            #expect(spooled.source.rejected.isEmpty)
            #expect(spooled.warnings.isEmpty)
        }
    }

    @Test func `the option overrules the sniffer`() throws {
        let text = "who;x,y,z\na;1,2\nb;3,4\n"
        #expect(throws: SourceError.noKnownColumn(columns: ["who;x", "y", "z"], others: [], name: "list.csv")) {
            try Spooled(csv: text)
        }
        let spooled = try Spooled(csv: text) {
            $0.delimiter = UInt8(ascii: ";")
            $0.column = "1"
        }
        #expect(spooled.ids == ids("who", "a", "b"))
    }
}
