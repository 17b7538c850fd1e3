import Model

/// What the sandbox answers to a request.
struct SandboxAPI: Sendable {
    let options: SandboxServer.Options
    private let requestLog: RequestLog
    private let schedule: FaultSchedule

    init(_ options: SandboxServer.Options) throws {
        self.options = options
        requestLog = try RequestLog(logPath: options.logPath, allowedRate: options.allowedRate)
        schedule = FaultSchedule(faults: options.faults, seed: options.seed)
    }

    /// A request to one of the two endpoints, which has its number and its fate as soon as it begins.
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

    /// Numbers a request that begins, and counts it as in flight until `end`.
    /// Returns nil for one that is not for Viber's endpoints.
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

    /// The ticket of a request whose content has come: what it carries may decide its fate.
    func ticket(_ ticket: Ticket?, for request: Request) -> Ticket? {
        guard let ticket, ticket.endpoint == .online, schedule.matchesIDs,
            let ids = SandboxAnswers.ids(of: request.body), let fault = schedule.fault(carrying: ids)
        else { return ticket }
        return Ticket(endpoint: ticket.endpoint, number: ticket.number, fault: fault)
    }

    func end(_ ticket: Ticket?) { if ticket != nil { requestLog.end() } }

    /// The answer, after the time it takes. Toxics are up to the server.
    func reply(to request: Request, _ ticket: Ticket?) async throws -> SandboxReply {
        guard let ticket else {
            return request.path == "/sandbox/stats" ? .json(requestLog.statistics) : SandboxReply(code: 404)
        }
        let ids = ticket.endpoint == .online ? SandboxAnswers.ids(of: request.body) : nil
        // What comes too often is turned away at the door.
        let isAllowed = ticket.endpoint == .account || requestLog.allows()
        if ticket.endpoint == .online {
            let answer = isAllowed ? ticket.fault?.name ?? "ok" : "status-12"
            requestLog.record(ids ?? [], number: ticket.number, answer: answer)
        }
        try await Self.pause(ticket.fault?.kind == .page(.hang) ? .seconds(3_600) : options.latency)
        guard isAllowed else { return .json(SandboxAnswers.error(12, "Too many requests")) }
        if let reply = ticket.fault.flatMap({ SandboxReply.replacement(by: $0) }) { return reply }
        guard request.token == options.token else {
            requestLog.recordRefusedToken()
            return .json(SandboxAnswers.error(2, "invalidAuthToken"))
        }
        guard ticket.endpoint == .online else {
            let account = SandboxAnswers.account(subscribers: options.subscribers)
            return .good(account, ticket.fault, token: request.token)
        }
        guard let ids else { return .json(SandboxAnswers.error(4, "missingData")) }
        guard !ids.isEmpty, ids.count <= options.maxIDs, options.poison.isDisjoint(with: ids) else {
            return .json(SandboxAnswers.error(3, "badData"))
        }
        return online(ids, ticket.fault, token: request.token)
    }

    private func online(_ ids: [String], _ fault: Fault?, token: String?) -> SandboxReply {
        let users = ids.map { id in
            let isDeferred = fault?.kind == .users(.tryLater) || isDeferred(id)
            return SandboxAnswers.User(
                id: id,
                status: isDeferred ? .tryLater : SimulatedStatus.status(of: id.utf8),
                lastOnline: isDeferred ? nil : SimulatedStatus.lastOnline(of: id.utf8)
            )
        }
        let good = SandboxAnswers.online(users.map(\.json.text))
        let earlier = requestLog.recordGoodResponse(good)
        guard let fault else { return .json(good) }
        switch fault.kind {
        case .users(.swapped): return .json(earlier.previous ?? good)
        case .users(.replayed): return .json(earlier.first ?? good)
        default: return .good(SandboxAnswers.online(fault.altered(users)), fault, token: token)
        }
    }

    private func isDeferred(_ id: String) -> Bool {
        SimulatedStatus.isTryLaterFirst(id.utf8, every: options.tryLaterEvery) && requestLog.answersTryLater(id)
    }

    /// Waits, but not past the end of the sandbox, which cancels the task.
    private static func pause(_ duration: Duration) async throws {
        guard duration > .zero else { return }
        try await Task.sleep(for: duration)
    }
}
