import ArgumentParser
import Files
import Foundation
import Glibc
import Sandbox
import SnapshotJob

/// `sandbox`: a stand-in Viber API on this machine.
struct SandboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sandbox",
        abstract: "Run a stand-in Viber API on loopback, with faults on request.",
        discussion: """
            Answers get_online and get_account_info as Viber does: HTTP 200 with a status in the body, badData for more \
            than 100 ids, invalidAuthToken for a wrong token. The status of an id is a function of its bytes; docs/options.md \
            gives it. GET /sandbox/stats tells what was asked so far.

            A fault is [account:]KIND[:ARGUMENT][@WHEN]. WHEN counts requests from 1: N, N-M, N- (from then on), /K (every \
            K-th) or ~K (one in K at random, the same ones with the same --seed); =ID is every request that carries that id. For example --fault http-503@1-3 \
            --fault http-429:5@/10 --fault reset-peer@~20. KIND is http-CODE[:RETRY-AFTER] (http-3XX[:LOCATION]), status-CODE, \
            any (each time another one of those that a client gets over by asking again), or one of these. A number shown is \
            the usual one: milliseconds, bytes, or bytes a second.

            \(kinds)

            The token it accepts is VIBER_AUTH_TOKEN of the environment, else a made-up one that it prints.
            """
    )

    @Option(help: "Port on 127.0.0.1; 0 takes a free one.")
    var port: UInt16 = 8089

    @Option(help: ArgumentHelp("Added to every answer, such as 100ms.", valueName: "duration"))
    var latency: String = "0ms"

    @Option(help: ArgumentHelp("Something to do wrong; may be given several times.", valueName: "fault"))
    var fault: [String] = []

    @Option(help: ArgumentHelp("Of what is random about the faults.", valueName: "n"))
    var seed: UInt64 = 0

    @Option(
        name: .customLong("tls-cert"),
        help: ArgumentHelp("Speak https with this certificate (PEM); with --tls-key.", valueName: "file"))
    var certificate: String?

    @Option(name: .customLong("tls-key"), help: ArgumentHelp("Its private key (PEM).", valueName: "file"))
    var key: String?

    @Option(help: ArgumentHelp("One id of so many is answered tryLater at first; 0 is none.", valueName: "n"))
    var tryLater: UInt16 = 50

    @Option(help: ArgumentHelp("Requests a second; above that the answer is status 12. 0 is no limit.", valueName: "r"))
    var allow: Double = 0

    @Option(
        name: .customLong("most-ids"),
        help: ArgumentHelp("The most ids in a request; more are badData.", valueName: "n"))
    var mostIDs: UInt8 = 100

    @Option(
        help: ArgumentHelp(
            "An id that makes every request with it badData; may be given several times.", valueName: "id"))
    var poison: [String] = []

    @Option(help: ArgumentHelp("What get_account_info gives as subscribers_count.", valueName: "n"))
    var subscribers = 2_500

    @Option(help: ArgumentHelp("New file for a JSON line a get_online request, with its ids.", valueName: "file"))
    var log: String?

    @Option(
        help: ArgumentHelp(
            "Write a list of \(listSize) ids to standard output instead, good or spoiled in one of these ways: \(listKinds).",
            valueName: "kind"))
    var list: String?

    private static let listSize = 100
    private static var listKinds: String { (["good"] + FaultyList.allCases.map(\.rawValue)).joined(separator: ", ") }

    func run() async throws {
        if let list { return try Self.write(list) }
        let given = ProcessInfo.processInfo.environment["VIBER_AUTH_TOKEN"] ?? ""
        let isMadeUp = given.isEmpty
        var options = SandboxServer.Options(token: isMadeUp ? SandboxServer.demoToken : given)
        options.port = Int(port)
        options.subscribers = subscribers
        options.tryLaterEvery = Int(tryLater)
        options.allowedRate = allow
        options.maxIDs = Int(mostIDs)
        options.poison = Set(poison)
        options.logPath = log
        guard let duration = Duration(parsing: latency) else {
            throw UsageError(
                description: "--latency '\(latency)' cannot be read: it has to be a duration like 100ms or 2s")
        }
        options.latency = duration
        options.faults = try fault.map { text in
            guard let fault = Fault(text) else {
                throw UsageError(description: "--fault '\(text)' is no fault; see viber-rollcall sandbox --help")
            }
            return fault
        }
        options.seed = seed
        options.certificate = try secured()
        let scheme = options.certificate == nil ? "http" : "https"
        let trust = certificate.map { " --ca-file \($0)" } ?? ""
        let signals = StopSignals()
        do {
            try await signals.stopping { [options] in try await Self.serve(options, isMadeUp, scheme, trust) }
        } catch is CancellationError {
            // As process 1 of a container it ends for no signal by itself.
            throw ExitStatus(signal: signals.received ?? SIGTERM).code
        }
    }

    /// Serves until the task is cancelled.
    private static func serve(
        _ options: SandboxServer.Options, _ isMadeUp: Bool, _ scheme: String, _ trust: String
    ) async throws {
        try await SandboxServer.with(options) { port in
            let token = isMadeUp ? "VIBER_AUTH_TOKEN=\(SandboxServer.demoToken) " : ""
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
        } else if let spoiled = FaultyList(rawValue: kind) {
            try StandardStream.output.write(spoiled.text(ids))
        } else {
            throw UsageError(description: "--list '\(kind)' names no kind of list; they are: \(listKinds)")
        }
    }

    private func secured() throws -> SandboxCertificate? {
        switch (certificate, key) {
        case (nil, nil): return nil
        case (let certificate?, let key?):
            do {
                return try SandboxCertificate(certificates: certificate, key: key)
            } catch {
                throw UsageError(
                    description: "--tls-cert '\(certificate)' and --tls-key '\(key)' cannot be used: they have to be "
                        + "a certificate and its private key, in PEM form")
            }
        default: throw UsageError(description: "--tls-cert and --tls-key go together")
        }
    }

    /// The kinds of faults, in lines that say what they are about.
    private static var kinds: String {
        Fault.groups.map { "\($0.title): \($0.kinds.map(\.usage).joined(separator: ", "))." }
            .joined(separator: "\n\n")
    }
}
