import Files
import Formats
import Journal
package import Snapshots
package import Subscribers
package import ViberAPI

/// The settings of a run. Its creator has checked each value.
package struct JobSettings: Sendable {
    package var source: SubscriberSource
    package var output: OutputDirectory
    package var formats: Set<SnapshotFormat>
    package var api: APISettings
    /// Maximum number of requests in flight.
    package var concurrency: Int
    /// Requests per second; 0 for no limit.
    package var rate: Double
    /// The wait before each later pass over the ids that have no definite answer yet.
    package var settle: [Duration]
    /// Maximum duration of the whole run; nil for no limit.
    package var deadline: Duration?
    /// The greatest age, since its start, of an unfinished run to resume.
    package var resumeWithin: Duration
    /// The greatest loss of ids since the last successful run of the list, in percent.
    package var maxShrink: Double
    /// Whether no earlier run is resumed.
    package var startsFresh: Bool
    /// Version of the program, for the summary.
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

    /// A run resumes another one only if their keys are equal: the source, its options, and the API, as JSON.
    var resumeKey: String {
        var json = JSONWriter()
        json.beginArray()
        let source = source.options
        let location = source.isStandardInput ? "-" : FilePaths.absolute(source.path)
        for value in [location, source.column, source.table, source.query, source.delimiter.map(String.init)] {
            if let value { json.string(value) } else { json.null() }
        }
        json.bool(source.noHeader)
        json.string(api.baseURL.description)
        json.endArray()
        return String(decoding: json.bytes, as: UTF8.self)
    }
}

/// The settings for requests to the API.
package struct APISettings: Sendable {
    package var baseURL: BaseURL
    package var token: AuthToken
    /// Timeout of one request, until the end of its response.
    package var timeout: Duration
    /// Path of a PEM file with additional trusted certificates.
    package var caFile: String?
    /// Whether the account keeps the whole URL of its webhook, which may contain a secret.
    package var keepWebhook: Bool
    /// Warnings about the token file, one sentence each.
    package var warnings: [String] = []
    /// Information for the log, one sentence each.
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

    /// Hashes the token, so that a later run can recognize it.
    ///
    /// - Parameter key: returns 64 random bits.
    /// - Returns: the hash and its key.
    func tokenHash(key: () -> UInt64) -> RunRecord.TokenHash {
        let key = [key(), key()].map { String($0, radix: 16) }.joined(separator: "-")
        return RunRecord.TokenHash(key: key, hash: token.hash(key: key))
    }

    /// Whether an unfinished run was started with this token.
    func hasSameToken(as record: RunRecord) -> Bool {
        record.token.map { token.hash(key: $0.key) == $0.hash } ?? false
    }

    package var clientOptions: ViberClient.Options {
        ViberClient.Options(
            baseURL: baseURL, token: token, timeout: timeout, caFile: caFile,
            keepWebhook: keepWebhook)
    }
}
