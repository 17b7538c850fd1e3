import Dispatch
import Files
import Synchronization
import Testing

@Suite struct BlockingWorkTests {
    private struct Refused: Error {}

    @Test func `results and errors come back`() async throws {
        #expect(try await onBlockingThread { 6 * 7 } == 42)
        await #expect(throws: Refused.self) { try await onBlockingThread { throw Refused() } }
    }

    /// Runs more blocking calls than there are cores. Each ends only when all have started.
    @Test func `blocking work does not delay other work`() async throws {
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

    @Test func `abandonable work returns its result if no task is cancelled`() async throws {
        #expect(try await onAbandonableThread { _ in 6 * 7 } == 42)
        await #expect(throws: Refused.self) { try await onAbandonableThread { _ in throw Refused() } }
    }

    /// A read that blocks forever does not delay a cancelled task, and its thread sees the flag.
    @Test func `a cancelled task does not wait for abandonable work`() async throws {
        let started = DispatchSemaphore(value: 0)
        let gate = DispatchSemaphore(value: 0)
        let sawFlag = DispatchSemaphore(value: 0)
        let task = Task {
            try await onAbandonableThread { flag in
                started.signal()
                _ = gate.wait(timeout: .now() + 10)
                if flag.isSet { sawFlag.signal() }
                try flag.check()
            }
        }
        _ = try await onBlockingThread { started.wait(timeout: .now() + 10) }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        gate.signal()
        #expect(try await onBlockingThread { sawFlag.wait(timeout: .now() + 10) == .success })
    }

    @Test func `a cancelled task gets the error of work that notices the flag`() async throws {
        let started = DispatchSemaphore(value: 0)
        let task = Task {
            try await onAbandonableThread { flag in
                started.signal()
                let end = ContinuousClock.now + .seconds(10)
                while !flag.isSet, ContinuousClock.now < end {}
                if flag.isSet { throw Refused() }
            }
        }
        _ = try await onBlockingThread { started.wait(timeout: .now() + 10) }
        task.cancel()
        await #expect(throws: Refused.self) { try await task.value }
    }

    @Test func `work of a task that is cancelled already is not started`() async throws {
        let started = Mutex(false)
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await onAbandonableThread { _ in started.withLock { $0 = true } }
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(!started.withLock { $0 })
    }
}
