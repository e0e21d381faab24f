import Foundation
public import PipelineModel

/// Pairs that were drawn for clerical review, with the probability that each had of being drawn.
///
/// It stays in the linking zone: clerks see neither weight nor stratum.
public struct ReviewFrame: Sendable, Equatable {
    /// How sure the linkage is of a pair.
    public enum Class: UInt32, Sendable, CaseIterable {
        /// Left for a person to judge, or linked with little to spare.
        case uncertain
        case certainLink
        case certainNonLink
    }

    /// A pair that could be drawn.
    public struct Candidate: Sendable, Equatable {
        public var left: SubjectPseudonym
        public var right: SubjectPseudonym
        /// In bits; `nil` for two subjects of one person that no key brought together.
        public var weight: Double?
        /// Whether the two are one person.
        public var linked: Bool
        public var kind: Class
        /// The source zone that holds both, by its place among ``ReviewFrame/zones``; `nil` where
        /// none does, so that nobody may see both names.
        public var zone: Int?

        public init(
            left: SubjectPseudonym, right: SubjectPseudonym, weight: Double?, linked: Bool,
            kind: Class, zone: Int? = 0
        ) {
            self.left = left
            self.right = right
            self.weight = weight
            self.linked = linked
            self.kind = kind
            self.zone = zone
        }

        /// What the model expects; kept from the ends, where it is surest of itself.
        var probability: Double {
            guard let weight else { return Self.nearCertain }
            return max(min(1 / (1 + exp2(-weight)), Self.nearCertain), 1 - Self.nearCertain)
        }

        private static let nearCertain = 0.98

        /// The spread that the model expects of the answer.
        var spread: Double { (probability * (1 - probability)).squareRoot() }
    }

    /// Pairs that stand for each other.
    public struct Stratum: Sendable, Equatable {
        public var kind: Class
        public var linked: Bool
        /// How many there are.
        public var population: Int
        /// How many of them were drawn; none of those that no zone holds.
        public var drawn: Int
        /// The source zone that is asked, by its place among ``ReviewFrame/zones``; `nil` where
        /// none holds both records of a pair.
        public var zone: Int?

        public init(kind: Class, linked: Bool, population: Int, drawn: Int, zone: Int? = 0) {
            self.kind = kind
            self.linked = linked
            self.population = population
            self.drawn = drawn
            self.zone = zone
        }
    }

    /// A pair that was drawn.
    public struct Drawn: Sendable, Equatable {
        /// Names the pair to the clerks: 16 hexadecimal digits.
        public var id: String
        public var left: SubjectPseudonym
        public var right: SubjectPseudonym
        public var weight: Double?
        /// An index into ``ReviewFrame/strata``.
        public var stratum: Int
    }

    /// The names of the source zones that are asked; one without a name where there is only one.
    public internal(set) var zones: [String]
    public internal(set) var strata: [Stratum]
    /// In the order in which clerks see them, which is random.
    public internal(set) var drawn: [Drawn]

    /// How many pairs of the population no source zone holds wholly.
    public var unseen: Int {
        strata.filter { $0.zone == nil }.reduce(0) { $0 + $1.population }
    }

    /// How many pairs there are.
    public var population: Int { strata.reduce(0) { $0 + $1.population } }

    /// The pairs that one source zone is asked about, in the order in which its clerks see them.
    public func drawn(for zone: Int) -> [Drawn] {
        drawn.filter { strata[$0.stratum].zone == zone }
    }

    /// The probability with which a pair of this stratum was drawn.
    public func probability(_ stratum: Int) -> Double {
        Double(strata[stratum].drawn) / Double(strata[stratum].population)
    }
}

