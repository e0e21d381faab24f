import Foundation
import LinkingZone
import PipelineModel
import ReleaseZone
import SourceZone

/// A deployment for trying out: every zone in one folder, keys that a real deployment refuses.
enum SampleDeployment {
    /// The roles that sign in the sample.
    static let roles = ["information_governance", "lived_experience", "practice_lead"]

    /// Makes the folders, keys and policy of the sample, and copies its configuration.
    ///
    /// - Parameters:
    ///   - folder: Where it is made.
    ///   - from: The folder with `source.yaml`, `linking.yaml` and `release.yaml`.
    static func make(folder: String, from: String) throws {
        for zone in ["source", "linking", "release"] {
            guard FileManager.default.fileExists(atPath: "\(from)/\(zone).yaml") else {
                throw StileError(
                    .configuration, "The sample's configuration is not there.",
                    at: .init(file: "\(from)/\(zone).yaml"),
                    remedy: "Give the folder that holds source.yaml, linking.yaml and release.yaml."
                )
            }
        }
        for name in ["Ethics", "exchange", "reviews", "source/drop"] {
            try makeFolder("\(folder)/\(name)")
        }
        for zone in ["source", "linking", "release"] {
            try makeFolder("\(folder)/\(zone)")
            try copy("\(from)/\(zone).yaml", to: "\(folder)/\(zone)/stile.yaml")
        }
        let project = try SourceZone.project(configuration: "\(folder)/source/stile.yaml")
        try SourceZone.makeKeyring(
            project: project, path: "\(folder)/source/keys/project.keyring")
        let logKey = try LinkingZone.makeKeys(folder: "\(folder)/linking")
        let release = try ReleaseZone.makeKeys(folder: "\(folder)/release")
        try ReleaseZone.makeSamplePolicy(
            path: "\(folder)/Ethics/policy.yaml", reviewers: "\(folder)/reviewers", roles: roles,
            purposes: ["offer-early-help", "conformance"], recipients: ["early-help-hub"],
            maximumRows: 1_000, linkingLogKey: logKey.hex, release: release)
        try LinkingZone.beginLog(configuration: "\(folder)/linking/stile.yaml")
        try copy(
            SourceZone.makeReviewKey(configuration: "\(folder)/source/stile.yaml"),
            to: "\(folder)/linking/keys/review.pub")
        if FileManager.default.fileExists(atPath: "Models") {
            try copy("Models", to: "\(folder)/Models")
        }
    }

    private static func makeFolder(_ path: String) throws {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o750])
        } catch {
            throw StileError(
                .inputOutput, "The folder cannot be made.", at: .init(file: path),
                remedy: "Check the permissions of the folder above it.")
        }
    }

    private static func copy(_ path: String, to destination: String) throws {
        do {
            try FileManager.default.copyItem(atPath: path, toPath: destination)
        } catch {
            throw StileError(
                .inputOutput, "The file cannot be copied.", at: .init(file: path),
                remedy: "Check that it is there and that this account may write the sample.")
        }
    }
}
