import Files
import Formats
import Journal
import TestSupport
import Testing

@testable import Subscribers

@Suite struct SeenIDsTests {
    @Test(arguments: [1, 2, 3] as [UInt64])
    func `it holds what a set of byte arrays holds`(seed: UInt64) async throws {
        try await withTemporaryDirectory { directory in
            var random = SeededRandom(seed: seed)
            var seen = SeenIDs()
            var spool = try SpoolWriter(creating: directory + "/spool")
            var places: [[UInt8]: Int] = [:]
            var compared = 0
            // Short ids of few letters come twice, long ones of all bytes do not; the table grows, and the spool is
            // written out several times.
            for _ in 0..<12_000 {
                let isShort = Bool.random(using: &random)
                let length = Int.random(in: isShort ? 1...4 : 5...128, using: &random)
                let id = (0..<length).map { _ in UInt8(truncatingIfNeeded: random.next() & (isShort ? 7 : 255)) }
                var search = seen.search(for: ByteHash.hash(id[...]))
                var found: Int?
                while found == nil, let place = seen.next(&search) {
                    compared += 1
                    if try spool.holds(id[...], at: place) { found = place }
                }
                #expect(found == places[id])
                guard found == nil else { continue }
                places[id] = spool.end
                try seen.insert(search, at: spool.end)
                try spool.append(id[...])
            }
            #expect(places.count < 12_000)
            // Only what is the same is read back, but for one in 2^28.
            #expect(compared == 12_000 - places.count)
            try spool.finish()
        }
    }

    @Test func `what only the hash finds equal is all offered`() throws {
        var seen = SeenIDs()
        let id = Array("01234567890A==".utf8)[...]
        // As if ids with all the bits of its hash stood there.
        for place in 1...40 {
            var search = seen.search(for: ByteHash.hash(id))
            var offered: [Int] = []
            while let place = seen.next(&search) { offered.append(place) }
            #expect(offered.sorted() == Array(1..<place))
            try seen.insert(search, at: place)
        }
    }

    @Test func `more than its places can name is refused`() throws {
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
