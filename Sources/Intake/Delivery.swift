public import PipelineModel

/// One file of one extract in the drop folder.
public struct Delivery: Sendable, Equatable {
    /// `source.file`.
    public var extract: String
    /// The file's name within the source's folder.
    public var file: String
    /// The day of the delivery; `nil` on an ordinal clock where the name has
    /// none: then it is the last day on which a row of the file became known.
    public var day: Day?

    public init(extract: String, file: String, day: Day?) {
        self.extract = extract
        self.file = file
        self.day = day
    }
}

/// What the drop folder of one source holds, against what its contract awaits.
public struct Discovery: Sendable {
    /// What is to be taken in, by day and then in the order of the contract.
    public var deliveries: [Delivery] = []
    /// Files of a day that was accepted already: left by a killed run, or sent twice.
    public var repeated: [Delivery] = []
    /// Files that no extract of the source awaits.
    public var unmatched: [String] = []
    /// Nightly and termly extracts whose newest file is older than the last
    /// night and not yet overdue.
    public var awaited: [String] = []
    /// What stops the source.
    public var faults: [StileError] = []

    /// The longest that a termly file may be away: from May's census to October's.
    public static let longestTermDays = 170

    /// Compares the folder with the contract.
    ///
    /// A nightly file is overdue when the newest is older than the source's
    /// maximum age, a termly one when it is older than ``longestTermDays`` too.
    ///
    /// - Parameters:
    ///   - source: The source's part of the contract.
    ///   - listing: The names of the files in the source's drop folder.
    ///   - lastAccepted: The day of the last accepted delivery, by extract.
    ///   - today: The day of the run; on an ordinal clock it is not used.
    ///   - clock: How the deployment counts its days.
    public init(
        of source: SourceContract.Source, listing: [String], lastAccepted: [String: Day],
        today: Day, clock: Clock
    ) {
        var matched: Set<String> = []
        for extract in source.extracts {
            let last = lastAccepted[extract.name]
            var found: [Delivery] = []
            for file in listing.sorted() {
                guard let day = extract.match(file, today: today, clock: clock) else { continue }
                matched.insert(file)
                switch day {
                case .unreadable:
                    faults.append(
                        Self.fault(
                            source, file, "The name of the file has no readable day.",
                            "Rename it to fit “\(extract.pattern)”."))
                case .day(let day):
                    found.append(Delivery(extract: extract.name, file: file, day: day))
                }
            }
            take(found, of: extract, source, last: last, today: today, clock: clock)
            expect(extract, of: source, found, last: last, today: today, clock: clock)
        }
        let order = source.extracts.map(\.name)
        deliveries.sort {
            ($0.day ?? .missing, order.firstIndex(of: $0.extract) ?? 0)
                < ($1.day ?? .missing, order.firstIndex(of: $1.extract) ?? 0)
        }
        unmatched = listing.filter { !matched.contains($0) && !$0.hasPrefix(".") }.sorted()
    }

    private mutating func take(
        _ found: [Delivery], of extract: ExtractContract, _ source: SourceContract.Source,
        last: Day?, today: Day, clock: Clock
    ) {
        for (index, delivery) in found.enumerated() {
            if found[..<index].contains(where: { $0.day == delivery.day }) {
                faults.append(
                    Self.fault(
                        source, delivery.file,
                        "Two files of “\(extract.name)” are for one day.",
                        "Keep one of them in the drop folder."))
                continue
            }
            guard let day = delivery.day else {
                if last == nil || extract.arrives != .once {
                    deliveries.append(delivery)
                } else {
                    repeated.append(delivery)
                }
                continue
            }
            if clock == .calendar, day > today {
                faults.append(
                    Self.fault(
                        source, delivery.file, "The file is for a day that is still to come.",
                        "Check the date in its name and the clock of this machine."))
            } else if let last, day == last || (extract.arrives == .once && !extract.isDated) {
                repeated.append(delivery)
            } else if let last, day < last {
                faults.append(
                    Self.fault(
                        source, delivery.file,
                        "The file is for \(clock.text(day)), and “\(extract.name)” was already taken in for \(clock.text(last)).",
                        "Take it out of the drop folder; a correction comes with a later delivery."
                    ))
            } else {
                deliveries.append(delivery)
            }
        }
    }

    private mutating func expect(
        _ extract: ExtractContract, of source: SourceContract.Source, _ found: [Delivery],
        last: Day?, today: Day, clock: Clock
    ) {
        guard extract.arrives == .nightly || extract.arrives == .termly else { return }
        let newest = (found.compactMap(\.day) + [last].compactMap(\.self)).max()
        let name = extract.pattern.replacing(
            "{date}", with: clock == .calendar ? today.iso : "…")
        guard let newest else {
            faults.append(
                Self.fault(
                    source, name, "The file is missing, and none of “\(extract.name)” ever came.",
                    "Ask the source for it, put it into the drop folder and run again."))
            return
        }
        guard clock == .calendar else { return }
        let age = today - newest
        let allowed =
            extract.arrives == .termly
            ? max(source.maximumAgeDays, Self.longestTermDays) : source.maximumAgeDays
        if age > allowed {
            faults.append(
                Self.fault(
                    source, name,
                    "The file is missing: the newest of “\(extract.name)” is of \(newest.iso), \(age) days old, and \(allowed) are allowed.",
                    "Ask the source for it, put it into the drop folder and run again."))
        } else if age > 1, extract.arrives == .nightly {
            awaited.append(extract.name)
        }
    }

    private static func fault(
        _ source: SourceContract.Source, _ file: String, _ message: String, _ remedy: String
    ) -> StileError {
        StileError(.input, message, at: .init(file: "\(source.name)/\(file)"), remedy: remedy)
    }
}

extension ExtractContract {
    enum Match: Equatable {
        case day(Day?)
        case unreadable
    }

    /// Whether the day of a delivery stands in the name of its file.
    var isDated: Bool { pattern.contains("{date}") }

    /// The day of the delivery that `file` is; `nil` where it is none of this extract.
    func match(_ file: String, today: Day, clock: Clock) -> Match? {
        for pattern in [pattern, pattern + ".gz"] {
            let parts = pattern.split(separator: "{date}", omittingEmptySubsequences: false)
            guard parts.count == 2 else {
                if file == pattern { return .day(clock == .calendar ? today : nil) }
                continue
            }
            guard file.hasPrefix(parts[0]), file.hasSuffix(parts[1]),
                file.utf8.count > parts[0].utf8.count + parts[1].utf8.count
            else { continue }
            let date = Array(file.dropFirst(parts[0].count).dropLast(parts[1].count).utf8)
            return date.withUnsafeBufferPointer { bytes in
                let day: Day? =
                    switch clock {
                    case .ordinal: FieldParsing.ordinal(bytes)
                    case .calendar:
                        FieldParsing.day(bytes, .iso) ?? FieldParsing.day(bytes, .compact)
                    }
                if let day { return .day(day) }
                // Another extract's longer name may begin in the same way.
                let looksLikeADate = bytes.allSatisfy {
                    $0 == UInt8(ascii: "-") || ($0 >= 48 && $0 <= 57)
                }
                return looksLikeADate ? .unreadable : nil
            }
        }
        return nil
    }
}
