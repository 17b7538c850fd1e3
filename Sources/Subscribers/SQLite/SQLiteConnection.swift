import GRDB
import GRDBSQLite
import Glibc

/// Configurations for opening a database read-only with an untrusted schema.
enum SQLiteConnection {
    /// The default configuration.
    static var strict: Configuration {
        var configuration = base
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA trusted_schema = OFF")
        }
        return configuration
    }

    /// For a schema that this SQLite library rejects as a whole although the file is not damaged.
    ///
    /// Up to 3.40 (Debian 12) SQLite treats the JSON functions as unsafe in a schema, so that one generated column or
    /// index that calls them makes the whole database unreadable; newer versions allow them. This configuration allows
    /// only these: every other function that is not harmless in a schema (`PRAGMA function_list`, SQLITE_INNOCUOUS) is
    /// replaced by one that a schema cannot call, and the only virtual tables that can be read are those of JSON.
    /// SQLite skips schema entries that it cannot parse, so that the other tables can be read; `UnparsedSchema` finds
    /// the skipped ones.
    static var lenient: Configuration {
        var configuration = base
        configuration.prepareDatabase { database in
            try harden(database)
            // On a read-only connection its only effect is that entries which cannot be parsed are skipped.
            try database.execute(sql: "PRAGMA writable_schema = ON")
            _ = try? Row.fetchOne(database, sql: "SELECT 1 FROM main.sqlite_schema")
        }
        return configuration
    }

    /// For an in-memory database that parses schemas as `lenient` does.
    static var scratch: Configuration {
        var configuration = Configuration()
        configuration.prepareDatabase { try harden($0) }
        return configuration
    }

    private static func harden(_ database: Database) throws {
        for function in try Row.fetchAll(database, sql: "PRAGMA function_list") {
            try forbidInSchema(function, in: database)
        }
        let connection = unsafe database.sqliteConnection
        unsafe "json_each".withCString { each in
            unsafe "json_tree".withCString { tree in
                var kept: [UnsafePointer<CChar>?] = unsafe [each, tree, nil]
                unsafe _ = sqlite3_drop_modules(connection, &kept)
            }
        }
        try database.execute(sql: "PRAGMA trusted_schema = ON")
    }

    /// The version of the SQLite library.
    static var libraryVersion: String { unsafe String(cString: sqlite3_libversion()) }

    private static var base: Configuration {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(30)
        configuration.prepareDatabase { database in
            unsafe disableConstantFactoring(database.sqliteConnection)
            for pragma in ["query_only = ON", "cell_size_check = ON", "mmap_size = 0"] {
                try database.execute(sql: "PRAGMA " + pragma)
            }
        }
        return configuration
    }

    /// Stops SQLite from computing constants in advance and keeping them beside a copy: a view of a few bytes can have
    /// a constant of 300 MB.
    ///
    /// Swift cannot call the variadic C function directly; it is called as a function with three fixed parameters.
    @unsafe
    private static func disableConstantFactoring(_ connection: OpaquePointer?) {
        typealias Control = @convention(c) (CInt, OpaquePointer?, CInt) -> CInt
        guard let symbol = unsafe dlsym(nil, "sqlite3_test_control") else { return }
        let factorOutConstants: CInt = 8  // SQLITE_FactorOutConst
        unsafe _ = unsafeBitCast(symbol, to: Control.self)(
            SQLITE_TESTCTRL_OPTIMIZATIONS, connection, factorOutConstants)
    }

    /// SQLITE_INNOCUOUS.
    private static let innocuous = 0x20_0000

    /// Replaces a function that is not harmless by one that fails and that a schema cannot call.
    private static func forbidInSchema(_ function: Row, in database: Database) throws {
        guard let name = function["name"] as String?, let flags = function["flags"] as Int?,
            let arguments = function["narg"] as Int?, flags & innocuous == 0, !isOfJSON(name)
        else { return }
        let code = unsafe sqlite3_create_function_v2(
            database.sqliteConnection, name, CInt(arguments), SQLITE_UTF8 | SQLITE_DIRECTONLY, nil,
            { context, _, _ in unsafe sqlite3_result_error(context, "not available", -1) }, nil, nil, nil)
        guard code == SQLITE_OK else { throw DatabaseError(resultCode: ResultCode(rawValue: code)) }
    }

    private static func isOfJSON(_ name: String) -> Bool {
        name == "->" || name == "->>" || name == "json" || name.hasPrefix("json_") || name.hasPrefix("jsonb")
    }
}
