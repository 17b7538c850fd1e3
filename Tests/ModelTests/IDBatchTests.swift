import Model
import TestSupport
import Testing

@Suite struct IDBatchTests {
    @Test func `ids are returned unchanged`() {
        var random = SeededRandom(seed: 9)
        let ids = (0..<IDBatch.limit).map { _ in Array(random.text(upTo: 12).utf8) }
        var batch = IDBatch()
        #expect(batch.isEmpty)
        for id in ids {
            #expect(!batch.isFull)
            batch.append(id[...])
        }
        #expect(batch.isFull)
        #expect(batch.count == 100)
        #expect((0..<batch.count).map { Array(batch[$0]) } == ids)
        #expect(batch == IDBatch(ids))
        #expect(batch.part(3..<7) == IDBatch(Array(ids[3..<7])))
        #expect(batch.part(5..<5).isEmpty)
    }

    @Test func `batches with different boundaries differ`() {
        #expect(IDBatch([Array("ab".utf8), Array("c".utf8)]) != IDBatch([Array("a".utf8), Array("bc".utf8)]))
    }
}
