extension Fault {
    /// What goes wrong. All but `http`, `status` and `any` are known by the names of their cases.
    package enum Kind: Sendable, Hashable {
        /// An HTTP status with a page in place of JSON. The argument is its `Location` (300 to 399) or `Retry-After`,
        /// as is; several, with `|` between them, are several headers.
        case http(Int)
        /// HTTP 200 with this `status` in the body.
        case status(Int)
        case page(Page)
        case users(Users)
        case document(Document)
        case coding(ContentEncoding)
        case toxic(Toxic)
        /// At each strike another one of `Fault.recoverable`.
        case any

        init?(_ name: String) {
            let named: Self? =
                Page(rawValue: name).map(Self.page) ?? Users(rawValue: name).map(Self.users)
                ?? Document(rawValue: name).map(Self.document) ?? ContentEncoding(rawValue: name).map(Self.coding)
                ?? Toxic(rawValue: name).map(Self.toxic)
            if let named {
                self = named
            } else if name == "any" {
                self = .any
            } else if name.hasPrefix("http-"), let code = Int(name.dropFirst(5)), (300...599).contains(code) {
                self = .http(code)
            } else if name.hasPrefix("status-"), let code = Int(name.dropFirst(7)) {
                self = .status(code)
            } else {
                return nil
            }
        }

        var name: String {
            switch self {
            case .http(let code): "http-\(code)"
            case .status(let code): "status-\(code)"
            case .page(let page): page.rawValue
            case .users(let users): users.rawValue
            case .document(let document): document.rawValue
            case .coding(let coding): coding.rawValue
            case .toxic(let toxic): toxic.rawValue
            case .any: "any"
            }
        }

        /// The name, and the argument that may follow.
        package var usage: String {
            self == .page(.redirect) ? "\(name)[:LOCATION]" : defaultAmount.map { "\(name)[:\($0)]" } ?? name
        }

        /// Whether the fault has a meaning for `get_online` only.
        var affectsUsers: Bool { if case .users = self { true } else { false } }

        /// The number of a kind that takes one, where none is given.
        var defaultAmount: Int? {
            switch self {
            case .users(.unknownStatus): 99
            case .document(.deepNesting): 100_000
            case .toxic(.latency), .toxic(.slowClose): 1_000
            case .toxic(.bandwidth): 1_024
            case .toxic(.limitData): 100
            default: nil
            }
        }

        func accepts(_ argument: String?) -> Bool {
            guard let argument else { return true }
            switch self {
            case .http, .page(.redirect): return argument.utf8.allSatisfy { (0x20...0x7e).contains($0) }
            case .users(.unknownStatus): return Int(argument) != nil
            default:
                return defaultAmount != nil && Int(argument).map { (1...100_000_000).contains($0) } == true
            }
        }
    }

    /// Something else in place of the JSON.
    package enum Page: String, Sendable, CaseIterable {
        case html, empty
        /// HTTP 204.
        case noContent = "no-content"
        /// JSON that ends in the middle of the first user, although the length is right.
        case truncated
        /// HTTP 302 to the argument, else to a port where nobody listens.
        case redirect
        /// No answer for an hour, then an empty one.
        case hang
    }

    /// A good answer with something wrong about its users: the first one, where nothing else is said.
    package enum Users: String, Sendable, CaseIterable {
        /// Left out, given besides somebody unknown, twice, or twice with different statuses.
        case missing, extra, duplicate, conflict
        /// With the id in the other case, with a blank behind the id, or a string in place of the object.
        case otherCase = "other-case"
        case padded
        case noObject = "no-object"
        /// All users in reverse order, or all to be asked later.
        case reversed
        case tryLater = "try-later"
        /// All ids escaped as JSON allows it: `\/`, or `\u` everywhere.
        case escapedSlash = "escaped-slash"
        case escapedUnicode = "escaped-unicode"
        /// `online_status` is the argument, else 99; or is `"soon"`.
        case unknownStatus = "unknown-status"
        case badStatus = "bad-status"
        /// `online_status` is the right one, but as text, or as 1.0 for 1.
        case onlineText = "online-text"
        case onlineReal = "online-real"
        /// `online_status` is null, left out, true, or 2^63.
        case onlineNull = "online-null"
        case onlineAbsent = "online-absent"
        case onlineTrue = "online-true"
        case onlineHuge = "online-huge"
        /// `online_status_message` is that of another number.
        case wrongMessage = "wrong-message"
        /// `last_online` of all users is left out, or negative.
        case lastOnlineAbsent = "last-online-absent"
        case lastOnlineNegative = "last-online-negative"
        /// `users` is `[]`, null, or left out.
        case usersEmpty = "users-empty"
        case usersNull = "users-null"
        case usersAbsent = "users-absent"
        /// The answer to the `get_online` request before this one, as if two connections were mixed up.
        case swapped
        /// The first answer that a `get_online` request ever got, as from a broken cache.
        case replayed
    }

