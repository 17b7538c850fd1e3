import NIOHTTP1

/// A complete HTTP response of the sandbox.
struct SandboxReply: Sendable, Equatable {
    var code = 200
    var headers = HTTPHeaders()
    var body: [UInt8] = []

    static func json(_ body: [UInt8]) -> Self { Self(headers: ["content-type": "application/json"], body: body) }
    static func json(_ object: JSONObject) -> Self { json(Array(object.text.utf8)) }

    /// The response of a fault that replaces the good response; nil for other faults.
    static func replacement(by fault: Fault) -> Self? {
        switch fault.kind {
        case .http(let code):
            var reply = page
            reply.code = code
            reply.headers = [:]
            for value in fault.argument?.split(separator: "|", omittingEmptySubsequences: false) ?? [] {
                reply.headers.add(name: code < 400 ? "location" : "retry-after", value: String(value))
            }
            return reply
        case .status(let code): return json(SandboxBodies.error(code, "status \(code)"))
        case .page(.html): return page
        case .page(.empty), .page(.hang): return Self()
        case .page(.noContent): return Self(code: 204)
        case .page(.truncated):
            return json(Array(#"{"status":0,"status_message":"ok","users":[{"id":""#.utf8))
        case .page(.redirect):
            return Self(code: 302, headers: ["location": fault.argument ?? "http://127.0.0.1:9/pa/get_online"])
        default: return nil
        }
    }

    /// A good response, changed by a fault of its JSON or its encoding.
    ///
    /// - Parameters:
    ///   - document: the good response.
    ///   - fault: the fault; nil for none.
    ///   - token: the token of the request.
    /// - Returns: the response.
    static func good(_ document: JSONObject, _ fault: Fault?, token: String?) -> Self {
        guard let fault else { return json(document) }
        var document = document
        fault.apply(to: &document, token: token)
        var reply = json(fault.altered(document.text))
        if case .coding(let coding) = fault.kind {
            reply.headers.replaceOrAdd(name: "content-encoding", value: coding.label)
            reply.body = coding.encoded(reply.body)
        }
        return reply
    }

    private static let page = Self(
        headers: ["content-type": "text/html"], body: Array("<html><body>Sorry.</body></html>".utf8))
}
