import Files
import Foundation
import GRDB
import Model

@testable import Subscribers

extension HotPath {
    /// From source bytes to the spool, for both kinds of source.
    static func spooling(_ list: SampleIDs) throws -> [HotPath] {
        let csv = list.path("ids.csv")
        try Data("id\n".utf8 + list.ids.flatMap { $0 + [0x0A] }).write(to: URL(fileURLWithPath: csv))
        let database = list.path("ids.sqlite")
        try DatabaseQueue(path: database).write { database in
            try database.execute(sql: "CREATE TABLE subscribers (id TEXT PRIMARY KEY)")
            for id in list.ids {
                try database.execute(
                    sql: "INSERT INTO subscribers VALUES (?)", arguments: [String(decoding: id, as: UTF8.self)])
            }
        }
        return [("spool from CSV", csv), ("spool from SQLite", database)].map { name, source in
            HotPath(name: name, ids: list.ids.count) {
                let spool = list.path("spool-\(name)")
                try FileSystem.remove(spool)
                let options = SourceOptions(path: source)
                let spooled = try Spooling.run(SubscriberSource(options), spoolPath: spool) { _ in }
                precondition(spooled.source.unique == list.ids.count)
            }
        }
    }
}
