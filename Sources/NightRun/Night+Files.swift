import ColumnFiles
import Foundation
import Hashing
import PipelineModel
import Storage

extension Night {
    /// Whether every output is still there with its digest.
    ///
    /// A column file that is not what its name says is removed, so that the stage
    /// can write it again.
    func stands(_ outputs: [Artefact], of stage: Stage) throws -> Bool {
        var whole = true
        for output in outputs {
            let path: String
            switch output.kind {
            case .value: continue
            case .file: path = context.path(of: output.name)
            case .columns: path = context.columns.path(of: output.digest)
            }
            let found =
                FileManager.default.fileExists(atPath: path)
                ? try ContentDigest.sha256(fileAt: path) : nil
            guard found != output.digest else { continue }
            whole = false
            context.log(
                .warning,
                "\(Night.title(stage)): output \(output.role) is "
                    + (found == nil ? "missing" : "not what was written") + "; made again.")
            if found != nil, output.kind == .columns { try context.fileSystem.remove(path) }
        }
        return whole
    }

    /// Removes what killed processes left half-written below `folders`.
    ///
    /// A sign-off is written beside a run, so what a living process writes stays.
    public func sweepPartialFiles(in folders: [String]) throws {
        for folder in folders {
            let walk = FileManager.default.enumerator(atPath: folder)
            while let name = walk?.nextObject() as? String {
                guard let mark = name.range(of: ".partial-", options: .backwards),
                    let process = Int32(name[mark.upperBound...]), process > 0,
                    kill(process, 0) != 0, errno == ESRCH
                else { continue }
                try context.fileSystem.remove("\(folder)/\(name)")
            }
        }
    }

    /// Does the moves and removals that a transaction promised.
    func finishActs() throws {
        for (id, act) in try context.database.pendingActs() {
            switch act {
            case .remove(let path): try context.fileSystem.remove(context.path(of: path))
            case .move(let path, let destination):
                try move(context.path(of: path), to: context.path(of: destination))
            }
            try context.database.finishAct(id)
        }
    }

    private func move(_ path: String, to destination: String) throws {
        guard FileManager.default.fileExists(atPath: path) else {
            // Moved by a run that was killed before it could strike the act off.
            if FileManager.default.fileExists(atPath: destination) { return }
            throw StileError(
                .integrity, "A file that was to be moved is gone.", at: .init(file: path),
                remedy: "Restore it from the backup, at its old or its new place.")
        }
        try Night.makeFolder(above: destination)
        try context.fileSystem.move(path, to: destination)
    }

    /// Makes the folder of `path`, closed to other accounts.
    static func makeFolder(above path: String) throws {
        let folder = (path as NSString).deletingLastPathComponent
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o750])
        } catch {
            throw StileError(
                .inputOutput, "The folder cannot be made.", at: .init(file: folder),
                remedy: "Check the permissions of the folder above it.")
        }
    }
}
