import Foundation
import TestSupport
import Testing

/// Viber's own count of subscribers, which is seldom that of the list.
@Suite(.needs("python3")) struct SubscriberCountTests {
    /// With more than a third of it, and less than three times as many, nothing seems to be missing.
    @Test(arguments: [84, 250, 749])
    func anotherCountIsShownAndChangesNothing(_ count: Int) async throws {
        try await withTemporaryDirectory { directory in
            try IDLists.writeCSV(IDLists.made(250), to: directory + "/list.csv")
            let sandbox = ["--subscribers", "\(count)", "--try-later", "0"]
            let run = try await Program.withSandbox(sandbox) { sandbox in
                try await Program.snapshot(["list.csv", "--rate", "0"], in: directory, of: sandbox)
            }
            #expect(run.code == 0)
            #expect(run.error == "")
            #expect(run.output.contains("subscribers by Viber's own count"))
            let read = try await Tool.python(
                """
                import json, sys
                summary = json.load(open(sys.argv[1] + "/reports/latest/summary.json"))
                print(summary["account"]["subscribers_count"], summary["source"]["unique"], summary["warnings"])
                """, [directory])
            #expect(read.output == "\(count) 250 []\n", "\(read.error)")
        }
    }
}
