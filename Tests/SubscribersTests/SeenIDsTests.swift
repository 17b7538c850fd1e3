import Files
import Formats
import Journal
import TestSupport
import Testing

@testable import Subscribers

@Suite struct SeenIDsTests {
    @Test(arguments: [1, 2, 3] as [UInt64])
    func `it contains the same ids as a set of byte arrays`(seed: UInt64) async throws {
        try await withTemporaryDirectory { directory in
            var random = SeededRandom(seed: seed)
            var seen = SeenIDs()
            var spool = try SpoolWriter(creating: directory + "/spool")
            var offsets: [[UInt8]: Int] = [:]
            var compared = 0
            // Short ids of few letters occur twice, long ones of all bytes do not; the table grows, and the spool is
            // written out several times.
            for _ in 0..<12_000 {
                let isShort = Bool.random(using: &random)
                let length = Int.random(in: isShort ? 1...4 : 5...128, using: &random)
                let id = (0..<length).map { _ in UInt8(truncatingIfNeeded: random.next() & (isShort ? 7 : 255)) }
                var search = seen.search(for: ByteHash.hash(id[...]))
                var found: Int?
                while found == nil, let offset = seen.next(&search) {
                    compared += 1
                    if try spool.holds(id[...], at: offset) { found = offset }
                }
                #expect(found == offsets[id])
                guard found == nil else { continue }
                offsets[id] = spool.end
                try seen.insert(search, at: spool.end)
                try spool.append(id[...])
            }
            #expect(offsets.count < 12_000)
            // Only equal ids are read back, except for one in 2^28.
            #expect(compared == 12_000 - offsets.count)
            try spool.finish()
        }
    }

    @Test func `all ids with equal hashes are returned`() throws {
        var seen = SeenIDs()
        let id = Array("01234567890A==".utf8)[...]
        // As if there were ids with the same hash at these offsets.
        for offset in 1...40 {
            var search = seen.search(for: ByteHash.hash(id))
            var returned: [Int] = []
            while let offset = seen.next(&search) { returned.append(offset) }
            #expect(returned.sorted() == Array(1..<offset))
            try seen.insert(search, at: offset)
        }
    }

    @Test func `an offset that is too large is refused`() throws {
        var seen = SeenIDs()
        let last = 1 << 36 - 1
        var search = seen.search(for: ByteHash.hash([0x61]))
        #expect(seen.next(&search) == nil)
        try seen.insert(search, at: last)
        search = seen.search(for: ByteHash.hash([0x61]))
        #expect(seen.next(&search) == last)
        search = seen.search(for: ByteHash.hash([0x62]))
        #expect(seen.next(&search) == nil)
        #expect(throws: FileError.self) { try seen.insert(search, at: last + 1) }
    }
}
