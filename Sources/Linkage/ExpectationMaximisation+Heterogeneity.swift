import Foundation

extension ExpectationMaximisation {
    private static let shifts = [1, 1.5, 2, 2.5, 3, 4]
    private static let shares = [0.05, 0.1, 0.35, 0.5]

    /// The share and shift of careless matches under which the patterns are likeliest; neither
    /// where it makes no difference.
    ///
    /// - Parameters:
    ///   - estimate: What is held of everything else.
    ///   - exact: How many levels of each comparison mean that the values are the same.
    ///   - decided: For each key, the comparisons that it decides: its matches agree there.
    func heterogeneity(
        _ estimate: Estimate, exact: [Int], decided: [[Bool]]
    ) -> LinkageParameters.Heterogeneity? {
        let densities = tables.map { classDensities($0, estimate.probabilities) }
        func total(_ share: Double, _ shift: Double) -> Double {
            let model = MatchHeterogeneity(
                m: estimate.probabilities[0], exact: exact, share: share, shift: shift)
            return tables.indices.reduce(0.0) { sum, key in
                sum
                    + likelihood(
                        tables[key], densities[key], estimate.shares[key],
                        factors(tables[key], model, share: model.share(agreeing: decided[key])))
            }
        }
        let without = total(0, 0)
        var best = (share: 0.2, shift: 0.0, gain: 0.0)
        for shift in Self.shifts {
            let gain = total(0.2, shift) - without
            if gain > best.gain { best = (0.2, shift, gain) }
        }
        // Each pair counts in every key that it shares; two parameters must be worth more.
        guard best.gain > 20 else { return nil }
        for share in Self.shares {
            let gain = total(share, best.shift) - without
            if gain > best.gain { best = (share, best.shift, gain) }
        }
        for step in [-0.5, 0.5] {
            let gain = total(best.share, best.shift + step) - without
            if gain > best.gain { best = (best.share, best.shift + step, gain) }
        }
        return LinkageParameters.Heterogeneity(share: best.share, shift: best.shift)
    }

    /// Takes over that errors come together.
    mutating func take(
        _ model: MatchHeterogeneity, decided: [[Bool]]
    ) {
        for key in tables.indices {
            tables[key].errors = factors(
                tables[key], model, share: model.share(agreeing: decided[key]))
        }
    }

    private func factors(_ table: Table, _ model: MatchHeterogeneity, share: Double) -> [Double] {
        let comparisons = layout.radices.count
        return table.counts.indices.map { row in
            model.factor(
                table.digits[(row * comparisons)..<((row + 1) * comparisons)].lazy.map { Int($0) },
                share: share)
        }
    }

    private func classDensities(
        _ table: Table, _ probabilities: [[[Double]]]
    ) -> [(match: Double, relative: Double, stranger: Double)] {
        let comparisons = layout.radices.count
        return table.counts.indices.map { row in
            var density = [1.0, 1.0, table.together[row]]
            for comparison in 0..<comparisons {
                let digit = Int(table.digits[row * comparisons + comparison])
                guard digit > 0 else { continue }
                for kind in density.indices {
                    density[kind] *= probabilities[kind][comparison][digit - 1]
                }
            }
            return (density[0], density[1], density[2])
        }
    }

    /// The log likelihood of a key's patterns after its shares have found their place.
    private func likelihood(
        _ table: Table, _ densities: [(match: Double, relative: Double, stranger: Double)],
        _ start: [Double], _ errors: [Double]
    ) -> Double {
        var shares = start
        var sum = 0.0
        for round in 0..<4 {
            var found = [0.0, 0.0, 0.0]
            sum = 0
            for (row, count) in table.counts.enumerated() {
                let match = shares[0] * densities[row].match * errors[row]
                let relative = shares[1] * densities[row].relative
                let all = match + relative + shares[2] * densities[row].stranger
                guard all > 0 else { continue }
                found[0] += count * match / all
                found[1] += count * relative / all
                found[2] += count * (all - match - relative) / all
                if round == 3 { sum += count * log(all) }
            }
            let total = found.reduce(0, +)
            guard total > 0 else { return 0 }
            shares = found.map { max(($0 + 0.5) / (total + 1.5), 1e-9) }
        }
        return sum
    }
}
