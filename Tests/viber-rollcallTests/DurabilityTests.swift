import Foundation
import TestSupport
import Testing

/// The order in which files reach the disk.
@Suite(.needs("strace"), .needs("python3")) struct DurabilityTests {
    /// Every file of a snapshot is on the disk before the snapshot has its name, and the name before `latest` points
    /// to it.
    @Test func `a snapshot is durable before it is seen`() async throws {
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV(IDLists.made(250), to: directory + "/list.csv")
            try await Program.withSandbox(["--try-later", "0"]) { sandbox in
                let run = try await Program.takeRoll(
                    ["list.csv", "--base-url", sandbox.url, "--rate", "0"], in: directory,
                    environment: ["VIBER_AUTH_TOKEN": Program.canary],
                    under: ["strace", "-f", "-y", "-o", "trace", "-e", "trace=fsync,rename,symlink"],
                    ids: "list.csv.ids", makes: ["trace"])
                #expect(run.code == 0, "\(run.error)")
            }
            let read = try await Tool.python(Self.order, [directory + "/trace"])
            #expect(
                read.output == """
                    .work run.json subscribers.csv.gz snapshot.json.gz summary.json snapshot
                    -> the snapshot has its name
                    reports history.csv
                    -> history.csv
                    -> latest
                    """ + "\n", "\(read.output)\(read.error)")
        }
    }

    /// What was synced before each rename, from the traced calls; without the spool and the first write of the record.
    private static let order = """
        import os, re, sys
        synced = []
        for line in open(sys.argv[1]):
            sync = re.search(r"fsync\\(\\d+<(.*?)>\\) += 0", line)
            rename = re.search(r'rename\\("(.*?)", "(.*?)"\\) += 0', line)
            if sync:
                name = os.path.basename(sync.group(1))
                if name not in ("spool", "run.json.new") and not re.fullmatch(r"\\d{8}T\\d{6}Z-....", name): synced.append(name)
            elif rename:
                source, target = map(os.path.basename, rename.groups())
                if target == "run.json":
                    synced.append("run.json")
                    continue
                print(*synced) if synced else None
                synced = []
                print("->", "the snapshot has its name" if source == "snapshot" else target)
        """
}
