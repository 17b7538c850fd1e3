import Files
import TestSupport
import Testing

/// A network disk that hangs for a while, at each call before the first request.
@Suite(.needs("clang"), .needs("python3")) struct HangingDiskTests {
    /// Makes one call on one file take as long as `SLOW_SECONDS` says.
    private static let slow = """
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <fcntl.h>
        #include <stdarg.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include <sys/stat.h>
        #include <sys/types.h>
        #include <unistd.h>
        static void nap(const char *call, const char *path) {
            const char *wanted = getenv("SLOW_CALL"), *file = getenv("SLOW_FILE"), *seconds = getenv("SLOW_SECONDS");
            if (!wanted || !file || !seconds || strcmp(call, wanted) || !strstr(path, file)) return;
            FILE *mark = fopen(getenv("SLOW_MARK"), "w");
            if (mark) fclose(mark);
            usleep(atof(seconds) * 1e6);  // is what the test is about
        }
        static void nap_on(const char *call, int number) {
            char link[64], path[4096];
            snprintf(link, sizeof link, "/proc/self/fd/%d", number);
            ssize_t length = readlink(link, path, sizeof path - 1);
            if (length < 0) return;
            path[length] = 0;
            nap(call, path);
        }
        #define REAL(name, ...) ((int (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name))
        ssize_t pread64(int number, void *buffer, size_t size, off64_t at) {
            nap_on("pread", number);
            return ((ssize_t (*)(int, void *, size_t, off64_t))dlsym(RTLD_NEXT, "pread64"))(number, buffer, size, at);
        }
        ssize_t pread(int number, void *buffer, size_t size, off_t at) { return pread64(number, buffer, size, at); }
        int flock(int number, int how) { nap_on("flock", number); return REAL("flock", int, int)(number, how); }
        int fsync(int number) { nap_on("fsync", number); return REAL("fsync", int)(number); }
        int mkdir(const char *path, mode_t mode) { nap("mkdir", path); return REAL("mkdir", const char *, mode_t)(path, mode); }
        int stat(const char *path, struct stat *facts) {
            nap("stat", path);
            return REAL("stat", const char *, struct stat *)(path, facts);
        }
        int lstat(const char *path, struct stat *facts) {
            nap("stat", path);
            return REAL("lstat", const char *, struct stat *)(path, facts);
        }
        int open(const char *path, int flags, ...) {
            va_list rest;
            va_start(rest, flags);
            mode_t mode = va_arg(rest, mode_t);
            va_end(rest);
            nap("open", path);
            return REAL("open", const char *, int, ...)(path, flags, mode);
        }
        """

    struct Call: Sendable, CustomTestStringConvertible {
        var name: String
        var file: String
        /// What the error of the deadline says about it.
        var says: String
        var testDescription: String { "\(name) of \(file)" }
    }

    private static let calls = [
        Call(name: "open", file: "list.csv", says: "the run was opening the source and the token"),
        Call(name: "pread", file: "list.csv", says: "the run was opening the source and the token"),
        Call(name: "open", file: "token", says: "the run was opening the source and the token"),
        Call(name: "stat", file: "reports/.work", says: "the run was looking at the output directory reports"),
        Call(name: "mkdir", file: "reports/.work", says: "the run was looking at the output directory reports"),
        Call(name: "open", file: ".work/.lock", says: "the run was looking at the output directory reports"),
        Call(name: "flock", file: ".work/.lock", says: "the run was looking at the output directory reports"),
        Call(name: "fsync", file: "reports/.work", says: "the run was reading list.csv"),
    ]

    @Test(arguments: calls) func `a signal and the deadline work while the disk hangs`(_ call: Call) async throws {
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV(IDLists.made(120), to: directory + "/list.csv")
            try write(Program.canary + "\n", to: directory + "/token")
            _ = try await Tool.run("chmod", ["600", "token"], in: directory)
            try await Preload.with(Self.slow) { library in
                try await Program.withSandbox(["--try-later", "0"]) { sandbox in
                    let environment = [
                        "LD_PRELOAD": library, "SLOW_CALL": call.name, "SLOW_FILE": call.file, "SLOW_SECONDS": "20",
                        "SLOW_MARK": directory + "/mark",
                    ]
                    let command = [
                        Program.path, "list.csv", "--base-url", sandbox.url, "--rate", "0", "--token-file", "token",
                    ]
                    let terminate = """
                        import os, signal, subprocess, sys, time
                        run = subprocess.Popen(sys.argv[1:])
                        began = time.monotonic()
                        while not os.path.exists("mark") and time.monotonic() - began < 30: time.sleep(0.01)  # for the call
                        run.send_signal(signal.SIGTERM)
                        sys.exit(run.wait(30))
                        """
                    let stopped = try await Tool.run(
                        Tool.python, ["-c", terminate] + command, in: directory, environment: environment)
                    #expect(stopped.code == 143, "\(stopped.error)")
                    #expect(stopped.error.contains("stopped by a signal before any id was sent"))
                    #expect(stopped.duration < .seconds(10))
                    let late = try await Tool.run(
                        Program.path, Array(command.dropFirst()) + ["--deadline", "1s"], in: directory,
                        environment: environment)
                    #expect(late.code == 75, "\(late.error)")
                    #expect(late.error.contains("the --deadline has passed; " + call.says), "\(late.error)")
                    #expect(late.duration < .seconds(10))
                    #expect(try await sandbox.statistics()["get_online"] == 0)
                }
            }
        }
    }

    /// The error gives the reason in the same line.
    @Test func `the deadline reports the last failure`() async throws {
        try await withTemporaryDirectory { directory in
            // Too short for all retries of a refused connection (15 s at most, at random).
            try IDLists.writeCSV(IDLists.made(300), to: directory + "/list.csv")
            let hanging = try await Tool.run(
                Program.path, ["list.csv", "--base-url", "http://127.0.0.1:1", "--deadline", "1500ms"], in: directory,
                environment: ["VIBER_AUTH_TOKEN": Program.canary])
            #expect(hanging.code == 75)
            #expect(
                hanging.error.contains(
                    "--deadline has passed; the last failure: no answer from 127.0.0.1: connection refused"),
                "\(hanging.error)")
            // A server that accepts connections and never responds.
            let silent = try CannedServer { connection in
                connection.readRequest()
                connection.readRequest()
            }
            defer { silent.stop() }
            let unanswered = try await Tool.run(
                Program.path, ["list.csv", "--base-url", "http://127.0.0.1:\(silent.port)", "--deadline", "4s"],
                in: directory, environment: ["VIBER_AUTH_TOKEN": Program.canary])
            #expect(unanswered.code == 75)
            #expect(
                unanswered.error.contains("has passed; the run was waiting for an answer from 127.0.0.1"),
                "\(unanswered.error)")
            try await Program.withSandbox(["--try-later", "0", "--fault", "http-500@2-"]) { sandbox in
                let stopped = try await Tool.run(
                    Program.path,
                    ["list.csv", "--base-url", sandbox.url, "--rate", "0", "--concurrency", "1", "--deadline", "5s"],
                    in: directory, environment: ["VIBER_AUTH_TOKEN": Program.canary])
                #expect(stopped.code == 75, "\(stopped.error)")
                #expect(stopped.error.contains("(the last failure: 127.0.0.1 answered HTTP 500"), "\(stopped.error)")
            }
        }
    }
}
