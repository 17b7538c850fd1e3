// swift-tools-version: 6.2

import PackageDescription

// The architecture. The command line composes; the middle modules never import each other; all of them stand
// on the same ground (Model, Files). A module owns one third-party dependency or one rule.
//
//   viber-rollcall -> { Subscribers, ViberAPI, RollCall, Snapshots, Audit, Sandbox } -> { Model, Files } ; Files -> CZlib
//
// `swift build --explicit-target-dependency-import-check error` (part of `make check`) holds it.
//
// `package` is what other modules see. `public` together with `@inlinable` is what is also compiled into them: the compiler
// (6.3) does that for nothing less, and the calls took 4 % of the CPU time of a run.

let package = Package(
    name: "viber-rollcall",
    products: [
        .executable(name: "viber-rollcall", targets: ["viber-rollcall"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-configuration", exact: "1.4.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", exact: "2.1.1"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2"),
    ],
    targets: [
        // The command line: options, settings, wiring, exit codes.
        .executableTarget(
            name: "viber-rollcall",
            dependencies: [
                "Model", "Formats", "Files", "Journal", "Subscribers", "ViberAPI", "RollCall", "Snapshots", "History", "Audit", "Report", "Sandbox",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ]
        ),

        // Which ids a run asks about: CSV and SQLite sources, the spool. Owns GRDB.
        .target(
            name: "Subscribers",
            dependencies: [
                "Model", "Formats", "Files", "Journal",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ]
        ),
        // The two endpoints: wire types, status codes, errors, token, URL.
        .target(name: "ViberAPI", dependencies: ["Model", "Formats", "HTTP"]),
        // An HTTP/1.1 client for one server. Owns NIO, client side.
        .target(
            name: "HTTP",
            dependencies: [
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOTLS", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]
        ),
        // One run: window, pacing, retry, passes, answers. Owns the task group.
        .target(name: "RollCall", dependencies: ["Model", "Formats", "Files", "Journal"]),
        // What a run leaves, and reading it back.
        .target(name: "Snapshots", dependencies: ["Model", "Formats", "Files", "Journal"]),
        // One row a run: history.csv.
        .target(name: "History", dependencies: ["Model", "Formats", "Files"]),
        // What snapshots say when they are compared: figures, transitions, gates, the prune list.
        .target(name: "Audit", dependencies: ["Model", "Formats", "Snapshots", "History"]),
        // The page and its charts. Owns Mustache.
        .target(
            name: "Report",
            dependencies: [
                "Model", "Formats", "History", "Audit", .product(name: "Mustache", package: "swift-mustache"),
            ],
            // In the binary, which stays one file.
            resources: [.embedInCode("report.mustache")]
        ),
        // The stand-in Viber API on loopback. Owns Hummingbird, and NIO below it for what an HTTP server cannot do wrong.
        .target(
            name: "Sandbox",
            dependencies: [
                "Model", "Formats", "Files",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),

        // What a run keeps on disk until its snapshot is published.
        .target(name: "Journal", dependencies: ["Model", "Formats", "Files"]),

        // The words of a roll call as values; no I/O.
        .target(name: "Model", dependencies: ["Formats"]),
        // CSV, JSON, numbers, check sums and hashes, on bytes.
        .target(name: "Formats"),
        // What touches the disk: checked reads and writes, staging and rename, lock, gzip both ways. Owns CZlib.
        .target(
            name: "Files",
            dependencies: [
                "Formats", "CZlib",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "SystemPackage", package: "swift-system"),
            ]
        ),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),

        // Tests: one target a module, and what they share.
        .target(
            name: "TestSupport",
            dependencies: [
                "Model", "Formats", "Files",
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            path: "Tests/TestSupport"
        ),
        .testTarget(name: "CheckersTests", dependencies: ["TestSupport"]),
        .testTarget(name: "ModelTests", dependencies: ["Model", "Formats", "TestSupport"]),
        .testTarget(name: "FormatsTests", dependencies: ["Formats", "TestSupport"]),
        .testTarget(name: "FilesTests", dependencies: ["Files", "Formats", "TestSupport"]),
        .testTarget(name: "SubscribersTests", dependencies: ["Subscribers", "Model", "Formats", "Files", "Journal", "TestSupport"]),
        .testTarget(
            name: "ViberAPITests",
            dependencies: [
                "ViberAPI", "Sandbox", "Model", "TestSupport", .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"), .product(name: "NIOTLS", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]
        ),
        .testTarget(name: "JournalTests", dependencies: ["Journal", "Model", "Formats", "Files", "TestSupport"]),
        .testTarget(name: "RollCallTests", dependencies: ["RollCall", "Model", "Formats", "Files", "Journal", "TestSupport"]),
        .testTarget(name: "SnapshotsTests", dependencies: ["Snapshots", "Model", "Formats", "Files", "Journal", "TestSupport"]),
        .testTarget(name: "HistoryTests", dependencies: ["History", "Model", "Formats", "Files", "TestSupport"]),
        .testTarget(name: "AuditTests", dependencies: ["Audit", "Model", "TestSupport"]),
        .testTarget(name: "ReportTests", dependencies: ["Report", "Audit", "History", "Model", "TestSupport"]),
        .testTarget(name: "SandboxTests", dependencies: ["Sandbox", "Model", "TestSupport"]),
        .testTarget(
            name: "viber-rollcallTests",
            dependencies: [
                "viber-rollcall", "Audit", "Sandbox", "Snapshots", "Subscribers", "ViberAPI", "RollCall", "Model",
                "Files", "TestSupport",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
    ]
)

for target in package.targets where target.type != .system {
    var settings: [SwiftSetting] = [
        .treatAllWarnings(as: .error),
        .enableUpcomingFeature("ExistentialAny"),  // SE-0335
        .enableUpcomingFeature("InternalImportsByDefault"),  // SE-0409
        .enableUpcomingFeature("MemberImportVisibility"),  // SE-0444
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),  // SE-0461
    ]
    // Test macros expand to code of their own, which is not ours to mark.
    if target.type != .test && target.name != "TestSupport" { settings.append(.strictMemorySafety()) }  // SE-0458
    target.swiftSettings = settings
}
