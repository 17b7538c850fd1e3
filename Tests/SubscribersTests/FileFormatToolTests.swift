import Subscribers
import TestSupport
import Testing

/// Files that are not lists, written by other programs.
@Suite struct FileFormatToolTests {
    /// Archives of one list as Python's library writes them, each named after its format.
    @Test(.needs("python3")) func `archives of Python are recognised`() async throws {
        try await withTemporaryDirectory { directory in
            let program = """
                import bz2, gzip, io, lzma, sys, tarfile, zipfile
                text = b"viber_id,name\\n" + b"pU3KGCUwux1tEyze1iN7Lg==,Ann\\n" * 200
                def write(name, data): open(sys.argv[1] + "/" + name, "wb").write(data)
                def archive(kind, member):
                    out = io.BytesIO()
                    with zipfile.ZipFile(out, "w", kind) as file: file.writestr(member, text)
                    return out.getvalue()
                write("zip-1", archive(zipfile.ZIP_STORED, "list.csv"))
                write("zip-2", archive(zipfile.ZIP_DEFLATED, "list.csv"))
                write("spreadsheet-1", archive(zipfile.ZIP_STORED, "xl/workbook.xml"))
                write("bzip2-1", bz2.compress(text)); write("bzip2-2", bz2.compress(b"a", 1))
                write("bzip2-3", bz2.compress(b""))
                write("xz-1", lzma.compress(text)); write("xz-2", lzma.compress(text, format=lzma.FORMAT_ALONE))
                write("xz-3", lzma.compress(b""))
                for number, format in enumerate([tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]):
                    out = io.BytesIO()
                    with tarfile.open(fileobj=out, mode="w", format=format) as file:
                        member = tarfile.TarInfo("list.csv"); member.size = len(text)
                        file.addfile(member, io.BytesIO(text))
                    write(f"tar-{number}", out.getvalue())
                    write(f"tar-{number + 3}", gzip.compress(out.getvalue()))
                write("gzip-1", gzip.compress(gzip.compress(text)))
                """
            let made = try await Tool.python(program, [directory])
            try #require(made.code == 0, "\(made.error)")
            for name in [
                "zip-1", "zip-2", "spreadsheet-1", "bzip2-1", "bzip2-2", "bzip2-3", "xz-1", "xz-2", "xz-3", "tar-0",
                "tar-1",
                "tar-2", "tar-3", "tar-4", "tar-5", "gzip-1",
            ] {
                let format = try #require(FileFormat(rawValue: String(name.prefix { $0 != "-" })))
                #expect(throws: SourceError.notAList(format, name: name)) {
                    try Spooled(SourceOptions(path: directory + "/" + name))
                }
            }
        }
    }

    /// The output of `sqlite3` in the modes that are not meant for other programs.
    @Test(
        .needs("sqlite3"),
        arguments: [
            ("box", FileFormat.drawnTable), ("qbox", .drawnTable), ("table", .drawnTable), ("column", .drawnTable),
            ("markdown", .drawnTable), ("json", .json), ("insert", .sqlDump), ("html", .xml),
        ])
    func `modes of SQLite are recognised`(_ mode: String, _ format: FileFormat) async throws {
        let sql = """
            CREATE TABLE users(viber_id TEXT, n INTEGER);
            \(insert("users") { "'\(RealFormIDs.id($0))', \($0)" })
            .headers on
            .mode \(mode)
            SELECT * FROM users;
            """
        let printed = try await Tool.run("sqlite3", ["-batch", ":memory:"], input: Array(sql.utf8))
        try #require(printed.code == 0, "\(printed.error)")
        #expect(throws: SourceError.notAList(format, name: "list.csv")) { try Spooled(csv: printed.output) }
    }

    @Test(.needs("sqlite3")) func `a dump of SQLite is recognised`() async throws {
        let sql = "CREATE TABLE users(viber_id TEXT); \(insert("users") { "'\(RealFormIDs.id($0))'" })\n.dump"
        let dump = try await Tool.run("sqlite3", ["-batch", ":memory:"], input: Array(sql.utf8))
        #expect(throws: SourceError.notAList(.sqlDump, name: "list.csv")) { try Spooled(csv: dump.output) }
    }

    /// The first lines of dumps by other programs.
    @Test(arguments: [
        "-- MySQL dump 10.13  Distrib 8.0.36, for Linux (x86_64)\n--\n-- Host: localhost    Database: bot\n",
        "/*M!999999\\- enable the sandbox mode */ \n-- MariaDB dump 10.19  Distrib 10.11.6-MariaDB\n--\n",
        "--\n-- PostgreSQL database dump\n--\n\nSET statement_timeout = 0;\n",
        "--\n-- PostgreSQL database dump\n--\n\n\\restrict abc\n\n-- Dumped from database version 17.6\n",
        "-- phpMyAdmin SQL Dump\n-- version 5.2.1\nSET SQL_MODE = \"NO_AUTO_VALUE_ON_ZERO\";\n",
        "-- Adminer 4.8.1 MySQL 8.0.36 dump\n\nSET NAMES utf8;\n",
        "-- --------------------------------------------\n-- Host: 127.0.0.1\n-- Dumping structure for bot.users\n",
        "INSERT INTO `users` (`id`, `viber_id`) VALUES\n(1, 'pU3KGCUwux1tEyze1iN7Lg=='),\n",
        "insert into users values (1);\n",
        "CREATE TABLE users(\n  id INTEGER\n);\n", "DROP TABLE IF EXISTS `users`;\n", "SET NAMES utf8mb4;\n",
        "BEGIN;\nINSERT INTO users VALUES(1);\n", "START TRANSACTION;\n", "PRAGMA foreign_keys=OFF;\n", "USE bot;\n",
        "COPY public.users (id, viber_id) FROM stdin;\n1\tpU3KGCUwux1tEyze1iN7Lg==\n\\.\n",
        "REPLACE INTO users VALUES(1);\n", "CREATE DATABASE bot;\n", "LOCK TABLES `users` WRITE;\n",
        // Navicat: a comment of several lines.
        "/*\n Navicat Premium Data Transfer\n\n Source Server : bot\n Source Schema : bot\n*/\n\nSET NAMES utf8mb4;\n"
            + "SET FOREIGN_KEY_CHECKS = 0;\n\n-- ----------------------------\nDROP TABLE IF EXISTS `users`;\n",
        "SET FOREIGN_KEY_CHECKS=0;\nDROP TABLE IF EXISTS `users`;\n",
        "USE [bot]\nGO\nCREATE TABLE [dbo].[users]([id] [int])\nGO\n",
        "DELETE FROM users;\nINSERT INTO users VALUES(1);\n", "CREATE UNIQUE INDEX i ON users(viber_id);\n",
    ])
    func `dumps are recognised`(_ dump: String) {
        for text in [dump, "\u{FEFF}" + dump, dump.replacing("\n", with: "\r\n")] {
            #expect(throws: SourceError.notAList(.sqlDump, name: "list.csv")) { try Spooled(csv: text) }
        }
    }

    /// Tables as `mysql` and `psql` print them in a terminal.
    @Test(arguments: [
        "+----+--------------------------+\n| id | viber_id                 |\n+----+\n",
        " id |         viber_id         \n----+--------------------------\n  1 | pU3KGCUwux1tEyze1iN7Lg==\n(1 row)\n",
        "         viber_id         \n--------------------------\n pU3KGCUwux1tEyze1iN7Lg==\n(1 row)\n",
        "-[ RECORD 1 ]----------------------\nid       | 1\nviber_id | pU3KGCUwux1tEyze1iN7Lg==\n",
        "*************************** 1. row ***************************\nviber_id: pU3KGCUwux1tEyze1iN7Lg==\n",
        "| id | viber_id |\n|---:|:---------|\n| 1 | pU3KGCUwux1tEyze1iN7Lg== |\n",
        "╔════╤══════════╗\n║ id │ viber_id ║\n", "┌────┬──────────┐\n│ id │ viber_id │\n",
        "╭────┬──────────╮\n│ id │ viber_id │\n",
        "│ id │ viber_id │\n├────┼──────────┤\n",
    ])
    func `drawn tables are recognised`(_ table: String) {
        for text in [table, "\n" + table, table.replacing("\n", with: "\r\n")] {
            #expect(throws: SourceError.notAList(.drawnTable, name: "list.csv")) { try Spooled(csv: text) }
        }
    }
}
