import Files
import Formats
import Synchronization

/// Counts the requests of the sandbox for tests, and logs each request if a log file is given.
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
        /// Ids that got tryLater and get their status next.
        var deferredIDs = Set<String>()
        var log: OutputFile?
        /// The first and the latest good response to `get_online`.
        var first: JSONObject?
        var previous: JSONObject?
    }

    private let state: Mutex<State>

    init(logPath: String?, allowedRate: Double) throws {
        let log = try logPath.map { try OutputFile(creating: $0) }
        state = Mutex(State(allowance: RequestAllowance(rate: allowedRate), log: log))
    }

    /// Counts a request as in flight.
    ///
    /// - Returns: the number of the request at its endpoint, from 1.
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

    /// Whether a `get_online` request is within the allowed rate.
    func allows() -> Bool {
        state.withLock { state in
            if state.allowance.acquire() { return true }
            state.throttled += 1
            return false
        }
    }

    func recordRefusedToken() { state.withLock { $0.refusedTokens += 1 } }

    /// Counts the ids of a `get_online` request and logs them.
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
            // The log is only for observers, so the sandbox goes on if it cannot be written.
            try? log.write(json.bytes + [0x0A])
            try? log.flush()
        }
    }

    /// Whether the id gets tryLater this time: at every first of two requests.
    func answersTryLater(_ id: String) -> Bool {
        state.withLock { state in
            if state.deferredIDs.remove(id) != nil { return false }
            state.deferredIDs.insert(id)
            return true
        }
    }

    /// Stores a good response for the faults `swapped` and `replayed`.
    ///
    /// - Returns: the first and the previous good response before this one.
    func recordGoodResponse(_ response: JSONObject) -> (first: JSONObject?, previous: JSONObject?) {
        state.withLock { state in
            defer {
                state.first = state.first ?? response
                state.previous = response
            }
            return (state.first, state.previous)
        }
    }

    /// The counts as JSON.
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
