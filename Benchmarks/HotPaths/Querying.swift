import Files
import Foundation
import Journal
import Model

@testable import RollCall
@testable import ViberAPI

extension HotPath {
    /// From the spool to request bodies, and from answers to the answer file, without the network and the HTTP client.
    static func querying(_ list: SampleIDs) throws -> [HotPath] {
        let spool = list.path("spool")
        var writer = try SpoolWriter(creating: spool)
        for id in list.ids { try writer.append(id[...]) }
        try writer.finish()
        // An opened file, unlike a created one, may hold answers, so it is read.
        _ = try AnswerFile(creating: list.path("answers"), count: list.ids.count)
        let answers = try AnswerFile(opening: list.path("answers"), count: list.ids.count)
        let batches = list.batches
        let bodies = batches.indices.map { body(list, batch: $0) }
        let replies = bodies.map { body in
            guard let users = ResponseScanner.users(in: body, maxUsers: 1_100) else {
                fatalError("an answer was not scanned")
            }
            return BatchReply(users: users, receivedAt: Timestamp(milliseconds: 1_764_100_000_000))
        }
        let answeredBatches = batches.enumerated().map { number, ids in
            let positions = Array(number * IDBatch.limit..<(number + 1) * IDBatch.limit)
            var batch = Batches.Batch()
            batch.ids = ids
            batch.positions = positions
            batch.entries = positions.map { IDState(outcome: .answered(list.answer($0)), attempts: 1) }
            return batch
        }
        let answered = try AnswerFile(creating: list.path("answered"), count: list.ids.count)
        return [
            HotPath(name: "cut batches", ids: list.ids.count) {
                var batches = Batches(cursor: try SpoolCursor(spoolPath: spool, answers: answers))
                var count = 0
                while let batch = try batches.next() { count += batch.ids.count }
                precondition(count == list.ids.count)
            },
            HotPath(name: "write requests", ids: list.ids.count) {
                for batch in batches { precondition(OnlineRequest.body(batch).count > 2_000) }
            },
            HotPath(name: "scan answers", ids: list.ids.count) {
                for body in bodies {
                    precondition(ResponseScanner.users(in: body, maxUsers: 1_100)?.count == IDBatch.limit)
                }
            },
            HotPath(name: "decode answers", ids: list.ids.count) {
                for body in bodies {
                    let response = try GetOnlineResponse.decode(body, ids: 100)
                    precondition(response.users?.count == IDBatch.limit)
                }
            },
            HotPath(name: "join answers", ids: list.ids.count) {
                for (batch, reply) in zip(batches, replies) {
                    precondition(ReplyMatcher(batch, reply).outcomes.count == IDBatch.limit)
                }
            },
            HotPath(name: "keep answers", ids: list.ids.count) {
                for batch in answeredBatches { try answered.write(batch.entries, of: batch.ids, at: batch.positions) }
            },
        ]
    }

    /// An answer to a batch, as the API sends it.
    private static func body(_ list: SampleIDs, batch: Int) -> [UInt8] {
        let users = (0..<IDBatch.limit).map { index in
            let answer = list.answer(batch * IDBatch.limit + index)
            let id = String(decoding: list.ids[batch * IDBatch.limit + index], as: UTF8.self)
            return #"{"id":"\#(id)","online_status":\#(answer.status.rawValue),"#
                + #""online_status_message":"\#(answer.status.name)","last_online":\#(answer.lastOnline ?? 0)}"#
        }
        return Array(#"{"status":0,"status_message":"ok","users":[\#(users.joined(separator: ","))]}"#.utf8)
    }
}
