// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that nobody who uses Stile builds it.
let package = Package(
    name: "stile-benchmarks",
    dependencies: [.package(name: "stile", path: "..")],
    targets: [
        .executableTarget(
            name: "stile-bench",
            dependencies: [.product(name: "StileStages", package: "stile")]),
        .executableTarget(
            name: "stile-bench-linkage",
            dependencies: [.product(name: "StileStages", package: "stile")]),
        // The fit and the evaluation beside other tools' figures on published data.
        .executableTarget(
            name: "stile-oracles",
            dependencies: [.product(name: "StileStages", package: "stile")]),
        // The speed of the fit: makes the data that all fit, and fits them.
        .executableTarget(
            name: "stile-bench-fit",
            dependencies: [.product(name: "StileStages", package: "stile")]),
        // How much each hardening of names costs, and what it saves.
        .executableTarget(
            name: "stile-frontier",
            dependencies: [.product(name: "StileStages", package: "stile")]),
    ]
)
