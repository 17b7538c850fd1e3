/// Assigns faults to requests: a function of the faults, the seed and the request's number.
struct FaultSchedule: Sendable {
    var faults: [Fault]
    var seed: UInt64 = 0

    /// The fault of the request with this number at the endpoint: the first one of the list that applies.
    func fault(_ endpoint: Fault.Endpoint, request number: Int) -> Fault? {
        let matching = faults.first { $0.endpoint == endpoint && $0.applies(request: number, seed: seed) }
        guard let fault = matching, fault.kind == .any else { return matching }
        let kinds = Fault.recoverable.filter { endpoint == .online || !$0.kind.affectsUsers }
        return kinds[Int(fault.random("kind", number, seed) % UInt64(kinds.count))]
    }

    /// Whether some faults apply to requests with a certain id.
    var matchesIDs: Bool { faults.contains { $0.id != nil } }

    /// The fault of a request with these ids: the first one of the list that applies.
    func fault(carrying ids: [String]) -> Fault? { faults.first { $0.id.map(ids.contains) ?? false } }
}

extension Fault {
    /// The faults that `any` selects from: every kind from which a client recovers by repeating the request, and that
    /// does not make a false response look like a good one.
    package static let recoverable: [Fault] = {
        let codes = [
            "http-400", "http-408", "http-413", "http-418", "http-425", "http-429", "http-500", "http-502", "http-503",
            "http-504", "http-520", "http-599", "status-3", "status-4", "status-5", "status-6", "status-11",
            "status-12", "status-999", "status--1",
        ]
        let others = groups.flatMap(\.kinds).map(\.name).filter { !unrecoverable.contains($0) }
        return (codes + others).compactMap { Fault($0) }
    }()

    /// Faults that end a run, last a second or longer, or hide the true status permanently.
    private static let unrecoverable: Set<String> = [
        "redirect", "hang", "timeout", "latency", "bandwidth", "slow-close", "drip", "last-online-absent",
        "last-online-negative",
    ]
}
