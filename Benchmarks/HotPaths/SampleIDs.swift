import Files
import Foundation
import Model

/// Synthetic subscribers, the same in every run, and a directory for the files of a run.
struct SampleIDs {
    let directory: String
    /// 24 characters each, like the ids of the API.
    let ids: [[UInt8]]

    init(ids count: Int, in directory: String) throws {
        self.directory = directory
        var state: UInt64 = 1
        func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state
        }
        ids = (0..<count).map { _ in
            let bytes = (0..<16).map { _ in UInt8(truncatingIfNeeded: next() >> 56) }
            return Array(Data(bytes).base64EncodedString().utf8)
        }
    }

    /// Batches with the maximum number of ids.
    var batches: [IDBatch] {
        stride(from: 0, to: ids.count, by: IDBatch.limit).map { IDBatch(Array(ids[$0..<$0 + IDBatch.limit])) }
    }

    /// The API's answer for an id.
    func answer(_ index: Int) -> StatusAnswer {
        StatusAnswer(
            status: OnlineStatus(rawValue: [0, 1, 1, 2, 4][index % 5]),
            lastOnline: 1_764_000_000_000 + Int64(index) * 86_399_977,
            checkedAt: Timestamp(milliseconds: 1_764_100_000_000 + Int64(index / IDBatch.limit)))
    }

    func path(_ name: String) -> String { directory + "/" + name }
}