extension ReviewFrame {
    /// Draws pairs by stratum, without replacement.
    ///
    /// Each class is cut by weight where equal parts of the spread that the model expects have gone
    /// by, so that the same number from each stratum is close to the best allocation (Dalenius
    /// and Hodges, "Minimum variance stratification", JASA 54, 1959).
    ///
    /// A source zone has strata of its own, with as large a part of the sample as it has of the
    /// spread, so that the answers of one zone stand for its own pairs only. Pairs that no zone
    /// holds are strata of which nothing is drawn.
    ///
    /// - Parameters:
    ///   - candidates: The population.
    ///   - zones: The source zones that are asked.
    ///   - plan: Size, seed, shares.
    ///   - label: What is drawn from; another linkage draws other pairs with the same seed.
    public init(
        _ candidates: [Candidate], zones: [String] = [""], plan: ReviewPlan, label: String
    ) {
        self.zones = zones
        let groups = Self.groups(candidates, zones: zones.count, strata: plan.strata)
        var number: [Part: Double] = [:]
        var spread: [Part: Double] = [:]
        for group in groups where group[0].zone != nil {
            number[Part(group[0]), default: 0] += 1
            spread[Part(group[0]), default: 0] += group.reduce(0) { $0 + $1.spread }
        }
        func wanted(_ group: [Candidate], _ share: Double) -> Double {
            let part = Part(group[0])
            let all = (0..<zones.count).reduce(0) {
                $0 + (spread[Part(kind: part.kind, zone: $1)] ?? 0)
            }
            return share * ((spread[part] ?? 0) / all) / max(number[part] ?? 1, 1)
        }
        let shares: [Class: Double] = [
            .uncertain: plan.uncertain, .certainLink: (1 - plan.uncertain) / 2,
            .certainNonLink: (1 - plan.uncertain) / 2,
        ]
        let sizes = Self.allocate(
            plan.size, capacities: groups.map { $0[0].zone == nil ? 0 : $0.count },
            wanted: groups.map {
                $0[0].zone == nil ? 0 : wanted($0, shares[$0[0].kind] ?? 0)
            })
        var generator = SeededGenerator(
            seed: UInt64(plan.seed), label: "clerical review: \(label)")
        strata = []
        drawn = []
        for (group, size) in zip(groups, sizes) {
            var group = group
            for position in 0..<size {
                group.swapAt(position, position + generator.below(group.count - position))
                let pair = group[position]
                drawn.append(
                    Drawn(
                        id: "", left: pair.left, right: pair.right, weight: pair.weight,
                        stratum: strata.count))
            }
            strata.append(
                Stratum(
                    kind: group[0].kind, linked: group[0].linked, population: group.count,
                    drawn: size, zone: group[0].zone))
        }
        drawn.shuffle(using: &generator)
        var taken: Set<String> = []
        for position in drawn.indices {
            repeat {
                let word = generator.next()
                drawn[position].id = Hex.encode(
                    (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * UInt64($0))) })
            } while !taken.insert(drawn[position].id).inserted
        }
    }

    /// The pairs of one class that one zone is asked about.
    private struct Part: Hashable {
        var kind: Class
        var zone: Int?

        init(kind: Class, zone: Int?) {
            self.kind = kind
            self.zone = zone
        }

        init(_ candidate: Candidate) {
            self.init(kind: candidate.kind, zone: candidate.zone)
        }
    }

    /// The strata of the population: of one class and zone, linked or not, of neighbouring weights;
    /// what no zone holds is not cut by weight.
    private static func groups(
        _ candidates: [Candidate], zones: Int, strata: Int
    ) -> [[Candidate]] {
        var groups: [[Candidate]] = []
        for kind in Class.allCases {
            for (zone, linked) in (0..<zones).flatMap({ [($0, true), ($0, false)] }) {
                let members = candidates.filter {
                    $0.kind == kind && $0.linked == linked && $0.zone == zone
                }
                let weighed = members.filter { $0.weight != nil }.sorted {
                    (($0.weight ?? 0), $0.left, $0.right) < (($1.weight ?? 0), $1.left, $1.right)
                }
                groups += cut(weighed, into: strata)
                let others = members.filter { $0.weight == nil }
                    .sorted { ($0.left, $0.right) < ($1.left, $1.right) }
                if !others.isEmpty { groups.append(others) }
            }
            for linked in [true, false] {
                let unseen = candidates.filter {
                    $0.kind == kind && $0.linked == linked && $0.zone == nil
                }
                if !unseen.isEmpty { groups.append(unseen) }
            }
        }
        return groups
    }

    private static func cut(_ members: [Candidate], into strata: Int) -> [[Candidate]] {
        let all = members.reduce(0) { $0 + $1.spread }
        var groups: [[Candidate]] = []
        var passed = 0.0
        var last = -1
        for member in members {
            let place = min(Int(passed / all * Double(strata)), strata - 1)
            passed += member.spread
            if place != last { groups.append([]) }
            last = place
            groups[groups.count - 1].append(member)
        }
        return groups
    }

    /// Shares `total` out as wanted, nobody beyond their capacity; what one cannot take goes to
    /// the others.
    static func allocate(_ total: Int, capacities: [Int], wanted: [Double]) -> [Int] {
        var given = [Int](repeating: 0, count: capacities.count)
        var left = min(total, capacities.reduce(0, +))
        while left > 0 {
            var open = given.indices.filter { given[$0] < capacities[$0] && wanted[$0] > 0 }
            // Where nobody wants more, whoever has room takes it.
            if open.isEmpty { open = given.indices.filter { given[$0] < capacities[$0] } }
            let sum = open.reduce(0) { $0 + max(wanted[$1], 1e-9) }
            let before = left
            for index in open {
                let part = Int(Double(before) * max(wanted[index], 1e-9) / sum)
                let more = min(part, capacities[index] - given[index], left)
                given[index] += more
                left -= more
            }
            guard left == before else { continue }
            // Less than one each: to the smallest so far, relative to what is wanted.
            let next = open.min {
                (Double(given[$0]) / max(wanted[$0], 1e-9), $0)
                    < (Double(given[$1]) / max(wanted[$1], 1e-9), $1)
            }
            guard let next else { break }
            given[next] += 1
            left -= 1
        }
        return given
    }
}
