import Foundation
import TestSupport
import Testing

@testable import viber_rollcall

/// The first word: a command, a file, or a mistake.
@Suite(.needs("python3")) struct FirstWordTests {
    @Test(arguments: [
        ("adit", "audit"), ("snapshots", "snapshot"), ("verfy", "verify"), ("reprot", "report"), ("demos", "demo"),
        ("prunelist", "prune-list"),
    ])
    func `a mistyped command is reported with the nearest one`(_ word: String, _ command: String) async throws {
        try await withTemporaryDirectory { directory in
            let run = try await Program.run([word, "ok.csv"], in: directory)
            #expect(run.code == 64, "\(run.error)")
            #expect(
                run.error == "viber-rollcall: there is no command and no file '\(word)'. Did you mean \(command)? "
                    + "(viber-rollcall --help)\n")
        }
    }

    @Test(arguments: ["check", "lists/adit", "audit.csv", "./audit", "абв", ""])
    func `any other word is a missing file`(_ word: String) async throws {
        try await withTemporaryDirectory { directory in
            let run = try await Program.run([word], in: directory)
            #expect(run.code == 66, "\(run.error)")
            let name = word.replacing("./", with: "")
            #expect(
                run.error.contains(directory + (name.isEmpty ? ": the source is empty text" : "/" + name)),
                "\(run.error)")
        }
    }

    @Test func `a file with the name of a mistyped command is read`() async throws {
        try await withTemporaryDirectory { directory in
            try write("", to: directory + "/adit")
            let run = try await Program.run(["adit"], in: directory)
            #expect(run.code == 65 && run.error.contains("adit is empty"), "\(run.error)")
        }
    }

    /// An error in the source is reported before the token is looked for.
    @Test func `the source is looked at before the token`() async throws {
        try await withTemporaryDirectory { directory in
            try write("id\n", to: directory + "/list.csv")
            let missing = try await Program.run(["snapshot", "missing.csv"], in: directory)
            #expect(missing.code == 66, "\(missing.error)")
            let found = try await Program.run(["list.csv"], in: directory)
            #expect(found.code == 78 && found.error.contains("no token"), "\(found.error)")
        }
    }

    @Test func `a second source and a token have their own errors`() async throws {
        try await withTemporaryDirectory { directory in
            try write("id\n", to: directory + "/list.csv")
            let second = try await Program.run(["list.csv", "other.csv"], in: directory)
            #expect(second.code == 64 && second.error.contains("one source per run: 'other.csv' is a second"))
            for token in [["--token", Program.canary], ["--token=" + Program.canary]] {
                let run = try await Program.run(["list.csv"] + token, in: directory)
                #expect(run.code == 64 && run.error.contains("--token-file FILE"), "\(run.error)")
                #expect(!run.error.contains(Program.canary))
            }
        }
    }

    @Test func `a tilde in the output directory is the home`() async throws {
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV(IDLists.made(10), to: directory + "/list.csv")
            try await Program.withSandbox { sandbox in
                let arguments = ["list.csv", "--base-url", sandbox.url, "--rate", "0", "--settle", "none"]
                let environment = [
                    "VIBER_AUTH_TOKEN": Program.canary, "HOME": directory + "/home",
                    "VIBER_ROLLCALL_OUTPUT_DIR": "~/reports",
                ]
                let run = try await Program.run(arguments, in: directory, environment: environment)
                #expect(run.code == 0 || run.code == 3, "\(run.error)")
                #expect(FileManager.default.fileExists(atPath: directory + "/home/reports/history.csv"))
                #expect(!FileManager.default.fileExists(atPath: directory + "/~"))
                let other = try await Program.run(
                    arguments + ["--output-dir=~viber/reports"], in: directory, environment: environment)
                #expect(other.code == 64 && other.error.contains("./~viber/reports"), "\(other.error)")
                let none = try await Program.run(
                    arguments, in: directory, environment: environment.merging(["HOME": ""]) { $1 })
                #expect(none.code == 64 && none.error.contains("HOME is not set"), "\(none.error)")
            }
        }
    }

    @Test(arguments: [
        ("", "", 0), ("", "abc", 3), ("abc", "abc", 0), ("adit", "audit", 1), ("reprot", "report", 1), ("ab", "ba", 1),
        ("kitten", "sitting", 3), ("snapshots", "snapshot", 1), ("version", "verify", 3),
    ])
    func `the distance counts letters`(_ word: String, _ other: String, _ distance: Int) {
        #expect(FirstWord.distance(from: word, to: other) == distance)
        #expect(FirstWord.distance(from: other, to: word) == distance)
    }
}
