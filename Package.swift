// swift-tools-version: 6.2

import PackageDescription

// The architecture, from the top down. A target imports exactly the modules of its line, and a third-party product only
// where it is named. `Tests/Checkers/check_structure.py` checks both.
//
// `package` declarations are visible to other modules. A few are `public` and `@inlinable`, because the compiler (6.3)
// inlines nothing less across modules, and the calls took 4 % of the CPU time of a run.

/// The modules below the stages.
let core: [Target.Dependency] = ["Journal", "Model", "Formats", "Files"]
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let gzip = Target.Dependency.target(name: "CZlib")

func nio(_ names: String...) -> [Target.Dependency] { names.map { .product(name: $0, package: "swift-nio") } }
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")

let package = Package(
    name: "viber-rollcall",
    products: [.executable(name: "viber-rollcall", targets: ["viber-rollcall"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", exact: "2.1.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2"),
    ],
    targets: [
        // The command line: parses, prints, exits.
        .executableTarget(
            name: "viber-rollcall",
            dependencies: [
                "SnapshotJob", "HistoryJobs", "Subscribers", "ViberAPI", "HTTP", "Snapshots", "Audit", "Sandbox",
                "Model", "Formats", "Files", argumentParser, logging,
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ]
        ),

        // Composition: one run from settings to snapshot, and the jobs on published runs.
        .target(
            name: "SnapshotJob",
            dependencies: ["Subscribers", "ViberAPI", "RollCall", "Snapshots", "History", logging] + core),
        .target(
            name: "HistoryJobs",
            dependencies: ["Snapshots", "History", "Audit", "Report"] + core),

        // Stages.
        //
        // Reads the ids of a run from CSV files and SQLite databases.
        .target(
            name: "Subscribers",
            dependencies: core + [
                .product(name: "GRDB", package: "GRDB.swift"), .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ]
        ),
        // The two endpoints: wire types, status codes, errors, token, URL.
        .target(name: "ViberAPI", dependencies: ["HTTP", "Model", "Formats", "Files"]),
        // An HTTP/1.1 client for one server.
        .target(
            name: "HTTP", dependencies: nio("NIOCore", "NIOPosix", "NIOHTTP1", "NIOTLS") + [nioSSL]),
        // One roll call: passes, request wrappers, limits. Owns the task group.
        .target(name: "RollCall", dependencies: ["Journal", "Model", "Files"]),
        // The published formats, written and read back.
        .target(name: "Snapshots", dependencies: core),
        // history.csv, with one row per run.
        .target(name: "History", dependencies: ["Model", "Formats", "Files"]),
        // Compares snapshots: figures, transitions, gates, the prune list.
        .target(name: "Audit", dependencies: ["Snapshots", "Model", "Formats", "Files"]),
        // The page and its charts. Template and style sheet are embedded, so the binary stays one file.
        .target(
            name: "Report",
            dependencies: [
                "Audit", "Model", "Formats", .product(name: "Mustache", package: "swift-mustache"),
            ],
            resources: [.embedInCode("report.mustache"), .embedInCode("style.css")]
        ),
        // The stand-in Viber API on loopback.
        .target(
            name: "Sandbox",
            dependencies: ["Model", "Formats", "Files"] + nio("NIOCore", "NIOPosix", "NIOHTTP1") + [nioSSL]),

        // The work files of a run until its snapshot is published.
        .target(name: "Journal", dependencies: ["Model", "Formats", "Files"]),

        // Foundations.
        //
        // The value types of a roll call; no I/O.
        .target(name: "Model", dependencies: ["Formats"]),
        // CSV, JSON, numbers, checksums and hashes, on bytes.
        .target(name: "Formats"),
        // The operating system: checked reads and writes, staging and rename, lock, gzip streams, blocking threads.
        .target(
            name: "Files",
            dependencies: [
                "Formats", gzip,
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "SystemPackage", package: "swift-system"),
            ]
        ),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),

        // Tests: one target per module, and their shared support.
        .target(
            name: "TestSupport",
            dependencies: ["Snapshots"] + core + [
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            path: "Tests/TestSupport"
        ),
        test("Checkers", of: []),
        test("Formats", of: ["Formats", "Files"]),
        test("Model", of: ["Model", "Formats"]),
        test("Files", of: ["Files", "Formats"]),
        test("Journal", of: core),
        test("Subscribers", of: ["Subscribers"] + core),
        test("HTTP", of: ["HTTP"] + nio("NIOCore", "NIOPosix", "NIOEmbedded", "NIOHTTP1", "NIOTLS") + [nioSSL]),
        test(
            "ViberAPI",
            of: ["ViberAPI", "HTTP", "Sandbox", "Model", "Formats"] + nio("NIOCore", "NIOPosix", "NIOHTTP1") + [nioSSL]),
        test("RollCall", of: ["RollCall"] + core),
        test("Snapshots", of: ["Snapshots"] + core),
        test("History", of: ["History", "Model", "Formats", "Files"]),
        test("Audit", of: ["Audit", "Model", "Formats"]),
        test("Report", of: ["Report", "Audit", "Model", "Formats"]),
        test("Sandbox", of: ["Sandbox", "Model", "Formats"]),
        test(
            "SnapshotJob",
            of: ["SnapshotJob", "Sandbox", "Subscribers", "ViberAPI", "RollCall", "Snapshots", "History", logging]
                + core),
        test("HistoryJobs", of: ["HistoryJobs", "SnapshotJob", "Snapshots", "Audit"] + core),
        test(
            "viber-rollcall",
            of: [
                "viber-rollcall", "SnapshotJob", "HistoryJobs", "Audit", "Sandbox", "Snapshots", "Subscribers",
                "ViberAPI", "RollCall",
                argumentParser, logging,
            ] + core),
    ]
)

func test(_ module: String, of dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: module + "Tests", dependencies: dependencies + ["TestSupport"])
}

