import Files
import Formats
import Synchronization

/// What the sandbox has seen: numbers for a test to check, and a log line for each request if wanted.
final class RequestLog: Sendable {
    private struct State {
        var online = 0
        var account = 0
        var refusedTokens = 0
        var ids = 0
        var largestBatch = 0
        var inFlight = 0
        var throttled = 0
        var allowance: RequestAllowance
        var maxInFlight = 0
        /// Ids that were answered with tryLater once and get their status next.
        var deferredIDs = Set<String>()
        var log: OutputFile?
        /// Good answers to `get_online`: the first one ever, and the last one.
        var first: JSONObject?
        var previous: JSONObject?
    }

    private let state: Mutex<State>

    init(logPath: String?, allowedRate: Double) throws {
        let log = try logPath.map { try OutputFile(creating: $0) }
        state = Mutex(State(allowance: RequestAllowance(rate: allowedRate), log: log))
    }

    /// - Returns: the request's number at its endpoint, from 1.
    func begin(_ endpoint: Fault.Endpoint) -> Int {
        state.withLock { state in
            state.inFlight += 1
            state.maxInFlight = max(state.maxInFlight, state.inFlight)
            switch endpoint {
            case .online: state.online += 1
            case .account: state.account += 1
            }
            return endpoint == .online ? state.online : state.account
        }
    }

    func end() { state.withLock { $0.inFlight -= 1 } }

    /// Whether a `get_online` request comes within what is allowed a second.
    func allows() -> Bool {
        state.withLock { state in
            if state.allowance.acquire() { return true }
            state.throttled += 1
            return false
        }
    }

    func recordRefusedToken() { state.withLock { $0.refusedTokens += 1 } }

    /// Notes a `get_online` request's ids, and logs them.
    func record(_ ids: [String], number: Int, answer: String) {
        state.withLock { state in
            state.ids += ids.count
            state.largestBatch = max(state.largestBatch, ids.count)
            guard let log = state.log else { return }
            var json = JSONWriter()
            json.beginObject()
            json.member("request", number)
            json.member("in_flight", state.inFlight)
            json.member("answer", answer)
            json.key("ids")
            json.beginArray()
            for id in ids { json.string(id) }
            json.endArray()
            json.endObject()
            // The log serves whoever watches; the sandbox answers on if it cannot be written.
            try? log.write(json.bytes + [0x0A])
            try? log.flush()
        }
    }

    /// Whether the id is to be asked later this time: every first of two questions.
    func answersTryLater(_ id: String) -> Bool {
        state.withLock { state in
            if state.deferredIDs.remove(id) != nil { return false }
            state.deferredIDs.insert(id)
            return true
        }
    }

    /// Keeps a good answer for later.
    /// Returns the first one ever and the one before, as they were.
    func recordGoodResponse(_ response: JSONObject) -> (first: JSONObject?, previous: JSONObject?) {
        state.withLock { state in
            defer {
                state.first = state.first ?? answer
                state.previous = answer
            }
            return (state.first, state.previous)
        }
    }

    /// The numbers as JSON.
    var statistics: [UInt8] {
        state.withLock { state in
            var json = JSONWriter()
            json.beginObject()
            for (name, value) in [
                ("get_online", state.online), ("get_account_info", state.account),
                ("refused_tokens", state.refusedTokens),
                ("throttled", state.throttled),
                ("ids", state.ids), ("largest_batch", state.largestBatch), ("most_in_flight", state.maxInFlight),
            ] {
                json.member(name, value)
            }
            json.endObject()
            return json.bytes
        }
    }
}
