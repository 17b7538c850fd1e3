import TestSupport
import Testing

@testable import Sandbox

/// Good responses with faulty users, as Python reads them.
@Suite(.needs("python3")) struct UserFaultTests {
    /// Three ids, the first of them offline, so that it has every field.
    private static let ids = SampleIDs.ids(50).filter { $0.contains("/") }.prefix(3)

    /// Requests a good response, then one for each kind, and prints the differences: a user as its index, or as its id
    /// if it was not requested, with the fields that differ from those of the good response.
    private static let program = """
        ids = IDS[:3]
        good = {user["id"]: user for user in online({"ids": ids})[1]["users"]}

        def shown(user):
            if not isinstance(user, dict): return repr(user)
            name = user["id"]
            if name not in good:
                kin = [n for n, id in enumerate(ids) if name.swapcase() == id or name.strip() == id]
                return f"like {kin[0]}" if kin else repr(name)
            # repr, since 1, 1.0 and True are equal.
            other = [key for key in {**good[name], **user} if repr(user.get(key)) != repr(good[name].get(key))]
            return str(ids.index(name)) + "".join(f" {key}={user.get(key, 'absent')!r}" for key in other)

        for kind in KINDS:
            users = online({"ids": ids})[1].get("users", "absent")
            print(kind + ":", ", ".join(map(shown, users)) if isinstance(users, list) else users)

        """

    private func differences(_ kinds: [String]) async throws -> String {
        let faults = kinds.enumerated().map { "\($0.element)@\($0.offset + 2)" }
        let program = "KINDS = \"\(kinds.joined(separator: " "))\".split()\n" + Self.program
        return try await SandboxClient.run(program, faults: faults, ids: Array(Self.ids)) { $0.tryLaterEvery = 0 }
    }

    @Test func `users are missing or extra or changed`() async throws {
        let kinds = [
            "missing", "extra", "duplicate", "conflict", "other-case", "padded", "no-object", "reversed", "users-empty",
            "users-null", "users-absent",
        ]
        let output = try await differences(kinds)
        #expect(
            output == """
                missing: 1, 2
                extra: 'nobody-asked-for-me-===', 0, 1, 2
                duplicate: 0, 0, 1, 2
                conflict: 0, 1, 2, 0 online_status=0 online_status_message='online'
                other-case: like 0, 1, 2
                padded: like 0, 1, 2
                no-object: 'nobody', 1, 2
                reversed: 2, 1, 0
                users-empty: 
                users-null: None
                users-absent: absent

                """)
    }

    @Test func `fields of the first user are wrong`() async throws {
        let kinds = [
            "unknown-status", "unknown-status:-1", "bad-status", "online-text", "online-real", "online-null",
            "online-absent", "online-true", "online-huge", "wrong-message",
        ]
        let output = try await differences(kinds)
        #expect(
            output == """
                unknown-status: 0 online_status=99 online_status_message='unknown', 1, 2
                unknown-status:-1: 0 online_status=-1 online_status_message='unknown', 1, 2
                bad-status: 0 online_status='soon', 1, 2
                online-text: 0 online_status='1', 1, 2
                online-real: 0 online_status=1.0, 1, 2
                online-null: 0 online_status=None, 1, 2
                online-absent: 0 online_status='absent', 1, 2
                online-true: 0 online_status=True, 1, 2
                online-huge: 0 online_status=9223372036854775808, 1, 2
                wrong-message: 0 online_status_message='online', 1, 2

                """)
    }

    @Test func `fields of all users are changed`() async throws {
        let kinds = ["last-online-absent", "last-online-negative", "try-later"]
        let later = "online_status=3 online_status_message='tryLater' last_online='absent'"
        let output = try await differences(kinds)
        #expect(
            output == """
                last-online-absent: 0 last_online='absent', 1 last_online='absent', 2 last_online='absent'
                last-online-negative: 0 last_online=-1, 1 last_online=-1, 2 last_online=-1
                try-later: 0 \(later), 1 \(later), 2 \(later)

                """)
    }

    @Test func `ids are escaped as JSON allows it`() async throws {
        let program = """
            good, slash, unicode = [parts(raw(IDS[:3])[0])[2] for _ in range(3)]
            print(json.loads(good) == json.loads(slash) == json.loads(unicode))
            print(good.count(b"/") > 2, slash == good.replace(b"/", b"\\\\/"))
            ids = "".join(json.loads(good)["users"][n]["id"] for n in range(3))
            written = [part.split('"')[0] for part in unicode.decode().split('"id":"')[1:]]
            print("".join(f"\\\\u{ord(c):04x}" for c in ids) == "".join(written))
            """
        let output = try await SandboxClient.run(
            program, faults: ["escaped-slash@2", "escaped-unicode@3"], ids: Array(Self.ids)
        ) { $0.tryLaterEvery = 0 }
        #expect(output == "True\nTrue True\nTrue\n")
    }

    @Test func `responses are those of other requests`() async throws {
        let program = """
            for part in IDS[:2], IDS[2:3], IDS[3:5], IDS[5:6], IDS[6:8], IDS[8:9]:
                users = online({"ids": part})[1].get("users", [])
                print(*[IDS.index(user["id"]) for user in users])
            """
        // A failed request has no users to mix up.
        let output = try await SandboxClient.run(
            program, faults: ["swapped@2", "status-12@3", "swapped@4", "replayed@5"])
        #expect(
            output == """
                0 1
                0 1

                2
                0 1
                8

                """)
    }

    @Test func `the first request gets its own response`() async throws {
        for kind in ["swapped", "replayed"] {
            let program = #"print(*[IDS.index(user["id"]) for user in online({"ids": IDS[:3]})[1]["users"]])"#
            #expect(try await SandboxClient.run(program, faults: [kind]) == "0 1 2\n")
        }
    }
}
