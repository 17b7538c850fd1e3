import Files
import Formats
import Journal
package import Snapshots
package import Subscribers
package import ViberAPI

/// Everything that a run is told. Whoever makes it has checked each value.
package struct JobSettings: Sendable {
    package var source: SubscriberSource
    package var output: OutputDirectory
    package var formats: Set<SnapshotFormat>
    package var api: APISettings
    /// The most requests in flight.
    package var concurrency: Int
    /// Requests a second; 0 is no limit.
    package var rate: Double
    /// The wait before each later pass over the ids without a definite answer.
    package var settle: [Duration]
    /// For the whole run, from its beginning.
    package var deadline: Duration?
    /// How long ago an unfinished run may have begun to be gone on with.
    package var resumeWithin: Duration
    /// By how many percent the list may be shorter than in its last successful run.
    package var maxShrink: Double
    /// Whether no earlier run is gone on with.
    package var startsFresh: Bool
    /// The version of the program, for the summary.
    package var toolVersion: String

    package init(
        source: SubscriberSource,
        output: OutputDirectory,
        formats: Set<SnapshotFormat>,
        api: APISettings,
        concurrency: Int,
        rate: Double,
        settle: [Duration],
        deadline: Duration?,
        resumeWithin: Duration,
        maxShrink: Double,
        startsFresh: Bool,
        toolVersion: String
    ) {
        self.source = source
        self.output = output
        self.formats = formats
        self.api = api
        self.concurrency = concurrency
        self.rate = rate
        self.settle = settle
        self.deadline = deadline
        self.resumeWithin = resumeWithin
        self.maxShrink = maxShrink
        self.startsFresh = startsFresh
        self.toolVersion = toolVersion
    }

    /// What has to be the same for a run to go on with another's work.
    var resumeKey: String {
        var json = JSONWriter()
        json.beginArray()
        let source = source.options
        let place = source.isStandardInput ? "-" : FilePaths.absolute(source.path)
        for value in [place, source.column, source.table, source.query, source.delimiter.map(String.init)] {
            if let value { json.string(value) } else { json.null() }
        }
        json.bool(source.noHeader)
        json.string(api.baseURL.description)
        json.endArray()
        return String(decoding: json.bytes, as: UTF8.self)
    }
}

/// How the API is reached.
package struct APISettings: Sendable {
    package var baseURL: BaseURL
    package var token: AuthToken
    /// For one request and its whole answer.
    package var timeout: Duration
    /// More trusted certificates: the path of a PEM file.
    package var caFile: String?
    package var keepWebhook: Bool
    /// What a person should know of the token's file.
    package var warnings: [String] = []
    /// What a person may want to know.
    package var notes: [String] = []

    package init(
        baseURL: BaseURL, token: AuthToken, timeout: Duration, caFile: String? = nil, keepWebhook: Bool = false
    ) {
        self.baseURL = baseURL
        self.token = token
        self.timeout = timeout
        self.caFile = caFile
        self.keepWebhook = keepWebhook
    }

    /// A hash by which a later run knows the token again. `key`: draws 64 bits.
    func tokenHash(key: () -> UInt64) -> RunRecord.TokenHash {
        let key = [key(), key()].map { String($0, radix: 16) }.joined(separator: "-")
        return RunRecord.TokenHash(key: key, hash: token.hash(key: key))
    }

    /// Whether an unfinished run was begun with this token.
    func isToken(of record: RunRecord) -> Bool { record.token.map { token.hash(key: $0.key) == $0.hash } ?? false }

    package var clientOptions: ViberClient.Options {
        ViberClient.Options(
            baseURL: baseURL, token: token, timeout: timeout, caFile: caFile,
            keepWebhook: keepWebhook)
    }
}
