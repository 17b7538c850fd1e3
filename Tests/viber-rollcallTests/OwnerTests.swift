import Files
import Foundation
import Glibc
import Testing

@testable import TestSupport

/// One output directory and several users: its owner, root, and a third one.
@Suite(.needs("setpriv"), .needs("python3"), .enabled(if: geteuid() == 0 || Machine.isCI, "not root"))
struct OwnerTests {
    private static let (owner, stranger): (UInt32, UInt32) = (65_534, 1_234)

    /// A list and an output directory of `owner`, and a copy of the binary that all users may run.
    private func withHome(
        mode: mode_t = 0o750, _ body: (_ directory: String, _ sandbox: SandboxHandle) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV(IDLists.made(120), to: directory + "/list.csv")
            try FileManager.default.copyItem(atPath: Program.path, toPath: directory + "/viber-rollcall")
            try FileSystem.make(directory + "/reports")
            try #require(chmod(directory, 0o755) == 0 && chmod(directory + "/list.csv", 0o644) == 0)
            try #require(chown(directory + "/reports", Self.owner, Self.owner) == 0)
            try #require(chmod(directory + "/reports", mode) == 0)
            try await Program.withSandbox(["--try-later", "0"]) { try await body(directory, $0) }
        }
    }

    private func run(
        by user: UInt32, in directory: String, of sandbox: SandboxHandle, _ arguments: [String] = [],
        environment: [String: String] = [:]
    ) async throws -> ToolResult {
        let command = [directory + "/viber-rollcall", "list.csv", "--base-url", sandbox.url, "--rate", "0"] + arguments
        let privileges = ["--reuid", "\(user)", "--regid", "\(user)", "--clear-groups"]
        return try await Tool.run(
            "setpriv", privileges + command, in: directory,
            environment: ["VIBER_AUTH_TOKEN": Program.canary].merging(environment) { $1 })
    }

    /// Every name below the output directory that is not its owner's, or not of the usual mode.
    private func odd(in directory: String) throws -> [String] {
        let reports = directory + "/reports"
        return try FileManager.default.subpathsOfDirectory(atPath: reports).filter { name in
            guard let status = FileStatus(at: reports + "/" + name) else { return true }
            let mode: [FileStatus.Kind: UInt32] = [.regular: 0o640, .directory: 0o750]
            let isUsual = mode[status.kind].map { $0 == status.mode } ?? true || name == ".work/.lock"
            return status.owner != Self.owner || status.group != Self.owner || !isUsual
        }
    }

    @Test func `root and the owner take turns`() async throws {
        try await withHome { directory, sandbox in
            for user in [Self.owner, 0, Self.owner, 0, 0, Self.owner] {
                let ended = try await run(by: user, in: directory, of: sandbox)
                #expect(ended.code == 0, "\(ended.error)")
                #expect(!ended.error.contains("warning: reports"), "\(ended.error)")
                #expect(try odd(in: directory) == [])
            }
            let history = String(decoding: try bytes(of: directory + "/reports/history.csv"), as: UTF8.self)
            #expect(history.split(separator: "\n").count == 7)
            let page = try await Tool.run(Program.path, ["report"], in: directory)
            #expect(page.code == 0, "\(page.error)")
            #expect(try odd(in: directory) == [])
        }
    }

    /// An earlier version left files of root: the owner's runs succeed and say what to do, and root's next run fixes
    /// it.
    @Test func `a history owned by root stops no run`() async throws {
        try await withHome { directory, sandbox in
            let history = directory + "/reports/history.csv"
            #expect(try await run(by: Self.owner, in: directory, of: sandbox).code == 0)
            try #require(chown(history, 0, 0) == 0)
            let kept = try bytes(of: history)
            for _ in 0..<2 {
                let ended = try await run(by: Self.owner, in: directory, of: sandbox)
                #expect(ended.code == 0, "\(ended.error)")
                #expect(
                    ended.error.contains(
                        "cannot read reports/history.csv: permission denied; it belongs to root (0640)"))
                #expect(ended.error.contains("chown "))
                #expect(try bytes(of: history) == kept)
            }
            #expect(try await run(by: 0, in: directory, of: sandbox).code == 0)
            #expect(try odd(in: directory) == [])
            let rows = String(decoding: try bytes(of: history), as: UTF8.self).split(separator: "\n")
            #expect(rows.count == 5)
        }
    }

    /// A third user gets an error that names the owner, and changes nothing.
    @Test(arguments: [0o750, 0o755, 0o777] as [mode_t])
    func `a third user gets an error and changes nothing`(_ mode: mode_t) async throws {
        try await withHome(mode: mode) { directory, sandbox in
            #expect(try await run(by: Self.owner, in: directory, of: sandbox).code == 0)
            for work in [0o750, 0o777] as [mode_t] {
                try #require(chmod(directory + "/reports/.work", work) == 0)
                let before = try RunCheckInput.listing(of: directory)
                let asked = try await sandbox.statistics()["get_online"]
                let refused = try await run(by: Self.stranger, in: directory, of: sandbox)
                #expect(refused.code == 73, "\(refused.error)")
                #expect(refused.error.contains("belongs to"), "\(refused.error)")
                #expect(refused.error.contains("chown -R \(Self.stranger) reports\n"), "\(refused.error)")
                #expect(try RunCheckInput.listing(of: directory) == before)
                #expect(try await sandbox.statistics()["get_online"] == asked)
            }
        }
    }

    /// An existing work directory does not make the output directory writable: a run checks that before any request.
    @Test func `a read-only output directory is refused before an id is sent`() async throws {
        try await withHome { directory, sandbox in
            #expect(try await run(by: Self.owner, in: directory, of: sandbox).code == 0)
            try #require(chown(directory + "/reports", 0, 0) == 0 && chmod(directory + "/reports", 0o755) == 0)
            let asked = try await sandbox.statistics()["get_online"]
            let refused = try await run(by: Self.owner, in: directory, of: sandbox)
            #expect(refused.code == 73, "\(refused.error)")
            #expect(
                refused.error.contains("cannot write in reports: permission denied; reports belongs to root (0755)"))
            #expect(try await sandbox.statistics()["get_online"] == asked)
        }
    }

    /// CIFS and exFAT give every file to one user with one mode, and take no others.
    private static let oneOwner = """
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <errno.h>
        #include <stdlib.h>
        #include <string.h>
        #include <sys/stat.h>
        #include <unistd.h>
        static void change(struct stat *facts, const char *path) {
            if (path && !strstr(path, "reports")) return;
            facts->st_uid = 4242;
            facts->st_gid = 4242;
            facts->st_mode |= 0777;
        }
        static int under(int number) {
            char link[64], path[4096];
            snprintf(link, sizeof link, "/proc/self/fd/%d", number);
            ssize_t length = readlink(link, path, sizeof path - 1);
            if (length < 0) return 0;
            path[length] = 0;
            return strstr(path, "reports") != NULL;
        }
        int lstat(const char *path, struct stat *facts) {
            int (*real)(const char *, struct stat *) = dlsym(RTLD_NEXT, "lstat");
            int result = real(path, facts);
            if (result == 0) change(facts, path);
            return result;
        }
        int stat(const char *path, struct stat *facts) {
            int (*real)(const char *, struct stat *) = dlsym(RTLD_NEXT, "stat");
            int result = real(path, facts);
            if (result == 0) change(facts, path);
            return result;
        }
        int fstat(int number, struct stat *facts) {
            int (*real)(int, struct stat *) = dlsym(RTLD_NEXT, "fstat");
            int result = real(number, facts);
            if (result == 0 && under(number)) change(facts, NULL);
            return result;
        }
        int chmod(const char *path, mode_t mode) { errno = EPERM; return -1; }
        int fchmod(int number, mode_t mode) { errno = EPERM; return -1; }
        int symlink(const char *target, const char *path) { errno = EOPNOTSUPP; return -1; }
        """

    @Test(.needs("clang")) func `a file system without owners is a warning`() async throws {
        try await withHome { directory, sandbox in
            try await Preload.with("#include <stdio.h>\n" + Self.oneOwner) { library in
                let libraryDirectory = (library as NSString).deletingLastPathComponent
                try #require(chmod(libraryDirectory, 0o755) == 0)
                let environment = ["LD_PRELOAD": library]
                for number in 1...2 {
                    let ended = try await run(by: Self.owner, in: directory, of: sandbox, environment: environment)
                    #expect(ended.code == 0, "\(ended.error)")
                    #expect(ended.error.contains("gives every file to 4242 with mode 0777"), "\(ended.error)")
                    #expect(ended.error.contains("reports/latest cannot be made: operation not supported"))
                    #expect(try await sandbox.statistics()["get_online"] == number * 2)
                }
                // Runs are resumed there, too.
                let stopped = try await run(
                    by: Self.owner, in: directory, of: sandbox, ["--deadline", "1ms"], environment: environment)
                #expect(stopped.code == 75, "\(stopped.error)")
                let history = String(decoding: try bytes(of: directory + "/reports/history.csv"), as: UTF8.self)
                #expect(history.split(separator: "\n").count == 3)
            }
        }
    }
}
