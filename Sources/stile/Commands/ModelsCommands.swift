import ArgumentParser
import Foundation
import LinkingZone
import ModelFolder
import PipelineModel

/// `stile models`: the folders in which models can be checked, run and compared elsewhere.
struct Models: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List, show, export, check and compare the folders of models.",
        discussion: """
            Every night writes a folder for each model: its specification, coefficients, equation \
            (also as PMML), evaluation, made-up test rows, documents with blanks, and check.py, \
            which checks it all on a machine without Stile. No row of a person is in it.

            Examples:
              stile models list --config linking/stile.yaml
              stile models export --config linking/stile.yaml emergency_admission --to folder
              stile models check folder
              stile models diff last-year/folder folder
            """,
        subcommands: [
            ModelsList.self, ModelsShow.self, ModelsExport.self, ModelsCheck.self, ModelsDiff.self,
        ])
}

/// `stile models list`.
struct ModelsList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Name the models of the configuration and their folders.")

    @Option(name: .shortAndLong, help: "The stile.yaml of the linking zone.")
    var config: String
    @OptionGroup var common: CommonOptions

    func run() throws {
        let models = try LinkingZone.models(configuration: config)
        common.console.result(
            models.map { model in
                let state =
                    model.folder.map {
                        "\($0.path)\(model.isCurrent ? "" : ", of an earlier specification")"
                    } ?? "not published yet"
                return "\(model.name), version \(model.version): \(model.title)\n  \(state)"
            }.joined(separator: "\n"),
            [
                "models": .array(
                    models.map { model in
                        .object([
                            "name": .string(model.name), "title": .string(model.title),
                            "version": .integer(model.version),
                            "folder": (model.folder?.path).map(JSONValue.string) ?? .null,
                            "is_current": .boolean(model.isCurrent),
                        ])
                    })
            ])
    }
}

/// `stile models show`.
struct ModelsShow: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Print the card of a model, or its equation as JSON.")

    @Option(name: .shortAndLong, help: "The stile.yaml of the linking zone.")
    var config: String?
    @Argument(help: "A model of the configuration, or the folder of one.")
    var model: String
    @OptionGroup var common: CommonOptions

    func run() throws {
        let folder = try ModelPlace.folder(model, configuration: config)
        common.console.result(
            common.json ? "" : try folder.card(),
            [
                "model": .string(folder.manifest.model),
                "version": .integer(folder.manifest.version),
                "specification": .string(folder.manifest.specification),
                "folder": .string(folder.path),
                "intercept": .number(folder.equation.intercept),
                "terms": .array(
                    folder.equation.terms.map { term in
                        .object([
                            "name": .string(term.name), "title": .string(term.title),
                            "coefficient": .number(term.coefficient),
                            "reference": .number(term.reference),
                        ])
                    }),
            ])
    }
}

/// `stile models export`.
struct ModelsExport: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Copy the folder of a model, after checking it.",
        discussion: """
            Look at “Before this folder is given to anybody” in its card.md, and fill in the blanks \
            of the documents, before it leaves the service. With --public the evaluation stays \
            behind: its tables count fewer than ten people in places. A model that was fitted, \
            recalibrated or tested on fewer than ten rows, people, events or others, or whose \
            list had fewer than ten of either, is not exported so: its figures would let them \
            be counted.

            Example:
              stile models export --config linking/stile.yaml emergency_admission --to folder
            """)

    @Option(name: .shortAndLong, help: "The stile.yaml of the linking zone.")
    var config: String
    @Argument(help: "A model of the configuration.")
    var model: String
    @Option(help: ArgumentHelp("A folder that does not exist yet.", valueName: "folder"))
    var to: String
    @Flag(
        name: .customLong("public"),
        help: "Leave out evaluation.json and its page; refused where fewer than ten people count.")
    var isForPublication = false
    @OptionGroup var common: CommonOptions

    func run() throws {
        let check = try LinkingZone.exportModel(
            model, configuration: config, to: to, isForPublication: isForPublication)
        common.console.result(
            "\(model): \(check.files.count) files in \(to); manifest \(check.manifest.hex)",
            [
                "model": .string(model), "folder": .string(to),
                "files": .integer(check.files.count), "manifest": .string(check.manifest.hex),
            ])
    }
}

/// `stile models check`.
struct ModelsCheck: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check a model's folder: every digest, and every test row by Stile's own scorer.",
        discussion: """
            The folder's check.py does the same without Stile. Where something does not agree, a \
            sentence says what, and the exit status is 5.

            Example:
              stile models check folder
            """)

    @Argument(help: "The folder of a model.")
    var folder: String
    @OptionGroup var common: CommonOptions

    func run() throws {
        let check = try FolderCheck(folderAt: folder)
        common.console.result(
            check.text,
            [
                "model": .string(check.model), "version": .integer(check.version),
                "manifest": .string(check.manifest.hex), "agrees": .boolean(check.agrees),
                "faults": .array(check.faults.map(JSONValue.string)),
                "comparisons": .array(
                    check.comparisons.map { comparison in
                        .object([
                            "source": .string(comparison.source),
                            "rows": .integer(comparison.rows),
                            "largest": .number(comparison.largest),
                            "row": .string(comparison.row),
                        ])
                    }),
            ])
        guard check.agrees else {
            throw StileError(
                .integrity, "The folder does not agree with itself.", at: .init(file: folder),
                remedy: "Get it again from the service, and compare the manifest's SHA-256.")
        }
    }
}

/// `stile models diff`.
struct ModelsDiff: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Say how two models differ: specification, coefficients, data, results, chances.",
        discussion: """
            Each is a folder, or with --config the name of a model. How far the chances differ is \
            measured on the made-up rows of both test packs.

            Example:
              stile models diff --config linking/stile.yaml last-year/folder emergency_admission
            """)

    @Option(name: .shortAndLong, help: "The stile.yaml of the linking zone, for names of models.")
    var config: String?
    @Argument(help: "The folder of a model, or its name.")
    var before: String
    @Argument(help: "The folder of another, or its name.")
    var after: String
    @OptionGroup var common: CommonOptions

    func run() throws {
        let comparison = try ModelComparison(
            ModelPlace.folder(before, configuration: config),
            ModelPlace.folder(after, configuration: config))
        let text = common.json ? try comparison.json : Array((comparison.text + "\n").utf8)
        FileHandle.standardOutput.write(Data(text))
    }
}

/// Where a model is found that a command names.
enum ModelPlace {
    /// The folder at `name`, or that of the model of that name.
    static func folder(_ name: String, configuration: String?) throws -> StoredModelFolder {
        guard let configuration, !FileManager.default.fileExists(atPath: "\(name)/manifest.json")
        else { return try StoredModelFolder(at: name) }
        return try LinkingZone.publishedModel(name, configuration: configuration)
    }
}
