import Testing

@testable import RollCall

@Suite struct BatchesUnderWayTests {
    private let batches = BatchesUnderWay()

    @Test func whoWasOvertakenIsTakenApart() {
        let before = batches.answers
        batches.answered()
        #expect(batches.mayTakeApart(since: before) == .granted)
    }

    @Test func oneAtATimeIsTakenApartOnTrial() {
        #expect(batches.mayTakeApart(since: 0) == .onTrial)
        #expect(batches.mayTakeApart(since: 0) == .denied)
        #expect(!batches.mayTry)
        batches.tookApart(.onTrial, inVain: false)
        #expect(batches.mayTakeApart(since: 0) == .onTrial)
    }

    /// The trial of another batch goes on.
    @Test func aBatchThatWasOvertakenEndsNoTrial() {
        let before = batches.answers
        batches.answered()
        #expect(batches.mayTakeApart(since: batches.answers) == .onTrial)
        #expect(batches.mayTakeApart(since: before) == .granted)
        batches.tookApart(.granted, inVain: false)
        #expect(batches.mayTakeApart(since: batches.answers) == .denied)
    }

    /// Also of a batch that was overtaken before the API failed.
    @Test func afterOneInVainNoneIsTakenApartUntilSomethingIsAnswered() {
        let before = batches.answers
        batches.answered()
        batches.tookApart(.granted, inVain: true)
        #expect(batches.isDoubtful)
        #expect(batches.mayTakeApart(since: before) == .denied)
        #expect(batches.mayTakeApart(since: batches.answers) == .denied)
        batches.answered()
        #expect(!batches.isDoubtful)
        #expect(batches.mayTakeApart(since: before) == .granted)
    }
}
