import Model
import Subscribers
import Testing

@Suite struct CSVSourceTests {
    @Test(arguments: [
        "id\na\nb\nc\n",
        "id\r\na\r\nb\r\nc\r\n",
        "id\ra\rb\rc\r",
        "id\na\r\nb\rc",
        "\u{FEFF}id\na\nb\nc\n",
        "\u{FEFF}a\nb\nc\n",
        "a\nb\nc",
        "\u{FEFF}\"id\"\r\n\"a\"\r\n\"b\"\r\n\"c\"",
        "name,id\n\"x,y\",a\n\"x\ny\",b\n\"say \"\"hi\"\"\",c\n",
        "id,name\na,x,surplus\nb\nc,z\n",
        "  ID\t,name\na,1\nb,2\nc,3\n",
    ])
    func theSameIdsHoweverTheFileIsWritten(_ text: String) throws {
        let spooled = try Spooled(csv: text)
        #expect(spooled.ids == ids("a", "b", "c"))
        #expect(spooled.source.rowsRead == 3)
        #expect(spooled.source.rejected.isEmpty)
        #expect(spooled.warnings.isEmpty)
    }

    @Test func quotedIdsLoseTheirQuotesAndNothingElse() throws {
        let spooled = try Spooled(csv: "id\n\"a,b\"\n\"c\"\"d\"\n\"#e\"\n#f\n=1+1\n")
        #expect(spooled.ids == ids("a,b", "c\"d", "#e", "#f", "=1+1"))
    }

    @Test func onlyASCIIBlanksAroundAnIdAreTrimmedAndCounted() throws {
        let text = "id\n a\n\tb\t \n\"  c\"\nd e\n\u{A0}f\u{A0}\n\u{200B}g\nh\n"
        let spooled = try Spooled(csv: text)
        #expect(spooled.ids == ids("a", "b", "c", "d e", "\u{A0}f\u{A0}", "\u{200B}g", "h"))
        #expect(spooled.source.trimmed == 3)
    }

    @Test func aDuplicateIsAskedForOnceAndCounted() throws {
        let spooled = try Spooled(csv: "id\na\na\nb\n a\nc\n\"b\"\n")
        #expect(spooled.ids == ids("a", "b", "c"))
        #expect(spooled.source.rowsRead == 6)
        #expect(spooled.source.accepted == 6)
        #expect(spooled.source.duplicates == 3)
        #expect(spooled.source.unique == 3)
    }

    @Test func idsThatDifferInCaseOrNormalisationAreTwo() throws {
        let spooled = try Spooled(csv: "id\nabc\nABC\n\u{E9}\ne\u{301}\n\u{212B}\n\u{C5}\n")
        #expect(spooled.ids == ids("abc", "ABC", "\u{E9}", "e\u{301}", "\u{212B}", "\u{C5}"))
        #expect(spooled.source.duplicates == 0)
        #expect(spooled.source.unique == 6)
    }

    @Test func theFirstLineOfAFileWithoutAHeaderIsAnId() throws {
        let spooled = try Spooled(csv: "first==\nsecond==\n")
        #expect(spooled.ids == ids("first==", "second=="))
        #expect(spooled.source.column == "1")
    }

    @Test func noHeaderMakesAnIdOfAKnownName() throws {
        #expect(try Spooled(csv: "id\na\n") { $0.noHeader = true }.ids == ids("id", "a"))
    }

    @Test func aColumnByPositionAndByNameAreTheSame() throws {
        let text = "first,second\nx,a\ny,b\n"
        #expect(try Spooled(csv: text) { $0.column = "second" }.ids == ids("a", "b"))
        #expect(try Spooled(csv: text) { $0.column = "2" }.ids == ids("second", "a", "b"))
        let known = try Spooled(csv: "id,second\nx,a\ny,b\n") { $0.column = "2" }
        #expect(known.ids == ids("a", "b"))
        #expect(known.source.column == "second")
    }

    @Test func theFactsNameTheSource() throws {
        let spooled = try Spooled(csv: "User_ID,name\na,x\n")
        #expect(spooled.source.kind == "csv")
        #expect(spooled.source.name == "list.csv")
        #expect(spooled.source.column == "User_ID")
    }

    @Test func nulOutsideTheIdIsNobodysBusiness() throws {
        #expect(try Spooled(csv: "id,note\na,x\0y\nb,\u{7}\n").ids == ids("a", "b"))
    }

    @Test func badUTF8OutsideTheIdIsNobodysBusiness() throws {
        let content = Array("id,note\na,".utf8) + [0xFF, 0xC3] + Array("\nb,x\n".utf8)
        #expect(try Spooled(csv: content).ids == ids("a", "b"))
    }
}
