/// Tables that frameworks create beside the tables of a bot. Their ids are not subscribers: a session id of Laravel
/// looks like a Viber id.
enum FrameworkTables {
    static func contains(_ table: String) -> Bool {
        let name = table.lowercased()
        return bareNames.contains(bare(name)) || prefixes.contains { name.hasPrefix($0) }
            || suffixes.contains { name.hasSuffix($0) }
    }

    /// Removes underscores, so that `UserSessions` equals `user_sessions`.
    private static func bare(_ name: String) -> String { name.filter { $0 != "_" } }

    private static let bareNames = Set(names.map(bare))

    private static let names = [
        // Migrations
        "migrations", "migration", "schema_migrations", "schema_migration", "schema_version", "schema_info",
        "schema_history", "sequelizemeta", "sequelizedata", "alembic_version", "alembic_version_history", "phinxlog",
        "doctrine_migration_versions", "migration_versions", "migratehistory", "aerich", "typeorm_metadata",
        "flyway_schema_history", "databasechangelog", "databasechangeloglock", "refinery_schema_history",
        "ar_internal_metadata", "room_master_table", "grdb_migrations", "android_metadata", "goose_db_version",
        "gorp_migrations", "yoyo_lock", "strapi_migrations", "directus_migrations",
        "django_migrations", "django_content_type", "django_site",
        // Sessions and tokens
        "django_session",
        "session", "sessions", "user_sessions", "password_resets", "password_reset_tokens", "personal_access_tokens",
        "oauth_access_tokens", "oauth_refresh_tokens", "oauth_auth_codes", "oauth_clients", "authtoken_token",
        "express_sessions", "connect_session", "starsessions", "telegraf_sessions", "grammy_sessions",
        "verification_token", "verification_tokens", "verification_request", "verification_requests",
        "refresh_token", "refresh_tokens", "access_token", "access_tokens", "api_token", "api_tokens", "auth_token",
        "auth_tokens", "asp_net_user_tokens", "account_emailaddress", "account_emailconfirmation",
        // Jobs and queues
        "job", "jobs", "job_batches", "failed_jobs", "delayed_jobs", "delayed_job", "good_jobs", "oban_jobs",
        "oban_peers",
        "apscheduler_jobs", "kombu_message", "kombu_queue", "celery_taskmeta", "celery_tasksetmeta",
        "messenger_messages", "queue_jobs", "queues",
        // Caches, locks, full-text search, geography
        "cache", "cache_locks", "cache_entries", "spatial_ref_sys", "geometry_columns", "thumbnail_kvstore",
    ]

    private static let prefixes = [
        "django_admin_", "django_apscheduler_", "django_celery_", "django_q_", "auth_group", "auth_permission",
        "auth_user_groups", "auth_user_user_permissions", "telescope_", "pulse_",
        "horizon_", "solid_queue_", "solid_cache_", "solid_cable_", "active_storage_", "action_text_", "_prisma_",
        "__efmigrations", "__diesel_", "__drizzle_", "_sqlx_", "_litestream_", "_cf_", "_yoyo_", "knex_migrations",
        "sqlite_", "sqlean_", "libsql_", "djcelery_", "huey_", "procrastinate_",
    ]

    private static let suffixes = ["_migrations", "_migration", "_schema_migrations", "_alembic_version"]
}