    /// A good answer with something unusual or wrong about its JSON.
    package enum Document: String, Sendable, CaseIterable {
        /// Good JSON all the same.
        case keyOrder = "key-order"
        case unknownFields = "unknown-fields"
        /// Good JSON for a lenient reader.
        case bom
        case utf16 = "utf-16"
        case trailingComma = "trailing-comma"
        /// No JSON: text, another document or a NUL behind it, NaN, half a surrogate pair, or bad UTF-8 in it.
        case trailingGarbage = "trailing-garbage"
        case twoDocuments = "two-documents"
        case nulBehind = "nul-behind"
        case nan
        case loneSurrogate = "lone-surrogate"
        case badUTF8 = "bad-utf-8"
        /// A field of so many arrays in each other.
        case deepNesting = "deep-nesting"
        /// `status` is 0 and, a second time, 12; or is `"0"`, 0.5, null, or left out.
        case statusTwice = "status-twice"
        case statusText = "status-text"
        case statusHalf = "status-half"
        case statusNull = "status-null"
        case statusAbsent = "status-absent"
        /// An error whose `status_message` is 1 MB long, full of control characters, or holds the token that was sent.
        case longMessage = "long-message"
        case controlMessage = "control-message"
        case tokenMessage = "token-message"
    }

    /// A good answer in an encoding that nobody asked for.
    package enum ContentEncoding: String, Sendable, CaseIterable {
        case gzip
        /// Ends too early, has a wrong check sum, comes in two members, or unpacks to 50 MB.
        case gzipCut = "gzip-cut"
        case gzipCRC = "gzip-crc"
        case gzipMembers = "gzip-members"
        case gzipBomb = "gzip-bomb"
        case brotli
    }

    /// A good answer on its way through a bad network, or out of a broken server.
    package enum Toxic: String, Sendable, CaseIterable {
        /// Comes a second late, or the argument's milliseconds.
        case latency
        /// The connection is reset as soon as a request begins, before it is taken.
        case down
        /// 1 KiB a second, or the argument's bytes.
        case bandwidth
        /// No length, and the close that ends the answer comes a second late, or the argument's milliseconds.
        case slowClose = "slow-close"
        /// The request is taken and never answered.
        case timeout
        /// The connection is reset in place of an answer, or in the middle of its body.
        case resetPeer = "reset-peer"
        case resetBody = "reset-body"
        /// Byte by byte, without a wait.
        case slicer
        /// Cut after 100 bytes, or the argument's, and closed.
        case limitData = "limit-data"
        /// Closed in place of an answer, as an idle connection is.
        case stale
        /// Closed after the answer, without having said so.
        case closeAfter = "close-after"
        /// The head at once, the body one byte a second.
        case drip
        /// 1 GiB of blanks, chunked.
        case endlessBody = "endless-body"
        /// A length greater than the body, or a chunk, that is cut by the close.
        case shortLength = "short-length"
        case cutChunk = "cut-chunk"
        /// Neither length nor chunks: 20 bytes of the JSON, or all of it, which is good.
        case cutJSON = "cut-json"
        case untilClose = "until-close"
        case twoLengths = "two-lengths"
        /// 20,000 headers, or one of 64 MiB.
        case manyHeaders = "many-headers"
        case endlessHeader = "endless-header"
        /// Bytes of no protocol, of TLS, or HTTP with the status 000.
        case garbage
        case tlsBytes = "tls-bytes"
        case zeroCode = "zero-code"
        /// 100 and 103 before the answer, which is good.
        case earlyHints = "early-hints"
    }

    /// All kinds that are known by a name alone, in groups.
    package static var groups: [(title: String, kinds: [Kind])] {
        [
            ("In place of JSON", Page.allCases.map(Kind.page)), ("About users", Users.allCases.map(Kind.users)),
            ("About the JSON", Document.allCases.map(Kind.document)),
            ("Encodings", ContentEncoding.allCases.map(Kind.coding)),
            ("About the connection", Toxic.allCases.map(Kind.toxic)),
        ]
    }
}
