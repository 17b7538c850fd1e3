import Testing

@testable import RollCall

@Suite struct InFlightBatchesTests {
    private let batches = InFlightBatches()

    @Test func `who was overtaken is taken apart`() {
        let before = batches.answers
        batches.answered()
        #expect(batches.maySplit(since: before) == .granted)
    }

    @Test func `one at a time is taken apart on trial`() {
        #expect(batches.maySplit(since: 0) == .onTrial)
        #expect(batches.maySplit(since: 0) == .denied)
        #expect(!batches.maySplitOnTrial)
        batches.finishSplit(.onTrial, allPartsFailed: false)
        #expect(batches.maySplit(since: 0) == .onTrial)
    }

    /// The trial of another batch goes on.
    @Test func `a batch that was overtaken ends no trial`() {
        let before = batches.answers
        batches.answered()
        #expect(batches.maySplit(since: batches.answers) == .onTrial)
        #expect(batches.maySplit(since: before) == .granted)
        batches.finishSplit(.granted, allPartsFailed: false)
        #expect(batches.maySplit(since: batches.answers) == .denied)
    }

    /// Also of a batch that was overtaken before the API failed.
    @Test func `after one in vain none is taken apart until something is answered`() {
        let before = batches.answers
        batches.answered()
        batches.finishSplit(.granted, allPartsFailed: true)
        #expect(batches.isAPISuspect)
        #expect(batches.maySplit(since: before) == .denied)
        #expect(batches.maySplit(since: batches.answers) == .denied)
        batches.answered()
        #expect(!batches.isAPISuspect)
        #expect(batches.maySplit(since: before) == .granted)
    }
}
