import Foundation
import TestSupport
import Testing

/// `stile models` through the program.
@Suite struct ModelsCommandTests {
    @Test func aModelIsListedShownExportedCheckedAndCompared() throws {
        let hamlet = try Deployment.hamletAfterOneNight()
        let config = ["--config", hamlet.linking]
        let list = try Command.run(["models", "list", "--json"] + config)
        #expect(list.status == 0, "\(list.err)")
        #expect(list.out.contains(#""name":"hamlet""#) && list.out.contains(#""is_current":true"#))

        let show = try Command.run(["models", "show", "hamlet"] + config)
        #expect(show.status == 0 && show.out.hasPrefix("# Model card: Emergency admission"))

        let folder = "\(hamlet.path)/given"
        let export = try Command.run(["models", "export", "hamlet", "--to", folder] + config)
        #expect(export.status == 0, "\(export.err)")
        let again = try Command.run(["models", "export", "hamlet", "--to", folder] + config)
        #expect(again.status == 3 && again.err.contains("Something lies there already."))

        let open = try Command.run(
            ["models", "export", "hamlet", "--public", "--to", folder + "-public"] + config)
        #expect(open.status == 0, "\(open.err)")
        #expect(!FileManager.default.fileExists(atPath: folder + "-public/evaluation.json"))

        let check = try Command.run(["models", "check", folder])
        #expect(check.status == 0 && check.out.hasSuffix("All agrees.\n"), "\(check.out)")

        let same = try Command.run(["models", "diff", folder, "hamlet"] + config)
        #expect(same.status == 0, "\(same.err)")
        #expect(same.out.contains("specification: the same"))
        #expect(same.out.contains("largest difference 0, mean 0"))
        let json = try Command.run(["models", "diff", folder, folder, "--json"])
        #expect(json.status == 0)
        let object = try JSONSerialization.jsonObject(with: Data(json.out.utf8)) as? [String: Any]
        #expect(object?["same_specification"] as? Bool == true)

        // A changed equation: the digest tells, and so does the score.
        let file = "\(folder)/equation.json"
        let text = try String(contentsOfFile: file, encoding: .utf8)
        try text.replacing("\"intercept\" : -", with: "\"intercept\" : -1").write(
            toFile: file, atomically: true, encoding: .utf8)
        let changed = try Command.run(["models", "check", folder, "--json"])
        #expect(changed.status == 5)
        #expect(changed.out.contains(#""agrees":false"#))
        #expect(changed.out.contains("The file equation.json is not what the manifest says."))
        let other = try Command.run(["models", "diff", folder, "hamlet"] + config)
        #expect(other.out.contains("changed (intercept): "))

        let nothing = try Command.run(["models", "show", "nobody"] + config)
        #expect(nothing.status == 2 && nothing.err.contains("No model of the configuration"))
        #expect(try Command.run(["models", "check", hamlet.path]).status == 3)
    }
}
