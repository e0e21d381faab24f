// swift-tools-version: 6.2
import PackageDescription

// In CI every warning is an error; at a desk it stays a warning, so that an
// older or newer compiler never stops a data team from building.
let strictness: [SwiftSetting] =
    Context.environment["CI"] == nil ? [] : [.treatAllWarnings(as: .error)]

let settings: [SwiftSetting] =
    [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
    ] + strictness

let argumentParser = Target.Dependency.product(
    name: "ArgumentParser", package: "swift-argument-parser")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

/// A library target of this package with the settings all of them share.
func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(
        name: name, dependencies: dependencies, swiftSettings: settings,
        linkerSettings: [.linkedLibrary("m")])
}

/// The tests of one target; the folder mirrors Sources.
func tests(
    _ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []
) -> Target {
    .testTarget(
        name: name, dependencies: dependencies + ["TestSupport"], resources: resources,
        swiftSettings: settings)
}

let package = Package(
    name: "stile",
    products: [
        .executable(name: "stile", targets: ["stile"]),
        // For Benchmarks/, a package of its own.
        .library(
            name: "StileStages",
            targets: [
                "PipelineModel", "Hashing", "LinearAlgebra", "Tabular", "StrictYAML",
                "ColumnFiles", "EncodedExtract", "Identifiers", "Intake", "Pseudonymise",
                "Sealing", "Attack", "Linkage", "Features", "Modelling", "Evaluation", "Scoring",
                "ModelFolder", "Synth",
            ]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    ],
    targets: [
        // MARK: System libraries and C

        /** CBLAS and the few LAPACK routines that the fit needs. */
        .systemLibrary(
            name: "CLinearAlgebra", providers: [.apt(["libblas-dev", "liblapack-dev"])]),
        /** zlib, for extracts that arrive gzipped. */
        .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
        /** The bits of Bloom filters, drawn, counted and compared; dispatched by processor. */
        .target(name: "CBitKernels"),
        /** What a logistic likelihood needs of each row, dispatched by processor. */
        .target(name: "CRowKernels", linkerSettings: [.linkedLibrary("m")]),

        // MARK: Model

        /** Days, pseudonyms, digests, facts, matrices, errors, and how they are written: no behaviour. */
        library("PipelineModel"),

        // MARK: Tools

        /** SHA-256 of bytes and files, HMAC under a key. */
        library("Hashing", ["PipelineModel", crypto]),
        /** The one importer of BLAS and LAPACK. */
        library("LinearAlgebra", ["PipelineModel", "CLinearAlgebra", "CRowKernels"]),

        // MARK: Formats

        /** CSV as found in the wild: bytes to fields, no meaning. */
        library("Tabular", ["PipelineModel", "CZlib"]),
        /** YAML with positions, unknown and duplicate keys refused; the one importer of Yams. */
        library("StrictYAML", ["PipelineModel", yams]),
        /** Bulk columns in memory-mapped files named by their digest. */
        library("ColumnFiles", ["PipelineModel", "Hashing"]),
        /** The three files that pass from the source zone to the linking zone. */
        library("EncodedExtract", ["PipelineModel", "Hashing", "ColumnFiles"]),
        /** Statements, envelopes, signatures and the append-only hash tree. */
        library("Attestation", ["PipelineModel", "Hashing", "ColumnFiles", crypto]),
        /** The sealed form of an identity, its key schedule and shares; opens nothing. */
        library(
            "Sealing", ["PipelineModel", "Hashing", "ColumnFiles", "Attestation", crypto]),
        /** Requests to clerks and their answers: the files, sealed and signed; no name in them. */
        library(
            "ClericalReview",
            ["PipelineModel", "Hashing", "ColumnFiles", "Attestation", "Sealing", crypto]),
        /** Self-contained HTML pages. */
        library("Report", ["PipelineModel"]),

        // MARK: Stages of the source zone (identifiers exist here)

        /** Published frequencies of names and well-known short forms: no person's data. */
        library("NameTables"),
        /** The rules of UK identifiers, the normal form of names and how common each is. */
        library("Identifiers", ["PipelineModel", "NameTables"]),
        /** Extracts in; checked rows, dated facts and quarantine out. */
        library("Intake", ["PipelineModel", "Tabular", "StrictYAML"]),
        /** Checked rows in; tokens, filters and sealed identities out. */
        library(
            "Pseudonymise",
            [
                "PipelineModel", "Hashing", "Identifiers", "Intake", "EncodedExtract",
                "StrictYAML", "CBitKernels", crypto,
            ]),
        /** Encodings and what an attacker may know in; how many names they read out. */
        library(
            "Attack",
            ["PipelineModel", "Identifiers", "Pseudonymise", "EncodedExtract", "CBitKernels"]),

        // MARK: Stages of the linking and modelling zone (no identifier can be reached)

        /** Encodings in; the spine of people and households out. */
        library(
            "Linkage",
            ["PipelineModel", "Hashing", "StrictYAML", "EncodedExtract", "CBitKernels", crypto]),
        /** Facts and the spine in; a point-in-time design matrix out. */
        library("Features", ["PipelineModel", "Hashing", "StrictYAML"]),
        /** A matrix and outcomes in; a fitted model out. */
        library("Modelling", ["PipelineModel", "StrictYAML", "LinearAlgebra"]),
        /** Scores and outcomes in; how good and how fair they are out. */
        library("Evaluation", ["PipelineModel"]),
        /** A matrix and a model in; probabilities, ranks and additive reasons out. */
        library("Scoring", ["PipelineModel"]),
        /** All that is known of a model in; the folder that others can check and run out. */
        library("ModelFolder", ["PipelineModel", "Hashing", "Scoring"]),
        /** Candidates, evidence, policy and sign-offs in; a decision out. */
        library("EthicsGate", ["PipelineModel", "Hashing", "StrictYAML", "Attestation"]),

        // MARK: Release zone

        /** The only opener of sealed identities. */
        library(
            "Release",
            [
                "PipelineModel", "Hashing", "ColumnFiles", "Attestation", "Sealing",
                "EthicsGate", crypto,
            ]),

        // MARK: Beside the flow

        /** The synthetic county. */
        library("Synth", ["PipelineModel", "Hashing", "NameTables"]),

        // MARK: Edges

        /** SQLite: runs, registries, links, decisions; the one importer of GRDB. */
        library("Storage", ["PipelineModel", grdb]),

        // MARK: Composition

        /** The run engine: lock, stages by fingerprint, run record, run page, leaves of the log. */
        library(
            "NightRun",
            ["PipelineModel", "Hashing", "Storage", "ColumnFiles", "Report", "Attestation"]),
        /** The night in the source zone. */
        library(
            "SourceZone",
            [
                "NightRun", "PipelineModel", "Hashing", "Storage", "ColumnFiles", "StrictYAML",
                "Tabular", "Intake", "Pseudonymise", "Attack", "EncodedExtract", "Sealing",
                "EthicsGate", "Attestation", "ClericalReview",
            ]),
        /** The night in the linking zone; cannot reach Intake, Pseudonymise or Release. */
        library(
            "LinkingZone",
            [
                "NightRun", "PipelineModel", "Hashing", "Storage", "ColumnFiles", "StrictYAML",
                "EncodedExtract", "Linkage", "Features", "Modelling", "Evaluation", "Scoring",
                "ModelFolder", "EthicsGate", "Attestation", "Sealing", "ClericalReview", "Report",
                "LinearAlgebra", "Tabular",
            ]),
        /** Sign-off by holders and the release itself. */
        library(
            "ReleaseZone",
            [
                "PipelineModel", "Hashing", "StrictYAML", "ColumnFiles", "Attestation",
                "EncodedExtract", "Sealing", "EthicsGate", "Release", "NightRun",
            ]),

        // MARK: Entry

        /** The command line, thin. */
        .executableTarget(
            name: "stile",
            dependencies: [
                "PipelineModel", "Synth", "StrictYAML", "NightRun", "Storage", "SourceZone",
                "LinkingZone", "ReleaseZone", "Attack", "ModelFolder", argumentParser, logging,
            ],
            swiftSettings: settings),

        // MARK: Tests

        /** What the tests share: temporary folders, seeded cases, canaries. */
        .target(
            name: "TestSupport", dependencies: ["PipelineModel"], path: "Tests/TestSupport",
            swiftSettings: settings),
        tests("PipelineModelTests", ["PipelineModel"]),
        tests("HashingTests", ["Hashing", "PipelineModel", crypto]),
        tests("LinearAlgebraTests", ["LinearAlgebra", "PipelineModel"]),
        tests("TabularTests", ["Tabular", "PipelineModel"]),
        tests("StrictYAMLTests", ["StrictYAML", "PipelineModel"]),
        tests("ColumnFilesTests", ["ColumnFiles", "Hashing", "PipelineModel"]),
        tests(
            "EncodedExtractTests",
            ["EncodedExtract", "ColumnFiles", "Hashing", "Sealing", "PipelineModel"]),
        tests(
            "AttestationTests",
            ["Attestation", "Hashing", "PipelineModel", "ColumnFiles", crypto]),
        tests(
            "SealingTests",
            [
                "Sealing", "Release", "Attestation", "ColumnFiles", "Hashing", "PipelineModel",
                crypto,
            ]),
        tests(
            "ClericalReviewTests",
            ["ClericalReview", "Sealing", "Attestation", "Hashing", "PipelineModel"]),
        tests("ReportTests", ["Report", "PipelineModel"]),
        tests("IdentifiersTests", ["Identifiers", "NameTables", "PipelineModel"]),
        tests(
            "IntakeTests",
            ["Intake", "Tabular", "StrictYAML", "ColumnFiles", "Hashing", "PipelineModel"]),
        tests(
            "PseudonymiseTests",
            [
                "Pseudonymise", "Intake", "Identifiers", "EncodedExtract", "ColumnFiles",
                "StrictYAML", "Hashing", "PipelineModel", crypto,
            ]),
        tests(
            "AttackTests",
            [
                "Attack", "Pseudonymise", "Intake", "Identifiers", "NameTables", "EncodedExtract",
                "StrictYAML", "PipelineModel",
            ]),
        tests(
            "LinkageTests",
            ["Linkage", "EncodedExtract", "Hashing", "StrictYAML", "ColumnFiles", "PipelineModel"]),
        tests("FeaturesTests", ["Features", "StrictYAML", "PipelineModel"]),
        tests(
            "ModellingTests",
            [
                "Modelling", "Evaluation", "Scoring", "LinearAlgebra", "StrictYAML",
                "ColumnFiles", "PipelineModel",
            ]),
        tests("EvaluationTests", ["Evaluation", "PipelineModel"]),
        tests("ScoringTests", ["Scoring", "PipelineModel"]),
        tests("ModelFolderTests", ["ModelFolder", "Hashing", "PipelineModel"]),
        tests(
            "EthicsGateTests",
            ["EthicsGate", "Attestation", "StrictYAML", "Hashing", "PipelineModel", crypto]),
        tests(
            "ReleaseTests",
            [
                "Release", "EthicsGate", "Sealing", "Attestation", "ColumnFiles", "Hashing",
                "StrictYAML", "PipelineModel", crypto,
            ]),
        tests("SynthTests", ["Synth", "NameTables", "Modelling", "Hashing", "PipelineModel"]),
        tests("StorageTests", ["Storage", "PipelineModel", grdb]),
        tests(
            "NightRunTests",
            [
                "NightRun", "Storage", "ColumnFiles", "Hashing", "Report", "Attestation",
                "PipelineModel",
            ]),
        tests(
            "LinkingZoneTests",
            [
                "SourceZone", "LinkingZone", "ReleaseZone", "NightRun", "Storage", "Linkage",
                "EncodedExtract", "EthicsGate", "Attestation", "ClericalReview", "ColumnFiles",
                "ModelFolder", "Hashing", "PipelineModel", "Evaluation", "Features", "StrictYAML",
                "Modelling",
            ]),
        tests("ArchitectureTests", []),
        tests(
            "DeploymentTests",
            [
                "SourceZone", "LinkingZone", "ReleaseZone", "NightRun", "Storage", "ColumnFiles",
                "PipelineModel",
            ]),
        tests(
            "CommandTests",
            ["PipelineModel", "Hashing", "Storage", "EncodedExtract", "ColumnFiles"]),
    ]
)
