/// Everything in a snapshot except its rows: the content of `summary.json`.
package struct RunSummary: Sendable, Equatable {
    package var run: Run
    package var source: Source
    package var account: Account?
    /// Why `account` is nil.
    package var accountError: String?
    package var counts = Counts()
    package var api = APIUsage()
    package var timing = Timing()
    /// Warnings for the user, one sentence each.
    package var warnings: [String] = []

    package init(run: Run, source: Source) {
        self.run = run
        self.source = source
    }

    /// Whether two runs read the same source: by their keys, or by kind, name and column if one has none.
    package func hasSameSource(as other: RunSummary) -> Bool { source.isSame(as: other.source) }

    /// Whether two runs were for the same account. An unknown account counts as the same.
    package func hasSameAccount(as other: RunSummary) -> Bool {
        guard let own = account?.id, let others = other.account?.id else { return true }
        return Account.isSame(own, as: others)
    }

    /// The valid range of all counts. Sums of a few such numbers cannot overflow.
    package static let plausible = 0...(1 << 53)

    package struct Run: Sendable, Equatable {
        package var id: RunID
        package var startedAt: Timestamp
        package var finishedAt: Timestamp
        package var toolVersion: String
        /// Whether every accepted id has a definite answer.
        package var complete = false
        package var exitCode: Int32 = 0
        /// Whether the run finished; a run that stopped early can be resumed.
        package var isFinished: Bool { exitCode == 0 || exitCode == 3 }
        package var passes = 0
        /// The number of times the run was resumed.
        package var resumed = 0

        package init(id: RunID, startedAt: Timestamp, toolVersion: String) {
            self.id = id
            self.startedAt = startedAt
            finishedAt = startedAt
            self.toolVersion = toolVersion
        }
    }

    /// The source and its rows. `rowsRead = accepted + sum(rejected)`, `accepted = unique + duplicates`.
    package struct Source: Sendable, Equatable {
        /// `csv` or `sqlite`.
        package var kind: String
        /// Base name of the file, or `stdin`.
        package var name: String
        /// Equal for runs of the same source: kind, path, table or query, and column. Nil for runs of earlier versions.
        package var key: String?
        /// The name of the id column, or its position if it has no name.
        package var column: String
        package var rowsRead = 0
        package var accepted = 0
        package var duplicates = 0
        package var unique = 0
        /// Rejected rows by reason, in order of the first row with each reason.
        package var rejected: [RejectedCount] = []
        /// Cells with blanks around the id that were removed.
        package var trimmed = 0

        package init(kind: String, name: String, column: String) {
            self.kind = kind
            self.name = name
            self.column = column
        }

        /// Whether two runs read the same source.
        package func isSame(as other: Source) -> Bool {
            if let key, let other = other.key { return key == other }
            return zip([kind, name, column], [other.kind, other.name, other.column]).allSatisfy {
                $0.utf8.elementsEqual($1.utf8)
            }
        }

        package var rejectedTotal: Int { rejected.reduce(0) { $0 + $1.rows } }

        package mutating func reject(_ reason: String, rows: Int = 1) {
            if let index = rejected.firstIndex(where: { $0.reason == reason }) {
                rejected[index].rows += rows
            } else {
                rejected.append(RejectedCount(reason: reason, rows: rows))
            }
        }
    }

    package struct RejectedCount: Sendable, Equatable {
        package var reason: String
        package var rows: Int

        package init(reason: String, rows: Int) {
            self.reason = reason
            self.rows = rows
        }
    }

    /// The requests of a run and the oddities in their replies.
    package struct APIUsage: Sendable, Equatable {
        /// `get_online` requests sent, including retries.
        package var requests = 0
        package var retries = 0
        /// Requests answered with API status 12, HTTP 429 or 503.
        package var throttled = 0
        /// Users in replies that were not requested.
        package var extraUsers = 0
        /// Users that occurred more than once in one reply.
        package var duplicateUsers = 0
        package var statusMessageMismatches = 0

        package init() {}

        package static func += (total: inout APIUsage, more: APIUsage) {
            total.requests += more.requests
            total.retries += more.retries
            total.throttled += more.throttled
            total.extraUsers += more.extraUsers
            total.duplicateUsers += more.duplicateUsers
            total.statusMessageMismatches += more.statusMessageMismatches
        }
    }

    /// Durations in seconds, from a monotonic clock.
    package struct Timing: Sendable, Equatable {
        package var spool = 0.0
        package var asking = 0.0
        package var publish = 0.0
        package var total = 0.0

        package init() {}
    }
}

/// A file of a snapshot, as `summary.json` lists it.
package struct ManifestEntry: Sendable, Equatable {
    package var name: String
    /// The number of rows without the header.
    package var rows: Int
    /// The length in bytes.
    package var bytes: Int
    /// Lower-case hex.
    package var sha256: String

    package init(name: String, rows: Int, bytes: Int, sha256: String) {
        self.name = name
        self.rows = rows
        self.bytes = bytes
        self.sha256 = sha256
    }
}
