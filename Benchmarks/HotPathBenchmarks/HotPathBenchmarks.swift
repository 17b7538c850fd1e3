import Benchmark
import Foundation
import HotPaths

let benchmarks: @Sendable () -> Void = {
    Benchmark.defaultConfiguration = .init(
        metrics: [.wallClock, .cpuTotal], maxDuration: .seconds(2), maxIterations: 200)
    let directory = FileManager.default.temporaryDirectory.path + "/viber-rollcall-benchmark"
    // Removes the files of the last time, since there is no hook that runs after all benchmarks.
    try? FileManager.default.removeItem(atPath: directory)
    do {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        for path in try HotPath.all(ids: 10_000, in: directory) {
            Benchmark("\(path.name), \(path.ids) ids") { _ in try path.work() }
        }
    } catch {
        fatalError("cannot set up: \(error)")
    }
}
