import Glibc
import TestSupport
import Testing

/// Short forms of the campaigns, each of which has its own make target.
@Suite(.needs("python3"), .needs("strace")) struct CampaignTests {
    private func campaign(_ script: String, _ arguments: [String]) async throws -> ToolResult {
        try await Tool.run(
            Tool.python, ["-B", Machine.root + "/Tests/Campaigns/" + script, Program.path] + arguments, in: Machine.root
        )
    }

    /// `make kill-loop` has 100 rounds.
    @Test func `killed runs end with everything right`() async throws {
        let loop = try await campaign("kill_loop.py", ["--rounds", "5", "--seed", "7"])
        #expect(loop.code == 0, "\(loop.output)\(loop.error)")
        #expect(loop.output.contains("5 of 5 rounds right"))
    }

    /// `make model-kills` draws 200 of them.
    @Test func `runs killed while the API fails give no id a wrong status`() async throws {
        let loop = try await campaign("kill_loop.py", ["--rounds", "6", "--seed", "5", "--faults"])
        #expect(loop.code == 0, "\(loop.output)\(loop.error)")
        #expect(loop.output.contains("6 of 6 rounds right"))
    }

    /// `make prune-histories` draws 1,000 of them. The other script reads every file and shares no code with the
    /// program.
    @Test func `a prune list is the one of an independent script`() async throws {
        let drawn = try await campaign("prune_histories.py", ["--rounds", "150", "--seed", "3"])
        #expect(drawn.code == 0, "\(drawn.output)\(drawn.error)")
        #expect(drawn.output.contains("150 of 150 histories right"))
    }

    /// Otherwise it might accept any list.
    @Test func `the independent script is proven`() async throws {
        let proofs = try await Tool.run(
            Tool.python, ["-B", Machine.root + "/Tests/Campaigns/prune_proofs.py"], in: Machine.root)
        #expect(proofs.code == 0, "\(proofs.output)\(proofs.error)")
        #expect(proofs.output.hasPrefix("proved "))
    }

    /// `make echoed-secret` tries every place and every form.
    @Test(arguments: ["name", "Location host", "base URL"])
    func `a token that the server repeats is printed nowhere`(_ place: String) async throws {
        let trials = try await campaign("echoed_secret.py", ["--only", place, "--jobs", "2"])
        #expect(trials.code == 0, "\(trials.output)\(trials.error)")
        #expect(trials.output.contains("nothing leaked"))
    }

    /// `make syscall-faults` tries every call and every fault.
    @Test(arguments: [
        "pwrite64:ENOSPC", "pwrite64:EDQUOT", "fallocate:ENOSPC", "fsync:EIO", "fsync:ENOSPC", "rename:EACCES",
        "rename:EXDEV", "rename:EROFS", "rename:kill", "continued:openat:kill", "continued:close:EIO",
    ])
    func `a fault of the disk loses nothing`(_ fault: String) async throws {
        let faults = try await campaign("syscall_faults.py", ["--only", fault])
        #expect(faults.code == 0, "\(faults.output)\(faults.error)")
        #expect(faults.output.hasSuffix("nothing went wrong\n"))
        #expect(!faults.output.contains(": 0 places"))
    }

    /// `make lived-in` has 60 rounds.
    @Test(.needs("unshare"), .needs("setpriv"), .enabled(if: geteuid() == 0 || Machine.isCI, "not root"))
    func `a directory in daily use stays in order`() async throws {
        let life = try await campaign("lived_in.py", ["--rounds", "25", "--seed", "3"])
        #expect(life.code == 0, "\(life.output)\(life.error)")
        #expect(life.output.hasSuffix("nothing went wrong\n"))
    }

    /// `make power-loss` tries after every call.
    @Test func `a loss of power loses nothing`() async throws {
        let loss = try await campaign("power_loss.py", ["--every", "6"])
        #expect(loss.code == 0, "\(loss.output)\(loss.error)")
        #expect(loss.output.hasSuffix("nothing went wrong\n"))
    }
}
