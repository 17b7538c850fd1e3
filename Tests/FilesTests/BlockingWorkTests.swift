import Dispatch
import Files
import Testing

@Suite struct BlockingWorkTests {
    private struct Refused: Error {}

    @Test func `results and errors come back`() async throws {
        #expect(try await onBlockingThread { 6 * 7 } == 42)
        await #expect(throws: Refused.self) { try await onBlockingThread { throw Refused() } }
    }

    /// More of them than there are cores, each of which ends only when all have begun.
    @Test func `work that blocks does not hold up other work`() async throws {
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

    @Test func `abandoned work gives its result if nobody is cancelled`() async throws {
        #expect(try await onAbandonableThread { _ in 6 * 7 } == 42)
        await #expect(throws: Refused.self) { try await onAbandonableThread { _ in throw Refused() } }
    }

    /// A read that blocks for ever does not hold up a task that is cancelled; and the thread is told.
    @Test func `a cancelled task does not wait for abandoned work`() async throws {
        let began = DispatchSemaphore(value: 0)
        let gate = DispatchSemaphore(value: 0)
        let told = DispatchSemaphore(value: 0)
        let task = Task {
            try await onAbandonableThread { flag in
                began.signal()
                _ = gate.wait(timeout: .now() + 10)
                if flag.isSet { told.signal() }
                try flag.check()
            }
        }
        _ = try await onBlockingThread { began.wait(timeout: .now() + 10) }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        gate.signal()
        #expect(try await onBlockingThread { told.wait(timeout: .now() + 10) == .success })
    }

    @Test func `a task that is cancelled already waits for nothing`() async throws {
        let gate = DispatchSemaphore(value: 0)
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await onAbandonableThread { _ in gate.wait(timeout: .now() + 10) == .success }
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        gate.signal()
    }
}
