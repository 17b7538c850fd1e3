import Files
import Model
import Subscribers
import TestSupport
import Testing

@Suite(.needs("python3")) struct GzipSourceTests {
    /// Members that Python compressed, as one stream.
    private func gzip(_ members: [UInt8]...) async throws -> [UInt8] {
        try await withTemporaryDirectory { directory in
            for (index, member) in members.enumerated() { try write(member, to: "\(directory)/\(index)") }
            let program = """
                import gzip, sys
                parts = [gzip.compress(open(f"{sys.argv[1]}/{i}", "rb").read()) for i in range(int(sys.argv[2]))]
                open(sys.argv[1] + "/all", "wb").write(b"".join(parts))
                """
            let result = try await Tool.python(program, [directory, "\(members.count)"])
            try #require(result.code == 0, "\(result.error)")
            return try bytes(of: directory + "/all")
        }
    }

    @Test func `a compressed list is read like an uncompressed one`() async throws {
        let spooled = try Spooled(csv: try await gzip(Array("\u{FEFF}name;id\r\nx;\(ada)\r\n;\r\ny;\(bob)\r\n".utf8)))
        #expect(spooled.ids == ids(ada, bob))
        #expect(spooled.rejections.map(\.line) == [3])
        #expect(spooled.source.kind == "csv")
    }

    @Test func `every member is read`() async throws {
        let spooled = try Spooled(csv: try await gzip(Array("id\na\nb".utf8), [], Array("c\nd\n".utf8)))
        #expect(spooled.ids == ids("a", "bc", "d"))
    }

    @Test func `zero bytes after the last member are padding and others are an error`() async throws {
        let whole = try await gzip(Array("id\n\(ada)\n\(bob)\n".utf8))
        #expect(try Spooled(csv: whole + [UInt8](repeating: 0, count: 100_000)).ids == ids(ada, bob))
        for rest in [Array("\(eve)\n".utf8), [0x0A], [0, 0, 0x0A], [0] + whole] {
            #expect(throws: GzipError.trailing("list.csv")) { try Spooled(csv: whole + rest) }
        }
    }

    @Test func `a list truncated anywhere is an error`() async throws {
        let whole = try await gzip(Array("id\n".utf8) + (0..<40).flatMap { Array("subscriber/\($0)==\n".utf8) })
        #expect(try Spooled(csv: whole).ids.count == 40)
        for length in GzipReader.magic.count..<whole.count {
            #expect(throws: GzipError.truncated("list.csv")) { try Spooled(csv: whole[..<length]) }
        }
    }

    @Test func `a truncated second member is an error`() async throws {
        let (first, second) = (Array("id\na\n".utf8), Array("b\n".utf8))
        let whole = try await gzip(first, second)
        let boundary = try await gzip(first).count
        for length in boundary + 1..<whole.count {
            #expect(throws: GzipError.truncated("list.csv")) { try Spooled(csv: whole[..<length]) }
        }
    }

    @Test func `a damaged list is an error`() async throws {
        var content = try await gzip(Array("id\n".utf8) + (0..<40).flatMap { Array("subscriber/\($0)==\n".utf8) })
        content[content.count - 6] ^= 1
        #expect(throws: GzipError.damaged("list.csv")) { try Spooled(csv: content) }
    }

    @Test func `a compressed empty file is empty`() async throws {
        let content = try await gzip([])
        #expect(throws: SourceError.empty(name: "list.csv")) { try Spooled(csv: content) }
    }

    @Test func `a compressed database is refused`() async throws {
        let database = try await withDatabase("CREATE TABLE t(id TEXT); INSERT INTO t VALUES('a');") {
            try bytes(of: $0)
        }
        let content = try await gzip(database)
        #expect(throws: SourceError.compressedDatabase(name: "list.csv")) { try Spooled(csv: content) }
    }
}
