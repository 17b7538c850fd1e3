import Dispatch
import Files
import Testing

@Suite struct BlockingWorkTests {
    private struct Refused: Error {}

    @Test func resultsAndErrorsComeBack() async throws {
        #expect(try await onBlockingThread { 6 * 7 } == 42)
        await #expect(throws: Refused.self) { try await onBlockingThread { throw Refused() } }
    }

    /// More of them than there are cores, each of which ends only when all have begun.
    @Test func workThatBlocksDoesNotHoldUpOtherWork() async throws {
        let count = 12
        let arrived = DispatchSemaphore(value: 0)
        let gate = DispatchSemaphore(value: 0)
        let ended = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<count {
                group.addTask {
                    try await onBlockingThread {
                        arrived.signal()
                        return gate.wait(timeout: .now() + 10) == .success
                    }
                }
            }
            group.addTask {
                try await onBlockingThread {
                    let all = (0..<count).allSatisfy { _ in arrived.wait(timeout: .now() + 10) == .success }
                    for _ in 0..<count { gate.signal() }
                    return all
                }
            }
            return try await group.reduce(into: [Bool]()) { $0.append($1) }
        }
        #expect(ended == [Bool](repeating: true, count: count + 1))
    }
}
