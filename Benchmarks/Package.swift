// swift-tools-version: 6.2

import PackageDescription

// Benchmarks of the hot paths: what a run does for every id. From the root of the repository:
//
//   make bench             the product's own figures, as in README.md
//   make instructions      instructions an id, by valgrind's callgrind, against thresholds
//   swift package --package-path Benchmarks --scratch-path .build-benchmarks benchmark
//                          times, by package-benchmark
//
// The sources are the product's own, by links: a package of its own keeps the tools out of every other build.

let package = Package(
    name: "viber-rollcall-benchmarks",
    dependencies: [
        .package(url: "https://github.com/ordo-one/benchmark", exact: "1.38.1", traits: []),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
    ],
    targets: [
        .target(name: "Model"),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(
            name: "Files",
            dependencies: [
                "Model", "CZlib",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "SystemPackage", package: "swift-system"),
            ]
        ),
        .target(
            name: "Subscribers",
            dependencies: [
                "Model", "Files",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ]
        ),
        // Of ViberAPI what needs no HTTP client.
        .target(name: "Decoders", dependencies: ["Model"]),
        .target(name: "RollCall", dependencies: ["Model", "Files"]),
        .target(name: "Snapshots", dependencies: ["Model", "Files"]),

        // What is measured, once for both ways to measure it.
        .target(
            name: "HotPaths",
            dependencies: ["Model", "Files", "Subscribers", "Decoders", "RollCall", "Snapshots"]
        ),
        .executableTarget(
            name: "HotPathBenchmarks",
            dependencies: ["HotPaths", .product(name: "Benchmark", package: "benchmark")],
            path: "Benchmarks/HotPathBenchmarks",
            plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]
        ),
        .executableTarget(name: "hot-path", dependencies: ["HotPaths"]),
    ]
)

for target in package.targets where target.type != .system {
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),  // SE-0335
        .enableUpcomingFeature("InternalImportsByDefault"),  // SE-0409
        .enableUpcomingFeature("MemberImportVisibility"),  // SE-0444
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),  // SE-0461
        .unsafeFlags(["-enable-testing"]),
    ]
}
