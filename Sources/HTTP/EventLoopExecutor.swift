import NIOCore

/// Runs tasks on the thread of an event loop.
///
/// A response is processed on the thread that read it. Handing each one from thread to thread took a tenth of the time
/// of a run against a server on the same machine.
final class EventLoopExecutor: TaskExecutor {
    let loop: any EventLoop

    init(_ loop: any EventLoop) { self.loop = loop }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { unsafe job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
