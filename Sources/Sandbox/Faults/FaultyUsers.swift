import Model

extension Fault {
    /// Applies the fault to the users of a response.
    ///
    /// - Parameter users: at least one user.
    /// - Returns: the users as JSON texts.
    func altered(_ users: [SandboxBodies.User]) -> [String] {
        var objects = Self.users(users, for: kind).map(\.json)
        switch kind {
        case .users(.unknownStatus): objects[0]["online_status"] = String(amount)
        case .users(.badStatus): objects[0]["online_status"] = #""soon""#
        case .users(.onlineText): objects[0]["online_status"] = "\"\(users[0].status.rawValue)\""
        case .users(.onlineReal): objects[0]["online_status"] = "\(users[0].status.rawValue).0"
        case .users(.onlineNull): objects[0]["online_status"] = "null"
        case .users(.onlineAbsent): objects[0]["online_status"] = nil
        case .users(.onlineTrue): objects[0]["online_status"] = "true"
        case .users(.onlineHuge): objects[0]["online_status"] = "9223372036854775808"
        case .users(.wrongMessage):
            objects[0]["online_status_message"] = users[0].status == .offline ? #""online""# : #""offline""#
        case .users(.lastOnlineAbsent): for index in objects.indices { objects[index]["last_online"] = nil }
        case .users(.lastOnlineNegative): for index in objects.indices { objects[index]["last_online"] = "-1" }
        case .users(.escapedSlash):
            for index in objects.indices { objects[index]["id"]?.replace("/", with: #"\/"#) }
        case .users(.escapedUnicode):
            for (index, user) in users.enumerated() { objects[index]["id"] = "\"\(Self.escaped(user.id))\"" }
        case .document(.keyOrder): for index in objects.indices { objects[index].fields.reverse() }
        case .document(.unknownFields):
            for index in objects.indices { objects[index]["since"] = #"{"days":[1,null]}"# }
        default: break
        }
        let texts = objects.map(\.text)
        return kind == .users(.noObject) ? [#""nobody""#] + texts.dropFirst() : texts
    }

    /// The users of the response, with missing, extra or changed ones.
    private static func users(_ users: [SandboxBodies.User], for kind: Kind) -> [SandboxBodies.User] {
        var users = users
        switch kind {
        case .users(.missing): users.removeFirst()
        case .users(.usersEmpty): users.removeAll()
        case .users(.extra): users.insert(.init(id: "nobody-asked-for-me-===", status: .online), at: 0)
        case .users(.duplicate): users.insert(users[0], at: 0)
        case .users(.conflict):
            var other = users[0]
            other.status = other.status == .online ? .offline : .online
            users.append(other)
        case .users(.otherCase): users[0].id = inOtherCase(users[0].id)
        case .users(.padded): users[0].id += " "
        case .users(.unknownStatus): users[0].status = OnlineStatus(rawValue: 99)
        case .users(.reversed): users.reverse()
        default: break
        }
        return users
    }

    /// The id with the case of its ASCII letters swapped.
    private static func inOtherCase(_ id: String) -> String {
        let isLetter = { (byte: UInt8) in (0x41...0x5a).contains(byte & ~0x20) }
        return String(decoding: id.utf8.map { isLetter($0) ? $0 ^ 0x20 : $0 }, as: UTF8.self)
    }

    /// Every UTF-16 unit as `\u` and four hex digits.
    private static func escaped(_ id: String) -> String {
        id.utf16.map { unit in
            let hex = String(unit, radix: 16)
            return "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
        }.joined()
    }
}
