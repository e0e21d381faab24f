import PipelineModel

extension ModelComparison {
    /// The comparison as canonical JSON.
    public var json: [UInt8] {
        get throws { try CanonicalForm.bytes(self, keys: .snakeCase) }
    }

    /// The comparison as text for the terminal.
    public var text: String {
        var lines = [side("first ", before), side("second", after), ""]
        lines.append(
            sameSpecification
                ? "specification: the same"
                : "specification: not the same")
        lines += specificationChanges.flatMap(told)
        if !fit.isEmpty {
            lines.append("fit:")
            lines += fit.map { change in
                let write = change.isCount ? count : figure
                return "  \(change.title): \(write(change.before)) → \(write(change.after))"
            }
        }
        lines.append("coefficients: \(unchangedTerms) terms unchanged")
        lines += coefficients.map(line)
        lines.append(inputs.isEmpty ? "data: the same digests" : "data that differ:")
        lines += inputs.map {
            "  \($0.name): \(short($0.before)) → \(short($0.after))"
        }
        if evaluation.isEmpty {
            lines.append("evaluation: neither has one")
        } else {
            lines.append("evaluation:")
            lines += evaluation.map { change in
                let write = change.isCount ? count : figure
                return "  \(change.title): \(write(change.before)) → \(write(change.after))"
            }
        }
        lines.append(
            "probabilities on the \(probabilities.rows) made-up rows of both test packs: largest difference \(figure(probabilities.largest)), mean \(figure(probabilities.mean))"
        )
        if probabilities.largest > 0 {
            lines.append(
                "  largest at the row \(probabilities.row): \(figure(probabilities.before)) → \(figure(probabilities.after))"
            )
        }
        return lines.joined(separator: "\n")
    }

    private func told(_ change: FileChange) -> [String] {
        ["  \(change.file):"] + change.removed.map { "    − \($0.line): \($0.text)" }
            + change.added.map { "    + \($0.line): \($0.text)" }
    }

    private func side(_ label: String, _ side: Side) -> String {
        "\(label) \(side.model), version \(side.version): \(side.terms) terms, specification \(side.specification.prefix(12)), Stile \(side.stile)"
    }

    private func line(_ change: Change) -> String {
        switch change.kind {
        case .added: return "  added \(change.name): \(figure(change.after))"
        case .removed: return "  removed \(change.name): \(figure(change.before))"
        case .changed:
            let errors = change.inStandardErrors.map {
                " (\($0 < 0 ? "−" : "+")\(Decimals.fixed($0.magnitude, decimals: 2)) standard errors)"
            }
            return
                "  changed \(change.name): \(figure(change.before)) → \(figure(change.after))\(errors ?? "")"
        }
    }

    private func figure(_ value: Double?) -> String {
        value.map { Decimals.significant($0, digits: 6) } ?? "none"
    }

    private func count(_ value: Double?) -> String {
        value.flatMap { Int(exactly: $0) }.map(Decimals.count) ?? figure(value)
    }

    private func short(_ digest: String?) -> String {
        digest.map { String($0.prefix(12)) } ?? "none"
    }
}