let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),  // SE-0335
    .enableUpcomingFeature("InternalImportsByDefault"),  // SE-0409
    .enableUpcomingFeature("MemberImportVisibility"),  // SE-0444
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),  // SE-0461
]

for target in package.targets where target.type != .system {
    // The expansions of test macros contain unsafe code that cannot be marked here.
    let isOfTests = target.type == .test || target.name == "TestSupport"
    target.swiftSettings = strict + (isOfTests ? [] : [.strictMemorySafety()])  // SE-0458
}

// Tools, each behind an environment variable that the Makefile sets, so that other builds do not build them or fetch
// their dependencies. They import the modules with `@testable`, as tests do.

/// Adds tool targets, and removes the product and the tests.
@MainActor
func addTools(_ targets: [Target], flags: [String]) {
    package.products.removeAll()
    package.targets.removeAll { $0.type == .test || $0.type == .executable || $0.name == "TestSupport" }
    for target in targets { target.swiftSettings = strict }
    package.targets += targets
    for target in package.targets where target.type != .system {
        target.swiftSettings = (target.swiftSettings ?? []) + [.unsafeFlags(["-enable-testing"] + flags)]
        target.linkerSettings = (target.linkerSettings ?? []) + [.unsafeFlags(flags)]
    }
}

let internals: [Target.Dependency] = ["Subscribers", "ViberAPI", "RollCall", "Snapshots"] + core

// Benchmarks of the hot paths: the work that a run does for every id.
if Context.environment["VIBER_ROLLCALL_BENCHMARKS"] != nil {
    package.dependencies.append(.package(url: "https://github.com/ordo-one/benchmark", exact: "1.38.1", traits: []))
    addTools(
        [
            // The measured code, shared by both ways to measure it.
            .target(
                name: "HotPaths", dependencies: internals + [.product(name: "GRDB", package: "GRDB.swift")],
                path: "Benchmarks/HotPaths"),
            .executableTarget(name: "hot-path", dependencies: ["HotPaths"], path: "Benchmarks/hot-path"),
            .executableTarget(
                name: "HotPathBenchmarks",
                dependencies: ["HotPaths", .product(name: "Benchmark", package: "benchmark")],
                path: "Benchmarks/HotPathBenchmarks",
                plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]),
        ], flags: [])
}

// Fuzz targets for data from servers, users and the disk. Only the modules of this package are instrumented:
// `--sanitize` on the command line would instrument every package, and of two `--sanitize` options only one takes
// effect.
if Context.environment["VIBER_ROLLCALL_FUZZ"] != nil {
    let names = [
        "answer", "scanner", "account", "retry-after", "base-url", "server-text", "token", "csv", "column", "work",
    ]
    addTools(
        // Shared checks, and readers of JSON and CSV that share no code with the product.
        [.target(name: "FuzzKit", dependencies: ["Formats"], path: "Tests/Fuzz/FuzzKit")]
            + names.map { name in
                .executableTarget(
                    name: "fuzz-" + name, dependencies: internals + ["FuzzKit"], path: "Tests/Fuzz/fuzz-" + name,
                    // Makes `fuzzMain` the entry point instead of the package manager's name: `FuzzKit/Driver.swift`.
                    linkerSettings: [
                        .unsafeFlags([
                            "-Xlinker", "--defsym=fuzz_\(name.replacing("-", with: "_"))_main=fuzzMain",
                            "-Xlinker", "--defsym=main=fuzzMain",
                        ])
                    ])
            },
        flags: ["-sanitize=fuzzer,address"])
}
