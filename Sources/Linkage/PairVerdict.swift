import EncodedExtract
import PipelineModel

/// What the state says of two subjects, in words.
struct PairVerdict {
    var decision: PairExplanation.Decision
    var reason: String
    var isHeld: Bool
    var runnerUp: PairExplanation.RunnerUp?

    init(
        _ left: SubjectPseudonym, _ right: SubjectPseudonym, weight: Double, conflict: Bool,
        state: LinkState, specification: LinkageSpecification, trusted: Bool
    ) {
        let known = Neighbours(left, right, state)
        isHeld = known.isHeld
        runnerUp = known.best.map {
            PairExplanation.RunnerUp(
                insteadOf: $0.insteadOf.hex, subject: $0.subject.hex, weight: $0.weight,
                margin: weight - $0.weight)
        }
        if let said = state.overrides.standing.last(where: { $0.decides(left, right) }) {
            (decision, reason) = Self.verdict(of: said, areOne: known.areOne)
            return
        }
        let isLink = weight >= specification.linkThreshold
        let isClose =
            runnerUp.map { 0 <= $0.margin && $0.margin < specification.margin } ?? false
        let call = state.closeCalls.first { $0.concerns(left, right) }
        if known.areOne {
            decision = .link
            reason =
                if trusted {
                    "They share a key that the sources trust, which needs no weighing."
                } else if !isLink || conflict {
                    "They are one person through other subjects of that person; this pair alone would not link them."
                } else if isClose {
                    "The weight reaches the link threshold, though another subject fits nearly as well."
                } else {
                    "The weight reaches the link threshold."
                }
        } else if weight < specification.reviewThreshold {
            decision = .apart
            reason = "The weight is below the threshold for review."
        } else if !isHeld {
            decision = .apart
            reason =
                "No key brings the two together, so linkage never compared them; the weight was worked out for this explanation."
        } else if conflict {
            decision = .review
            reason =
                "What agrees and what does not contradict each other, as with twins or two identifiers; such a pair is never linked by itself."
        } else if let call {
            decision = .tooCloseToCall
            reason =
                "The weight reaches the link threshold, but another subject fits nearly as well: what would come in the place of the better of the two is \(PairExplanation.signed(call.margin)) bits less, and \(PairExplanation.signed(specification.margin)) is asked for."
        } else if isLink {
            decision = .review
            reason =
                "The weight reaches the link threshold, but the people on either side do not fit together: a source that knows a person once has two subjects among them, or their other pairs speak against it."
        } else {
            decision = .review
            reason = "The weight lies between the thresholds."
        }
    }
}

extension PairVerdict {
    /// What an override says of the two; it holds whatever they weigh.
    private static func verdict(
        of said: LinkOverride, areOne: Bool
    ) -> (PairExplanation.Decision, String) {
        let grounds = "Override \(said.number), of \(said.grounds.who), says that they are"
        let isJoin = said.kind == .join
        let isDone = isJoin == areOne
        return (
            isJoin ? .link : .apart,
            "\(grounds) \(isJoin ? "one person" : "two people")"
                + (isDone
                    ? ", whatever the weight."
                    : "; that is not so yet: the next link applies it, unless something else forbids it.")
        )
    }
}

extension LinkOverride {
    /// Whether it says of just these two that they are one person, or that they are not.
    func decides(_ one: SubjectPseudonym, _ two: SubjectPseudonym) -> Bool {
        switch kind {
        case .join:
            let all = left + right
            return all.contains(one) && all.contains(two)
        case .separate:
            return (left.contains(one) && right.contains(two))
                || (left.contains(two) && right.contains(one))
        case .undo: return false
        }
    }
}

extension LinkState.CloseCall {
    /// Whether these two are the pair that was not linked, or what would come in its place.
    fileprivate func concerns(_ one: SubjectPseudonym, _ two: SubjectPseudonym) -> Bool {
        let asked = Set([one, two])
        let stays = insteadOf == left ? right : left
        return asked == [left, right] || asked == [stays, rival]
    }
}

/// The held pairs around two subjects.
private struct Neighbours {
    var areOne = false
    var isHeld = false
    var best: (insteadOf: SubjectPseudonym, subject: SubjectPseudonym, weight: Double)?

    /// A rival is a subject of the same source, but of another person, that is held as a pair with
    /// the subject that stays.
    init(_ left: SubjectPseudonym, _ right: SubjectPseudonym, _ state: LinkState) {
        guard let one = Self.membership(of: left, state),
            let two = Self.membership(of: right, state)
        else { return }
        areOne = one.serial == two.serial
        for pair in state.pairs {
            let ends = [pair.left, pair.right]
            if ends.contains(left), ends.contains(right) {
                isHeld = true
                continue
            }
            for (stays, goes) in [(one, two), (two, one)] where ends.contains(stays.subject) {
                let other = pair.left == stays.subject ? pair.right : pair.left
                guard let rival = Self.membership(of: other, state), rival.source == goes.source,
                    rival.serial != goes.serial, pair.weight > best?.weight ?? -.infinity
                else { continue }
                best = (goes.subject, other, pair.weight)
            }
        }
    }

    private static func membership(
        of subject: SubjectPseudonym, _ state: LinkState
    ) -> LinkState.Membership? {
        var (low, high) = (0, state.memberships.count)
        while low < high {
            let middle = (low + high) / 2
            if state.memberships[middle].subject < subject {
                low = middle + 1
            } else {
                high = middle
            }
        }
        guard low < state.memberships.count, state.memberships[low].subject == subject else {
            return nil
        }
        return state.memberships[low]
    }
}
