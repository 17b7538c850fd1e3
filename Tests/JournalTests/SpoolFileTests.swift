import Files
import Journal
import TestSupport
import Testing

@Suite struct SpoolFileTests {
    @Test func `ids are read in their order`() async throws {
        try await withTemporaryDirectory { directory in
            var random = SeededRandom(seed: 42)
            let ids = (0..<4_000).map { _ in random.bytes(Int.random(in: 1...128, using: &random)) }
            try Self.write(ids, to: directory + "/spool")
            #expect(try Self.read(directory + "/spool") == ids)
        }
    }

    @Test func `a spool without ids is valid`() async throws {
        try await withTemporaryDirectory { directory in
            try Self.write([], to: directory + "/spool")
            #expect(try Self.read(directory + "/spool").isEmpty)
        }
    }

    @Test(arguments: [0, 129, 255, 256, 1_000])
    func `an id of invalid length is refused`(length: Int) async throws {
        try await withTemporaryDirectory { directory in
            var spool = try SpoolWriter(creating: directory + "/spool")
            try spool.append(Array("before".utf8)[...])
            let tooLong = [UInt8](repeating: 0x61, count: length)
            do {
                try spool.append(tooLong[...])
                Issue.record("an id of \(length) bytes was accepted")
            } catch is FileError {}
            try spool.append(Array("after".utf8)[...])
            try spool.finish()
            #expect(spool.count == 2)
            #expect(try Self.read(directory + "/spool") == [Array("before".utf8), Array("after".utf8)])
        }
    }

    @Test func `ids are found at their offsets while the spool is written`() async throws {
        try await withTemporaryDirectory { directory in
            var random = SeededRandom(seed: 7)
            var spool = try SpoolWriter(creating: directory + "/spool")
            var written: [(id: [UInt8], offset: Int)] = []
            for _ in 0..<3_000 {
                written.append((random.bytes(Int.random(in: 1...128, using: &random)), spool.end))
                try spool.append(written[written.count - 1].id[...])
            }
            #expect(spool.end > 1 << 17)
            for (id, offset) in written + written.suffix(5) {
                #expect(try spool.holds(id[...], at: offset))
                #expect(try !spool.holds(id.dropLast(), at: offset))
                #expect(try !spool.holds((id + [0])[...], at: offset))
                var other = id
                other[Int.random(in: 0..<id.count, using: &random)] ^= 1
                #expect(try !spool.holds(other[...], at: offset))
            }
            try spool.finish()
            #expect(try Self.read(directory + "/spool") == written.map(\.id))
        }
    }

    @Test func `a spool cut within an ID is an error`() async throws {
        try await withTemporaryDirectory { directory in
            let ids = ["a", "bcd", "\u{e9}\u{1f600}", "xyz"].map { Array($0.utf8) }
            try Self.write(ids, to: directory + "/spool")
            let content = try bytes(of: directory + "/spool")
            var ends = [8]
            for id in ids { ends.append((ends.last ?? 0) + 1 + id.count) }
            #expect(ends.last == content.count)
            for length in 0..<content.count {
                let path = "\(directory)/\(length)"
                try TestSupport.write(content.prefix(length), to: path)
                if let whole = ends.firstIndex(of: length) {
                    #expect(try Self.read(path) == Array(ids.prefix(whole)))
                } else {
                    #expect(throws: FileError.self, "cut to \(length) bytes") { try Self.read(path) }
                }
            }
        }
    }

    @Test(arguments: ["", "VRSPOOL", "VRSPOOL2\u{1}a", "vrspool1\u{1}a", "SQLite format 3\u{0}", "id\nab==\n"])
    func `a file that is not a spool is refused`(content: String) async throws {
        try await withTemporaryDirectory { directory in
            try TestSupport.write(content, to: directory + "/spool")
            #expect(throws: FileError.self) { try Self.read(directory + "/spool") }
        }
    }

    @Test(arguments: [0, 1, 5_000]) func `the digest equals the SHA-256 of the file`(count: Int) async throws {
        try await withTemporaryDirectory { directory in
            let digest = BackgroundSHA256()
            var spool = try SpoolWriter(creating: directory + "/spool", digest: digest)
            for number in 0..<count {
                try spool.append(Array("id \(number) \(String(repeating: "x", count: 100))".utf8)[...])
            }
            try spool.finish()
            let sum = digest.finish()
            let expected = try Checksum.sha256(ofFile: directory + "/spool").hex
            #expect(sum == expected)
        }
    }

    @Test(arguments: [0, 129, 255])
    func `an id of invalid length in a spool is an error`(length: Int) throws {
        let content = Array("VRSPOOL1\u{1}a".utf8) + [UInt8(length)] + [UInt8](repeating: 0x62, count: length)
        var spool = try SpoolReader(PieceInput(content), name: "spool")
        #expect(try spool.next())
        let error = #expect(throws: FileError.self) { try spool.next() }
        #expect(error?.description == "an id of \(length) bytes is in the spool spool")
    }

    private static func write(_ ids: [[UInt8]], to path: String) throws {
        var spool = try SpoolWriter(creating: path)
        for id in ids { try spool.append(id[...]) }
        #expect(spool.count == ids.count)
        try spool.finish()
    }

    private static func read(_ path: String) throws -> [[UInt8]] {
        var spool = try SpoolReader(InputFile(opening: path), name: path)
        var ids: [[UInt8]] = []
        while try spool.next() { ids.append(Array(spool.current)) }
        return ids
    }
}
