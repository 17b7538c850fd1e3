import Model
import Testing

/// A database as a framework and a bot's author create it, with the expected result.
struct RealDatabase: Sendable, CustomTestStringConvertible {
    var what: String
    var sql: String
    /// The column with the ids from 1 to `count`.
    var column: String
    var count = 12
    /// A text that the warnings contain; empty if there are no warnings.
    var warnings: [String] = []

    var testDescription: String { what }

    func check() async throws {
        try await withDatabase(sql) { path in
            let spooled = try Spooled(database: path)
            #expect(spooled.source.column == column)
            #expect(spooled.ids == RealFormIDs.first(count))
            #expect(spooled.warnings.count == warnings.count, "\(spooled.warnings)")
            for text in warnings { #expect(spooled.warnings.contains { $0.contains(text) }, "\(spooled.warnings)") }
            #expect(PersonalData.found(in: spooled.warnings.joined()).isEmpty)
        }
    }
}

/// Databases with tables of a framework beside those of a bot, and ids of the framework beside those of Viber.
@Suite struct RealSQLiteFrameworkTests {
    private static let id = RealFormIDs.id

    @Test(arguments: [
        RealDatabase(
            what: "Laravel with sessions of 40 characters",
            sql: """
                CREATE TABLE "migrations" ("id" integer primary key autoincrement not null, "migration" varchar,
                "batch" integer not null);
                CREATE TABLE "users" ("id" integer primary key autoincrement not null, "name" varchar not null,
                "email" varchar not null);
                CREATE TABLE "sessions" ("id" varchar not null, "user_id" integer, "ip_address" varchar,
                "payload" text not null, "last_activity" integer not null, primary key ("id"));
                CREATE TABLE "password_reset_tokens" ("email" varchar not null, "token" varchar not null);
                CREATE TABLE "job_batches" ("id" varchar not null, "name" varchar not null);
                CREATE TABLE "failed_jobs" ("id" integer primary key, "uuid" varchar not null);
                CREATE TABLE "personal_access_tokens" ("id" integer primary key, "token" varchar not null);
                CREATE TABLE "viber_users" ("id" integer primary key autoincrement not null,
                "viber_id" varchar(50) not null, "created_at" datetime, "updated_at" datetime);
                INSERT INTO users VALUES(1, '\(PersonalData.name)', '\(PersonalData.email)');
                """
                    + insert("sessions") {
                        "'aB\($0 + 10)KpQzRtYxWvUtSrQpOnMlKjIhGfEdCbAzYxWv', NULL, '10.0.0.1', 'x', 1"
                    }
                    + insert("viber_users") { "\($0), '\(id($0))', '2026-11-21 10:00:00', NULL" },
            column: "viber_id"),
        RealDatabase(
            what: "a salon's Laravel table with a token per tenant",
            sql: """
                CREATE TABLE viber_subscribers(id INTEGER PRIMARY KEY, user_id INTEGER, viber_token varchar(255),
                viber_id varchar(255), created_at datetime);
                """
                    + insert("viber_subscribers") {
                        "\($0), \($0), '445da6az1s345z78-dazcczb2542zv51a', '\(id($0))', NULL"
                    },
            column: "viber_id"),
        RealDatabase(
            what: "Django",
            sql: """
                CREATE TABLE "django_migrations" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "app" varchar(255));
                CREATE TABLE "django_session" ("session_key" varchar(40) NOT NULL PRIMARY KEY, "session_data" text);
                CREATE TABLE "django_admin_log" ("id" integer PRIMARY KEY, "user_id" integer);
                CREATE TABLE "auth_user" ("id" integer NOT NULL PRIMARY KEY, "username" varchar(150), "email" text);
                CREATE TABLE "auth_user_groups" ("id" integer PRIMARY KEY, "user_id" integer, "group_id" integer);
                CREATE TABLE "vbot_viberuser" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "viber_id" varchar(50)
                NOT NULL, "name" varchar(50), "phone" varchar(20));
                INSERT INTO auth_user VALUES(1, 'admin', '\(PersonalData.email)');
                """
                    + insert("vbot_viberuser") { "\($0), '\(id($0))', '\(PersonalData.name)', '\(PersonalData.phone)'" }
            ,
            column: "viber_id"),
        // Only tables of Django itself are ignored: a table is named after its app, and an app may have such a name.
        RealDatabase(
            what: "a Django app that is called django_viber",
            sql: """
                CREATE TABLE "auth_user" ("id" integer NOT NULL PRIMARY KEY, "username" varchar(150));
                INSERT INTO auth_user VALUES(1, 'admin');
                CREATE TABLE "django_viber_viberuser" ("id" integer NOT NULL PRIMARY KEY, "viber_id" varchar(50));
                """ + insert("django_viber_viberuser") { "\($0), '\(id($0))'" },
            column: "viber_id"),
        RealDatabase(
            what: "Sequelize",
            sql: """
                CREATE TABLE `SequelizeMeta` (`name` VARCHAR(255) NOT NULL UNIQUE PRIMARY KEY);
                CREATE TABLE `Users` (`id` INTEGER PRIMARY KEY AUTOINCREMENT, `viberId` VARCHAR(255) UNIQUE,
                `createdAt` DATETIME NOT NULL, `updatedAt` DATETIME NOT NULL);
                """ + insert("Users") { "\($0), '\(id($0))', '2026-11-21', '2026-11-21'" },
            column: "viberId"),
        RealDatabase(
            what: "Prisma with cuid keys",
            sql: """
                CREATE TABLE "_prisma_migrations" ("id" TEXT PRIMARY KEY NOT NULL, "checksum" TEXT NOT NULL);
                CREATE TABLE "User" ("id" TEXT NOT NULL PRIMARY KEY, "viberUserId" TEXT NOT NULL, "name" TEXT);
                """
                    + insert("User") { "'clh3k2j5h000\($0 + 10)08l3h7q2f9z1', '\(id($0))', '\(PersonalData.name)'" },
            column: "viberUserId"),
        RealDatabase(
            what: "Rails",
            sql: """
                CREATE TABLE "schema_migrations" ("version" varchar NOT NULL PRIMARY KEY);
                CREATE TABLE "ar_internal_metadata" ("key" varchar NOT NULL PRIMARY KEY, "value" varchar);
                CREATE TABLE "subscribers" ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL,
                "viber_user_id" varchar, "created_at" datetime(6) NOT NULL);
                """ + insert("subscribers") { "\($0), '\(id($0))', '2026-11-21'" },
            column: "viber_user_id"),
        RealDatabase(
            what: "SQLAlchemy with Alembic",
            sql: """
                CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL);
                INSERT INTO alembic_version VALUES('1975ea83b712');
                CREATE TABLE users (id INTEGER NOT NULL, viber_id VARCHAR(64) NOT NULL, is_active BOOLEAN,
                PRIMARY KEY (id), UNIQUE (viber_id));
                """ + insert("users") { "\($0), '\(id($0))', 1" },
            column: "viber_id"),
        RealDatabase(
            what: "states of a dialogue, as aiogram keeps them",
            sql: """
                CREATE TABLE fsm_states(key TEXT PRIMARY KEY, state TEXT); CREATE TABLE fsm_data(key TEXT, data TEXT);
                CREATE TABLE users(user_id TEXT PRIMARY KEY, username TEXT, phone TEXT);
                """
                    + insert("fsm_states") { "'\(id($0)):\(id($0))', 'Form:name'" }
                    + insert("users") { "'\(id($0))', '\(PersonalData.name)', '\(PersonalData.phone)'" },
            column: "user_id"),
        RealDatabase(
            what: "TypeORM with UUID keys",
            sql: """
                CREATE TABLE "migrations" ("id" integer PRIMARY KEY, "timestamp" bigint NOT NULL, "name" varchar);
                CREATE TABLE "user" ("id" varchar PRIMARY KEY NOT NULL, "viberChatId" varchar NOT NULL);
                """ + insert("user") { "'840a497b-f9b0-4d47-8f83-6f06e13317\($0 + 10)', '\(id($0))'" },
            column: "viberChatId"),
        RealDatabase(
            what: "Knex",
            sql: """
                CREATE TABLE `knex_migrations` (`id` integer primary key, `name` varchar(255));
                CREATE TABLE `knex_migrations_lock` (`index` integer primary key, `is_locked` integer);
                CREATE TABLE `subscribers` (`id` integer primary key, `subscriber_id` varchar(255));
                """ + insert("subscribers") { "\($0), '\(id($0))'" },
            column: "subscriber_id"),
        RealDatabase(
            what: "Tortoise with Aerich and UUIDs without hyphens",
            sql: """
                CREATE TABLE "aerich" ("id" INTEGER PRIMARY KEY, "version" VARCHAR(255), "app" VARCHAR(100));
                CREATE TABLE "viberuser" ("id" CHAR(36) NOT NULL PRIMARY KEY, "receiver" VARCHAR(64) NOT NULL);
                """ + insert("viberuser") { "'840a497bf9b04d478f836f06e13317\($0 + 10)', '\(id($0))'" },
            column: "receiver"),
        RealDatabase(
            what: "Entity Framework",
            sql: """
                CREATE TABLE "__EFMigrationsHistory" ("MigrationId" TEXT PRIMARY KEY, "ProductVersion" TEXT);
                CREATE TABLE "ViberUsers" ("Id" TEXT NOT NULL PRIMARY KEY, "ViberId" TEXT NOT NULL, "Name" TEXT);
                """
                    + insert("ViberUsers") { "'840A497B-F9B0-4D47-8F83-6F06E13317\($0 + 10)', '\(id($0))', 'x'" },
            column: "ViberId"),
        RealDatabase(
            what: "GORM",
            sql: """
                CREATE TABLE `subscribers` (`id` integer PRIMARY KEY AUTOINCREMENT, `created_at` datetime,
                `deleted_at` datetime, `viber_id` text);
                """ + insert("subscribers") { "\($0), '2026-11-21', NULL, '\(id($0))'" },
            column: "viber_id"),
        RealDatabase(
            what: "golang-migrate",
            sql: """
                CREATE TABLE schema_migrations (version uint64, dirty bool);
                CREATE TABLE viber_subscriptions (id INTEGER PRIMARY KEY, viber_subscriber_id TEXT NOT NULL);
                """ + insert("viber_subscriptions") { "\($0), '\(id($0))'" },
            column: "viber_subscriber_id"),
        RealDatabase(
            what: "Doctrine and Messenger",
            sql: """
                CREATE TABLE doctrine_migration_versions (version VARCHAR(191) NOT NULL PRIMARY KEY);
                CREATE TABLE messenger_messages (id INTEGER PRIMARY KEY, body CLOB NOT NULL, queue_name VARCHAR(190));
                CREATE TABLE subscriber (id INTEGER PRIMARY KEY NOT NULL, receiver_id VARCHAR(255) NOT NULL);
                """ + insert("subscriber") { "\($0), '\(id($0))'" },
            column: "receiver_id"),
        RealDatabase(
            what: "Room on Android",
            sql: """
                CREATE TABLE android_metadata (locale TEXT);
                CREATE TABLE room_master_table (id INTEGER PRIMARY KEY, identity_hash TEXT);
                CREATE TABLE `Contact` (`id` TEXT NOT NULL, `phone` TEXT, PRIMARY KEY(`id`));
                """ + insert("Contact") { "'\(id($0))', '\(PersonalData.phone)'" },
            column: "id"),
        RealDatabase(
            what: "Cloudflare D1",
            sql: """
                CREATE TABLE d1_migrations(id INTEGER PRIMARY KEY, name TEXT UNIQUE, applied_at TIMESTAMP);
                CREATE TABLE _cf_KV(key TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID;
                CREATE TABLE users(id TEXT PRIMARY KEY, lang TEXT);
                """ + insert("users") { "'\(id($0))', 'uk'" },
            column: "id"),
    ])
    func `the table of the bot is found`(_ database: RealDatabase) async throws { try await database.check() }
}
