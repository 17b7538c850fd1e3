import Model

/// Creates the responses of the sandbox.
struct SandboxAPI: Sendable {
    let options: SandboxServer.Options
    private let requestLog: RequestLog
    private let schedule: FaultSchedule

    init(_ options: SandboxServer.Options) throws {
        self.options = options
        requestLog = try RequestLog(logPath: options.logPath, allowedRate: options.allowedRate)
        schedule = FaultSchedule(faults: options.faults, seed: options.seed)
    }

    /// The number and the fault of a request to one of the two endpoints, assigned when its head arrives.
    struct Ticket: Sendable {
        fileprivate let endpoint: Fault.Endpoint
        fileprivate let number: Int
        let fault: Fault?
    }

    struct Request: Sendable {
        var path: String
        var token: String?
        var body: [UInt8] = []
    }

    /// Numbers a new request and counts it as in flight until `end`.
    ///
    /// - Parameters:
    ///   - method: the HTTP method.
    ///   - path: the path without the query.
    /// - Returns: nil for a request to any other endpoint than Viber's.
    func begin(_ method: String, _ path: String) -> Ticket? {
        let endpoint: Fault.Endpoint
        switch (method, path) {
        case ("POST", "/pa/get_online"): endpoint = .online
        case ("POST", "/pa/get_account_info"), ("GET", "/pa/get_account_info"): endpoint = .account
        default: return nil
        }
        let number = requestLog.begin(endpoint)
        return Ticket(endpoint: endpoint, number: number, fault: schedule.fault(endpoint, request: number))
    }

    /// The ticket of a complete request: its ids may select another fault.
    ///
    /// - Parameters:
    ///   - ticket: the ticket from `begin`.
    ///   - request: the complete request.
    /// - Returns: the ticket with the fault to apply.
    func ticket(_ ticket: Ticket?, for request: Request) -> Ticket? {
        guard let ticket, ticket.endpoint == .online, schedule.matchesIDs,
            let ids = SandboxBodies.ids(of: request.body), let fault = schedule.fault(carrying: ids)
        else { return ticket }
        return Ticket(endpoint: ticket.endpoint, number: ticket.number, fault: fault)
    }

    func end(_ ticket: Ticket?) { if ticket != nil { requestLog.end() } }

    /// Waits for the latency and returns the response. Toxics are applied by `WireScript`.
    func reply(to request: Request, _ ticket: Ticket?) async throws -> SandboxReply {
        guard let ticket else {
            return request.path == "/sandbox/stats" ? .json(requestLog.statistics) : SandboxReply(code: 404)
        }
        let ids = ticket.endpoint == .online ? SandboxBodies.ids(of: request.body) : nil
        // Requests above the allowed rate are refused first.
        let isAllowed = ticket.endpoint == .account || requestLog.allows()
        if ticket.endpoint == .online {
            let answer = isAllowed ? ticket.fault?.name ?? "ok" : "status-12"
            requestLog.record(ids ?? [], number: ticket.number, answer: answer)
        }
        try await Self.pause(ticket.fault?.kind == .page(.hang) ? .seconds(3_600) : options.latency)
        guard isAllowed else { return .json(SandboxBodies.error(12, "Too many requests")) }
        if let reply = ticket.fault.flatMap({ SandboxReply.replacement(by: $0) }) { return reply }
        guard request.token == options.token else {
            requestLog.recordRefusedToken()
            return .json(SandboxBodies.error(2, "invalidAuthToken"))
        }
        guard ticket.endpoint == .online else {
            let account = SandboxBodies.account(subscribers: options.subscribers)
            return .good(account, ticket.fault, token: request.token)
        }
        guard let ids else { return .json(SandboxBodies.error(4, "missingData")) }
        guard !ids.isEmpty, ids.count <= options.maxIDs, options.poison.isDisjoint(with: ids) else {
            return .json(SandboxBodies.error(3, "badData"))
        }
        return online(ids, ticket.fault, token: request.token)
    }

    private func online(_ ids: [String], _ fault: Fault?, token: String?) -> SandboxReply {
        let users = ids.map { id in
            let isDeferred = fault?.kind == .users(.tryLater) || isDeferred(id)
            return SandboxBodies.User(
                id: id,
                status: isDeferred ? .tryLater : SimulatedStatus.status(of: id.utf8),
                lastOnline: isDeferred ? nil : SimulatedStatus.lastOnline(of: id.utf8)
            )
        }
        let good = SandboxBodies.online(users.map(\.json.text))
        let recorded = requestLog.recordGoodResponse(good)
        guard let fault else { return .json(good) }
        switch fault.kind {
        case .users(.swapped): return .json(recorded.previous ?? good)
        case .users(.replayed): return .json(recorded.first ?? good)
        default: return .good(SandboxBodies.online(fault.altered(users)), fault, token: token)
        }
    }

    private func isDeferred(_ id: String) -> Bool {
        SimulatedStatus.isTryLaterFirst(id.utf8, every: options.tryLaterEvery) && requestLog.answersTryLater(id)
    }

    /// Waits; the end of the sandbox cancels the wait.
    private static func pause(_ duration: Duration) async throws {
        guard duration > .zero else { return }
        try await Task.sleep(for: duration)
    }
}
