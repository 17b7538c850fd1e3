import Foundation
import TestSupport
import Testing

/// How a snapshot is written, as seen by the kernel and by concurrent readers.
@Suite(.needs("python3")) struct WritingTests {
    private func run(
        in directory: String, of sandbox: SandboxHandle, environment: [String: String] = [:], under: [String] = []
    ) async throws -> ToolResult {
        try await Program.takeRoll(
            ["list.csv", "--base-url", sandbox.url, "--rate", "0"], in: directory,
            environment: ["VIBER_AUTH_TOKEN": Program.canary].merging(environment) { $1 }, under: under,
            ids: "list.csv.ids")
    }

    /// Every third call is interrupted, and the others write only a part of the data.
    private static let shortWrites = """
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <errno.h>
        #include <sys/stat.h>
        #include <sys/types.h>
        static _Thread_local unsigned calls;
        static int interrupted(void) { errno = EINTR; return ++calls % 3 == 0; }
        static size_t part(size_t length) { return length > 1 ? 1 + calls % (length < 400 ? length : 400) : length; }
        ssize_t pwrite(int file, const void *bytes, size_t length, off_t offset) {
            static ssize_t (*real)(int, const void *, size_t, off_t);
            if (!real) real = dlsym(RTLD_NEXT, "pwrite");
            return interrupted() ? -1 : real(file, bytes, part(length), offset);
        }
        ssize_t pread(int file, void *bytes, size_t length, off_t offset) {
            static ssize_t (*real)(int, void *, size_t, off_t);
            if (!real) real = dlsym(RTLD_NEXT, "pread");
            return interrupted() ? -1 : real(file, bytes, part(length), offset);
        }
        ssize_t write(int file, const void *bytes, size_t length) {
            static ssize_t (*real)(int, const void *, size_t);
            if (!real) real = dlsym(RTLD_NEXT, "write");
            struct stat facts;
            int isPlain = fstat(file, &facts) == 0 && (S_ISREG(facts.st_mode) || S_ISFIFO(facts.st_mode));
            if (!isPlain) return real(file, bytes, length);
            return interrupted() ? -1 : real(file, bytes, part(length));
        }
        """

    /// The same bytes are written, including the summary on standard output.
    @Test(.needs("clang")) func `writes in pieces give the same files`() async throws {
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV(IDLists.made(2_000), to: directory + "/list.csv")
            try await Preload.with(Self.shortWrites) { library in
                try await Program.withSandbox(["--try-later", "0"]) { sandbox in
                    let ended = try await run(in: directory, of: sandbox, environment: ["LD_PRELOAD": library])
                    #expect(ended.code == 0, "\(ended.error)")
                    #expect(ended.output.hasSuffix("/" + (try StoppedRun.names(directory).runs[0]) + "\n"))
                    let verified = try await Program.run(["verify", "reports/latest"], in: directory)
                    #expect(verified.code == 0, "\(verified.output)\(verified.error)")
                }
            }
        }
    }

    /// A process that follows `latest`, lists the directory or reads the history while runs publish finds the old or
    /// the new state, never a mix.
    @Test func `a reader sees old or new and nothing between`() async throws {
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV(IDLists.made(400), to: directory + "/list.csv")
            try await Program.withSandbox(["--try-later", "0"]) { sandbox in
                for _ in 0..<4 {
                    let ended = try await run(
                        in: directory, of: sandbox, under: [Tool.python, "-c", Self.reader])
                    #expect(ended.code == 0, "\(ended.error)")
                }
            }
            #expect(try StoppedRun.names(directory).runs.count == 4)
        }
    }

    /// Runs a program and reads all published files again and again until it has ended.
    private static let reader = """
        import csv, gzip, hashlib, json, os, subprocess, sys
        def whole(run):
            summary = json.load(open(f"reports/{run}/summary.json"))
            assert summary["run"]["complete"] and summary["run"]["id"] == run, summary["run"]
            assert {file["name"] for file in summary["files"]} == {"subscribers.csv.gz", "snapshot.json.gz"}
            for file in summary["files"]:
                content = open(f"reports/{run}/{file['name']}", "rb").read()
                assert hashlib.sha256(content).hexdigest() == file["sha256"], file
        def look():
            if os.path.islink("reports/latest"):
                run = os.readlink("reports/latest")
                whole(run)
                rows = gzip.open("reports/latest/subscribers.csv.gz", "rt").read().splitlines()
                assert len(rows) == 401, len(rows)
                history = list(csv.reader(open("reports/history.csv", newline="")))
                assert all(len(row) == 17 for row in history), history
                assert run in [row[0] for row in history], (run, history)
            for name in os.listdir("reports") if os.path.isdir("reports") else []:
                if name.startswith("2"):
                    whole(name)
        program = subprocess.Popen(sys.argv[1:])
        looks = 0
        while program.poll() is None:
            look()
            looks += 1
        look()
        assert looks > 5, looks
        sys.exit(program.returncode)
        """

    /// The reader of the summary has exited: the run reports an error, and the snapshot is published.
    @Test func `a reader that has exited changes the exit code`() async throws {
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV(IDLists.made(250), to: directory + "/list.csv")
            try await Program.withSandbox(["--try-later", "0"]) { sandbox in
                let gone = """
                    import os, subprocess, sys
                    reader, writer = os.pipe()
                    os.close(reader)
                    sys.exit(subprocess.run(sys.argv[1:], stdout=writer).returncode)
                    """
                let run = try await Tool.run(
                    Tool.python, ["-c", gone, Program.path, "list.csv", "--base-url", sandbox.url],
                    in: directory, environment: ["VIBER_AUTH_TOKEN": Program.canary])
                #expect(run.code == 74, "\(run.error)")
                #expect(run.error.contains("cannot write standard output: broken pipe"), "\(run.error)")
                #expect(try await Program.run(["verify", "reports/latest"], in: directory).code == 0)
            }
        }
    }

    /// A log that cannot be written does not fail a run.
    @Test(arguments: ["exec 2>&-", "exec 2>/dev/full"])
    func `a log that cannot be written stops nothing`(_ setUp: String) async throws {
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV(IDLists.made(250), to: directory + "/list.csv")
            try await Program.withSandbox(["--try-later", "0"]) { sandbox in
                let under = ["sh", "-c", setUp + "; exec \"$@\" -vv --progress always", "sh"]
                let ended = try await run(in: directory, of: sandbox, under: under)
                #expect(ended.code == 0)
            }
        }
    }
}
