import Foundation
import TestSupport
import Testing

/// Every kind of file that `--token-file` may name. A bad file is refused at once, and its content is never printed.
@Suite(.needs("python3")) struct TokenFileTests {
    struct File: Sendable, CustomTestStringConvertible {
        var testDescription: String
        /// A Python program that creates `file`, given a valid `token`.
        var make: String
        var name = "file"
        /// The expected error or warning; nil if there is none.
        var says: String?
    }

    private static let files = [
        File(testDescription: "a token", make: "put(token)"),
        File(testDescription: "with a line end", make: "put(token + b'\\n')"),
        File(testDescription: "with a line end of Windows", make: "put(token + b'\\r\\n')"),
        File(testDescription: "a link", make: "put(token, 'real'); os.symlink('real', 'file')"),
        File(testDescription: "the group may read it", make: "put(token, mode=0o640)"),
        // Systems mount secrets in this way: the mode is not a mistake.
        File(testDescription: "everybody may read it, and no user write it", make: "put(token, mode=0o444)"),
        File(testDescription: "everybody may read it", make: "put(token, mode=0o644)", says: "chmod 600"),
        File(
            testDescription: "everybody may write it", make: "put(token, mode=0o666)",
            says: "can be written by everybody"),
        File(
            testDescription: "a link to what everybody may write",
            make: "put(token, 'real', 0o666); os.symlink('real', 'file')", says: "can be written by everybody"),
        File(testDescription: "two line ends", make: "put(token + b'\\n\\n')", says: "at byte 51"),
        File(testDescription: "two lines", make: "put(token + b'\\n' + token)", says: "at byte 51"),
        File(testDescription: "a byte order mark", make: "put(b'\\xef\\xbb\\xbf' + token)", says: "at byte 1"),
        File(testDescription: "a blank before", make: "put(b' ' + token)", says: "at byte 1"),
        File(testDescription: "a blank behind", make: "put(token + b' \\n')", says: "at byte 51"),
        File(testDescription: "a zero", make: "put(token + b'\\0')", says: "at byte 51"),
        File(testDescription: "not ASCII", make: "put(token + 'é'.encode())", says: "at byte 51"),
        File(testDescription: "a hard blank", make: "put(token + b'\\xa0')", says: "at byte 51"),
        File(testDescription: "empty", make: "put(b'')", says: "it is empty"),
        File(testDescription: "an empty line", make: "put(b'\\n')", says: "it is empty"),
        File(testDescription: "a megabyte", make: "put(token * 20_000)", says: "longer than 4,096 bytes"),
        File(testDescription: "missing", make: "", says: "no such file"),
        File(testDescription: "a link to nothing", make: "os.symlink('nothing', 'file')", says: "no such file"),
        File(testDescription: "a link to itself", make: "os.symlink('file', 'file')", says: "too many levels"),
        File(testDescription: "a directory", make: "os.mkdir('file')", says: "is a directory"),
        File(testDescription: "a pipe without a writer", make: "os.mkfifo('file')", says: "is not a regular file"),
        File(testDescription: "a device without end", make: "", name: "/dev/zero", says: "is not a regular file"),
        File(testDescription: "a device with nothing", make: "", name: "/dev/null", says: "is not a regular file"),
        File(
            testDescription: "a socket", make: "socket.socket(socket.AF_UNIX).bind('file')", says: "cannot read file"),
    ]

    @Test(arguments: files, ["--token-file", "VIBER_AUTH_TOKEN_FILE"])
    func `is accepted or refused at once`(_ file: File, _ way: String) async throws {
        try await withTemporaryDirectory { directory in
            let make = """
                import os, socket, sys
                os.umask(0)
                token = sys.argv[1].encode()
                def put(content, name="file", mode=0o600):
                    with os.fdopen(os.open(name, os.O_CREAT | os.O_WRONLY, mode), "wb") as file:
                        file.write(content)

                """
            let made = try await Tool.run(Tool.python, ["-c", make + file.make, Program.canary], in: directory)
            try #require(made.code == 0, "\(made.error)")
            try await Program.withSandbox { sandbox in
                let asOption = way.hasPrefix("-")
                // `timeout` ends a run that waits for a writer or reads forever.
                let account = try await Tool.run(
                    "timeout",
                    ["20", Program.path, "account", "--base-url", sandbox.url] + (asOption ? [way, file.name] : []),
                    in: directory, environment: asOption ? [:] : [way: file.name])
                let isTaken = file.says == nil || file.says == "chmod 600"
                #expect(account.code == (isTaken ? 0 : 78), "\(account.error)")
                #expect(account.error.isEmpty == (file.says == nil), "\(account.error)")
                if let says = file.says { #expect(account.error.contains(says), "\(account.error)") }
                #expect(!account.error.contains(Program.canary.prefix(8)) && !account.output.contains(Program.canary))
                #expect(isTaken || account.error.contains("\(way) \(file.name)"), "\(account.error)")
            }
        }
    }

    /// The file is read once: a replaced token applies to the next run.
    @Test func `a token file that changes during the run is not read again`() async throws {
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV(IDLists.made(1_000), to: directory + "/list.csv")
            try write(Program.canary, to: directory + "/token")
            _ = chmod(directory + "/token", 0o600)
            try await Program.withSandbox(["--latency", "50ms", "--try-later", "0"]) { sandbox in
                let under = StoppedRun.under(
                    "open('token', 'w').write('another-token')", after: 3, of: sandbox)
                let ended = try await Program.takeRoll(
                    [
                        "list.csv", "--base-url", sandbox.url, "--rate", "0", "--concurrency", "1", "--token-file",
                        "token",
                    ], in: directory, under: under, ids: "list.csv.ids", makes: ["token"])
                #expect(ended.code == 0, "\(ended.error)")
                let next = try await Program.run(
                    ["account", "--token-file", "token", "--base-url", sandbox.url], in: directory)
                #expect(next.code == 77, "\(next.error)")
            }
        }
    }
}
