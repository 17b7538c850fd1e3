// swift-tools-version: 6.2

import PackageDescription

// Fuzz targets (libFuzzer with AddressSanitizer) for what a server or a user sends, and for what the disk gives back.
// From the root of the repository:
//
//   make fuzz          each target for FUZZ_SECONDS, 300 by default
//   make fuzz-short    each for ten seconds
//   .build-fuzz/build/release/fuzz-answer FILE     one input again, with what it breaks
//
// A finding fails, is printed, and stays in .build-fuzz/findings; what a run learns stays in .build-fuzz/corpus and is
// where the next one begins. `Corpus` holds the inputs made by hand, `Words` the words that inputs are made of.
//
// The sources are the product's own, by links: a package of its own keeps the sanitizers out of every other build.

let targets = [
    "fuzz-answer", "fuzz-scanner", "fuzz-account", "fuzz-retry-after", "fuzz-base-url", "fuzz-server-text",
    "fuzz-token",
    "fuzz-csv", "fuzz-column", "fuzz-work",
]
/// Those with only what needs no package but this one: what decodes bytes, and not what opens files or sockets.
let linked: [Target] = [
    .target(name: "Model"),
    .target(name: "Files", dependencies: ["Model", "CZlib"]),
    .target(name: "Decoders", dependencies: ["Model"]),
    .target(name: "Subscribers", dependencies: ["Model", "Files"]),
    .target(name: "RollCall", dependencies: ["Model", "Files"]),
    .target(name: "Snapshots", dependencies: ["Model", "Files"]),
]

let package = Package(
    name: "viber-rollcall-fuzz",
    targets: linked + [
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        // What the targets check with, and readers of JSON and CSV that share nothing with the product.
        .target(name: "FuzzKit", dependencies: ["Files"]),
    ]
        + targets.map { target in
            .executableTarget(name: target, dependencies: linked.map { .target(name: $0.name) } + ["FuzzKit"])
        }
)

// `--sanitize` given twice would instrument for one of the two only.
let sanitizers = ["-sanitize=fuzzer,address"]

for target in package.targets where target.type != .system {
    target.swiftSettings = [
        .treatAllWarnings(as: .error),
        .enableUpcomingFeature("ExistentialAny"),  // SE-0335
        .enableUpcomingFeature("InternalImportsByDefault"),  // SE-0409
        .enableUpcomingFeature("MemberImportVisibility"),  // SE-0444
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),  // SE-0461
        .unsafeFlags(["-enable-testing"] + sanitizers),
    ]
    target.linkerSettings = [.unsafeFlags(sanitizers)]
}
