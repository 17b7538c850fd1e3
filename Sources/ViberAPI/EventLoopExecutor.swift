import NIOCore
import Synchronization

/// Runs tasks on the thread of an event loop.
///
/// An answer that is read there is then used there: handing each from thread to thread took a tenth of the time of a run
/// against a server on the same machine.
final class EventLoopExecutor: TaskExecutor {
    private let loop: any EventLoop

    init(_ loop: any EventLoop) { self.loop = loop }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { unsafe job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}

/// The loops of a group, each in turn: so requests, and what is made of their answers, use all cores.
final class EventLoopExecutors: Sendable {
    private let all: [EventLoopExecutor]
    private let taken = Atomic(0)

    init(_ group: any EventLoopGroup) { all = group.makeIterator().map { EventLoopExecutor($0) } }

    func next() -> any TaskExecutor { all[taken.wrappingAdd(1, ordering: .relaxed).oldValue % all.count] }
}
