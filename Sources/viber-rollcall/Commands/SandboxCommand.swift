import ArgumentParser
import Files
import Foundation
import Glibc
import Sandbox
import SnapshotJob

/// `sandbox`: serves a stand-in Viber API on this machine.
struct SandboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sandbox",
        abstract: "Run a stand-in Viber API on loopback, with faults on request.",
        discussion: """
            Answers get_online and get_account_info as Viber does: HTTP 200 with a status in the body, badData for \
            more than 100 ids, invalidAuthToken for a wrong token. The status of an id is a function of its bytes, \
            documented in docs/options.md. GET /sandbox/stats returns what was requested so far.

            A fault is [account:]KIND[:ARGUMENT][@WHEN]. WHEN counts requests from 1: N, N-M, N- (from N on), /K \
            (every K-th) or ~K (one in K at random, the same ones with the same --seed); =ID selects every request \
            that carries that id. For example --fault http-503@1-3 --fault http-429:5@/10 --fault reset-peer@~20. KIND \
            is http-CODE[:RETRY-AFTER] (http-3XX[:LOCATION]), status-CODE, any (a random recoverable fault each time), \
            or one of these. A number shown is the default: milliseconds, bytes, or bytes per second.

            \(kinds)

            The sandbox accepts the token in VIBER_AUTH_TOKEN. If it is not set, it accepts a demo token and prints it.
            """
    )

    @Option(help: "Port on 127.0.0.1; 0 for any free port.")
    var port: UInt16 = 8089

    @Option(help: ArgumentHelp("Delay added to every response, such as 100ms.", valueName: "duration"))
    var latency: String = "0ms"

    @Option(help: ArgumentHelp("Fault to inject, as described above. May be repeated.", valueName: "fault"))
    var fault: [String] = []

    @Option(help: ArgumentHelp("Seed for random faults (~K and any).", valueName: "n"))
    var seed: UInt64 = 0

    @Option(
        name: .customLong("tls-cert"),
        help: ArgumentHelp("Serve https with this certificate (PEM); requires --tls-key.", valueName: "file"))
    var certificate: String?

    @Option(
        name: .customLong("tls-key"),
        help: ArgumentHelp("Private key of the certificate (PEM).", valueName: "file"))
    var key: String?

    @Option(help: ArgumentHelp("Answer tryLater first for one id in N; 0 for none.", valueName: "n"))
    var tryLater: UInt16 = 50

    @Option(help: ArgumentHelp("Requests per second; answer status 12 above that. 0 for no limit.", valueName: "r"))
    var allow: Double = 0

    @Option(
        name: .customLong("most-ids"),
        help: ArgumentHelp("Maximum number of ids per request; answer badData to more.", valueName: "n"))
    var mostIDs: UInt8 = 100

    @Option(
        help: ArgumentHelp(
            "Answer badData to every request with this id. May be repeated.", valueName: "id"))
    var poison: [String] = []

    @Option(help: ArgumentHelp("The subscribers_count that get_account_info returns.", valueName: "n"))
    var subscribers = 2_500

    @Option(
        help: ArgumentHelp(
            "Log to this new file: one JSON line per get_online request, with its ids.", valueName: "file"))
    var log: String?

    @Option(
        help: ArgumentHelp(
            "Instead of serving, print a list of \(listSize) ids, good or with one of these defects: \(listKinds).",
            valueName: "kind"))
    var list: String?

    private static let listSize = 100
    private static var listKinds: String { (["good"] + FaultyList.allCases.map(\.rawValue)).joined(separator: ", ") }

    func run() async throws {
        if let list { return try Self.write(list) }
        let given = ProcessInfo.processInfo.environment["VIBER_AUTH_TOKEN"] ?? ""
        let usesDemoToken = given.isEmpty
        var options = SandboxServer.Options(token: usesDemoToken ? SandboxServer.demoToken : given)
        options.port = Int(port)
        options.subscribers = subscribers
        options.tryLaterEvery = Int(tryLater)
        options.allowedRate = allow
        options.maxIDs = Int(mostIDs)
        options.poison = Set(poison)
        options.logPath = log
        guard let duration = Duration(parsing: latency) else {
            throw UsageError(
                description: "--latency '\(latency)' is not valid: give a duration like 100ms or 2s")
        }
        options.latency = duration
        options.faults = try fault.map { text in
            guard let fault = Fault(text) else {
                throw UsageError(
                    description: "--fault '\(text)' names no known fault; see viber-rollcall sandbox --help")
            }
            return fault
        }
        options.seed = seed
        options.certificate = try tlsCertificate()
        let scheme = options.certificate == nil ? "http" : "https"
        let trust = certificate.map { " --ca-file \($0)" } ?? ""
        let signals = StopSignals()
        do {
            try await signals.stopping { [options] in try await Self.serve(options, usesDemoToken, scheme, trust) }
        } catch is CancellationError {
            // As process 1 of a container, a process does not end by the default action of a signal.
            throw ExitStatus(signal: signals.received ?? SIGTERM).code
        }
    }

    /// Serves until the task is cancelled.
    private static func serve(
        _ options: SandboxServer.Options, _ usesDemoToken: Bool, _ scheme: String, _ trust: String
    ) async throws {
        try await SandboxServer.with(options) { port in
            let token = usesDemoToken ? "VIBER_AUTH_TOKEN=\(SandboxServer.demoToken) " : ""
            try StandardStream.output.write(
                """
                The sandbox listens on \(scheme)://127.0.0.1:\(port) until it is interrupted. Try:
                  \(token)viber-rollcall ids.csv --base-url \(scheme)://127.0.0.1:\(port)\(trust)

                """)
            while true { try await Task.sleep(for: .seconds(3_600)) }
        }
    }

    private static func write(_ kind: String) throws {
        let ids = SampleIDs.ids(listSize)
        if kind == "good" {
            try StandardStream.output.write((["id"] + ids).map { $0 + "\n" }.joined())
        } else if let faulty = FaultyList(rawValue: kind) {
            try StandardStream.output.write(faulty.text(ids))
        } else {
            throw UsageError(description: "--list '\(kind)' names no known kind of list: give one of \(listKinds)")
        }
    }

    private func tlsCertificate() throws -> SandboxCertificate? {
        switch (certificate, key) {
        case (nil, nil): return nil
        case (let certificate?, let key?):
            do {
                return try SandboxCertificate(certificates: certificate, key: key)
            } catch {
                throw UsageError(
                    description: "--tls-cert '\(certificate)' and --tls-key '\(key)' cannot be used: they must be "
                        + "a certificate and its private key, in PEM form")
            }
        default: throw UsageError(description: "--tls-cert and --tls-key must be given together")
        }
    }

    /// The kinds of faults for the help, one line per group.
    private static var kinds: String {
        Fault.groups.map { "\($0.title): \($0.kinds.map(\.usage).joined(separator: ", "))." }
            .joined(separator: "\n\n")
    }
}
