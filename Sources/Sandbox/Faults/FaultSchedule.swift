/// Which request is struck by which fault: a function of the faults, the seed and the request's number.
struct FaultSchedule: Sendable {
    var faults: [Fault]
    var seed: UInt64 = 0

    /// The fault that strikes the endpoint's request of this number: the first one given, if several would.
    func fault(_ endpoint: Fault.Endpoint, request number: Int) -> Fault? {
        let struck = faults.first { $0.endpoint == endpoint && $0.applies(request: number, seed: seed) }
        guard let fault = struck, fault.kind == .any else { return struck }
        let kinds = Fault.recoverable.filter { endpoint == .online || !$0.kind.affectsUsers }
        return kinds[Int(fault.random("kind", number, seed) % UInt64(kinds.count))]
    }

    /// Whether some faults go by what a request carries.
    var matchesIDs: Bool { faults.contains { $0.id != nil } }

    /// The fault that strikes a request for what it carries: the first one given, if several would.
    func fault(carrying ids: [String]) -> Fault? { faults.first { $0.id.map(ids.contains) ?? false } }
}

extension Fault {
    /// What `any` draws from: every kind that a client can get over at once by asking again, and that makes no untrue
    /// answer look like a good one.
    package static let recoverable: [Fault] = {
        let codes = [
            "http-400", "http-408", "http-413", "http-418", "http-425", "http-429", "http-500", "http-502", "http-503",
            "http-504", "http-520", "http-599", "status-3", "status-4", "status-5", "status-6", "status-11",
            "status-12", "status-999", "status--1",
        ]
        let others = groups.flatMap(\.kinds).map(\.name).filter { !unrecoverable.contains($0) }
        return (codes + others).compactMap { Fault($0) }
    }()

    /// What ends a run, lasts a second or longer, or hides the truth for good.
    private static let unrecoverable: Set<String> = [
        "redirect", "hang", "timeout", "latency", "bandwidth", "slow-close", "drip", "last-online-absent",
        "last-online-negative",
    ]
}
