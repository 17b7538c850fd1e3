extension Fault {
    /// The kind of a fault. All but `http`, `status` and `any` have the names of their cases.
    package enum Kind: Sendable, Hashable {
        /// An HTTP status with a page instead of JSON. The argument is its `Location` (300 to 399) or `Retry-After`,
        /// unchanged; `|` separates the values of several headers.
        case http(Int)
        /// HTTP 200 with this `status` in the body.
        case status(Int)
        case page(Page)
        case users(Users)
        case document(Document)
        case coding(ContentEncoding)
        case toxic(Toxic)
        /// Each time a random one of `Fault.recoverable`.
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

        /// The name with its optional argument.
        package var usage: String {
            self == .page(.redirect) ? "\(name)[:LOCATION]" : defaultAmount.map { "\(name)[:\($0)]" } ?? name
        }

        /// Whether the fault applies to `get_online` only.
        var affectsUsers: Bool { if case .users = self { true } else { false } }

        /// The default number of a kind that accepts one.
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

    /// Another body instead of the JSON.
    package enum Page: String, Sendable, CaseIterable {
        case html, empty
        /// HTTP 204.
        case noContent = "no-content"
        /// JSON that ends in the middle of the first user, with the right length.
        case truncated
        /// HTTP 302 to the argument, or to a port that refuses connections.
        case redirect
        /// No response for an hour, then an empty one.
        case hang
    }

    /// A good response with a fault in its users: in the first one, unless stated otherwise.
    package enum Users: String, Sendable, CaseIterable {
        /// The user is missing, preceded by an unknown one, duplicated, or duplicated with another status.
        case missing, extra, duplicate, conflict
        /// The id has its case swapped or a trailing blank, or the user is a string instead of an object.
        case otherCase = "other-case"
        case padded
        case noObject = "no-object"
        /// All users in reverse order, or all with tryLater.
        case reversed
        case tryLater = "try-later"
        /// All ids with the escapes that JSON allows: `\/`, or `\u` for every character.
        case escapedSlash = "escaped-slash"
        case escapedUnicode = "escaped-unicode"
        /// `online_status` is the argument (default 99), or `"soon"`.
        case unknownStatus = "unknown-status"
        case badStatus = "bad-status"
        /// `online_status` is right, but written as text, or as 1.0 for 1.
        case onlineText = "online-text"
        case onlineReal = "online-real"
        /// `online_status` is null, absent, true, or 2^63.
        case onlineNull = "online-null"
        case onlineAbsent = "online-absent"
        case onlineTrue = "online-true"
        case onlineHuge = "online-huge"
        /// `online_status_message` is that of another number.
        case wrongMessage = "wrong-message"
        /// `last_online` of all users is absent, or negative.
        case lastOnlineAbsent = "last-online-absent"
        case lastOnlineNegative = "last-online-negative"
        /// `users` is `[]`, null, or absent.
        case usersEmpty = "users-empty"
        case usersNull = "users-null"
        case usersAbsent = "users-absent"
        /// The previous good response of `get_online`, as if two connections were mixed up.
        case swapped
        /// The first good response of `get_online`, as from a broken cache.
        case replayed
    }

    /// A good response with unusual or invalid JSON.
    package enum Document: String, Sendable, CaseIterable {
        /// Valid JSON.
        case keyOrder = "key-order"
        case unknownFields = "unknown-fields"
        /// Valid JSON for a lenient reader.
        case bom
        case utf16 = "utf-16"
        case trailingComma = "trailing-comma"
        /// Invalid JSON: followed by text, a second document or a NUL, or with NaN, half a surrogate pair, or invalid
        /// UTF-8.
        case trailingGarbage = "trailing-garbage"
        case twoDocuments = "two-documents"
        case nulBehind = "nul-behind"
        case nan
        case loneSurrogate = "lone-surrogate"
        case badUTF8 = "bad-utf-8"
        /// A field of nested arrays; their number is the argument.
        case deepNesting = "deep-nesting"
        /// `status` is 0 and, a second time, 12; or it is `"0"`, 0.5, null, or absent.
        case statusTwice = "status-twice"
        case statusText = "status-text"
        case statusHalf = "status-half"
        case statusNull = "status-null"
        case statusAbsent = "status-absent"
        /// An error whose `status_message` is 1 MB long, has control characters, or contains the token of the request.
        case longMessage = "long-message"
        case controlMessage = "control-message"
        case tokenMessage = "token-message"
    }

    /// A good response in an encoding that was not requested.
    package enum ContentEncoding: String, Sendable, CaseIterable {
        case gzip
        /// gzip that is truncated, has a wrong checksum, has two members, or decompresses to 50 MB.
        case gzipCut = "gzip-cut"
        case gzipCRC = "gzip-crc"
        case gzipMembers = "gzip-members"
        case gzipBomb = "gzip-bomb"
        case brotli
    }

    /// A good response through a bad network, or from a broken server.
    package enum Toxic: String, Sendable, CaseIterable {
        /// The response is delayed by the argument in milliseconds, or by one second.
        case latency
        /// The connection is reset after the head of a request, before its body is read.
        case down
        /// The argument in bytes per second, or 1 KiB per second.
        case bandwidth
        /// No length, and the close that ends the response is delayed by the argument in milliseconds, or by one
        /// second.
        case slowClose = "slow-close"
        /// The request is read and gets no response.
        case timeout
        /// The connection is reset instead of a response, or in the middle of its body.
        case resetPeer = "reset-peer"
        case resetBody = "reset-body"
        /// One byte at a time, without pauses.
        case slicer
        /// The connection is closed after the argument in bytes, or after 100.
        case limitData = "limit-data"
        /// The connection is closed instead of a response, like an idle one.
        case stale
        /// The connection is closed after the response, without `Connection: close`.
        case closeAfter = "close-after"
        /// The head at once, the body at one byte per second.
        case drip
        /// 1 GiB of blanks, chunked.
        case endlessBody = "endless-body"
        /// The close cuts a body with a greater length, or a chunk.
        case shortLength = "short-length"
        case cutChunk = "cut-chunk"
        /// Neither length nor chunks: only 20 bytes of the JSON, or all of it, which is valid.
        case cutJSON = "cut-json"
        case untilClose = "until-close"
        case twoLengths = "two-lengths"
        /// 20,000 headers, or one of 64 MiB.
        case manyHeaders = "many-headers"
        case endlessHeader = "endless-header"
        /// Random bytes, a TLS alert, or HTTP with the status 000.
        case garbage
        case tlsBytes = "tls-bytes"
        case zeroCode = "zero-code"
        /// 100 and 103 before the good response.
        case earlyHints = "early-hints"
    }

    /// All kinds whose name is fixed, in groups.
    package static var groups: [(title: String, kinds: [Kind])] {
        [
            ("Instead of JSON", Page.allCases.map(Kind.page)), ("About users", Users.allCases.map(Kind.users)),
            ("About the JSON", Document.allCases.map(Kind.document)),
            ("Encodings", ContentEncoding.allCases.map(Kind.coding)),
            ("About the connection", Toxic.allCases.map(Kind.toxic)),
        ]
    }
}
