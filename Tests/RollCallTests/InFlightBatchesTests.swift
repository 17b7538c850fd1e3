import Testing

@testable import RollCall

@Suite struct InFlightBatchesTests {
    private let batches = InFlightBatches()

    @Test func `a batch that was overtaken is split`() {
        let before = batches.answers
        batches.answered()
        #expect(batches.maySplit(since: before) == .granted)
    }

    @Test func `one batch at a time is split on trial`() {
        #expect(batches.maySplit(since: 0) == .onTrial)
        #expect(batches.maySplit(since: 0) == .denied)
        #expect(!batches.maySplitOnTrial)
        batches.finishSplit(.onTrial, allPartsFailed: false)
        #expect(batches.maySplit(since: 0) == .onTrial)
    }

    /// The trial of another batch goes on.
    @Test func `a batch that was overtaken does not end a trial`() {
        let before = batches.answers
        batches.answered()
        #expect(batches.maySplit(since: batches.answers) == .onTrial)
        #expect(batches.maySplit(since: before) == .granted)
        batches.finishSplit(.granted, allPartsFailed: false)
        #expect(batches.maySplit(since: batches.answers) == .denied)
    }

    /// Also of a batch that was overtaken before the API failed.
    @Test func `after a failed split none is split until a batch is answered`() {
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
