import Formats
import TestSupport
import Testing

@Suite struct IDTableTests {
    @Test(arguments: [1, 2, 3] as [UInt64])
    func `it contains the same ids as a set of byte arrays`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var ids = IDTable()
        var expected = Set<[UInt8]>()
        // Short ids of few letters occur twice, long ones of all bytes do not; the table grows several times.
        for _ in 0..<12_000 {
            let isShort = Bool.random(using: &random)
            let length = Int.random(in: isShort ? 0...4 : 5...255, using: &random)
            let id = (0..<length).map { _ in UInt8(truncatingIfNeeded: random.next() & (isShort ? 7 : 255)) }
            let isInserted = ids.insert(id[...]).isInserted
            #expect(isInserted == expected.insert(id).inserted)
        }
        #expect(ids.count == expected.count)
        #expect(ids.count < 12_000)
        #expect(expected.count { ids.insert($0[...]).isInserted } == 0)
        #expect(ids.count == expected.count)
    }

    @Test func `ids equal only under Unicode normalisation stay different`() {
        var ids = IDTable()
        let forms = ["\u{c5}", "A\u{30a}", "\u{212b}", "\u{e9}", "e\u{301}", "\u{2126}", "\u{3a9}", "K", "\u{212a}"]
        #expect(forms.count { ids.insert(Array($0.utf8)[...]).isInserted } == forms.count)
        #expect(forms.count { ids.insert(Array($0.utf8)[...]).isInserted } == 0)
        #expect(ids.count == forms.count)
    }

    @Test func `the offset of an ID in its buffer does not matter`() {
        var ids = IDTable()
        let line = Array("x,ab==,y,ab==,ab=".utf8)
        let isInserted = [2..<6, 9..<13, 14..<17, 2..<2, 9..<9].map { ids.insert(line[$0]).isInserted }
        #expect(isInserted == [true, false, true, true, false])
        #expect(ids.count == 3)
    }

    @Test func `numbers follow the order of insertion`() {
        var ids = IDTable(capacity: 3)
        let names = (0..<5_000).map { Array("id-\($0 % 2_500)".utf8) }
        for (index, name) in names.enumerated() {
            #expect(ids.insert(name[...]) == (index % 2_500, index < 2_500))
        }
        #expect((0..<2_500).allSatisfy { ids.index(of: names[$0][...]) == $0 && ids[$0].elementsEqual(names[$0]) })
        #expect(ids.index(of: Array("id-2500".utf8)[...]) == nil)
    }

    @Test(arguments: [-1, 0, 1, .max])
    func `a wrong capacity does not matter`(capacity: Int) {
        var ids = IDTable(capacity: capacity)
        #expect(ids.insert([0x61]).isInserted)
        #expect(!ids.insert([0x61]).isInserted)
    }
}
