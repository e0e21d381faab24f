import Foundation

/// One thing that is measured: set up once, then done again and again.
struct Benchmark {
    /// How much of what was done in one run.
    struct Amount {
        var count: Double
        var unit: String

        init(_ count: Double, _ unit: String) {
            self.count = count
            self.unit = unit
        }
    }

    var name: String
    var what: String
    /// Whether rates are by processor second, which other work on the machine changes less.
    var byProcessor = false
    /// Makes the data; gives the work, which says what it has done.
    var prepare: () throws -> (() throws -> [Amount])

    /// A line of the table for seconds, for processor seconds and for each amount.
    func run(runs: Int) throws -> [String] {
        let work = try prepare()
        FileHandle.standardError.write(Data("\(name): warming up\n".utf8))
        _ = try work()
        var seconds: [Double] = []
        var processor: [Double] = []
        var amounts: [Amount] = []
        let clock = ContinuousClock()
        for _ in 0..<runs {
            let began = clock.now
            let processorBegan = Self.processorSeconds()
            amounts = try work()
            processor.append(Self.processorSeconds() - processorBegan)
            let taken = began.duration(to: clock.now).components
            seconds.append(Double(taken.seconds) + Double(taken.attoseconds) * 1e-18)
        }
        let rated = byProcessor ? processor : seconds
        let unit = byProcessor ? "processor s" : "s"
        let rates = amounts.map { amount in
            line("\(amount.unit)/\(unit)", rated.map { amount.count / $0 })
        }
        return [
            line("s", seconds, first: "\(name): \(what)"), line("processor s", processor),
        ] + rates
    }

    private func line(_ unit: String, _ values: [Double], first: String = "") -> String {
        let sorted = values.sorted()
        let shown = [sorted[0], sorted[sorted.count / 2], sorted[sorted.count - 1]]
        return "| \(first) | \(unit) | \(shown.map(Self.figure).joined(separator: " | ")) |"
    }

    /// What this process has used of all processors.
    private static func processorSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    /// Three digits that count.
    static func figure(_ value: Double) -> String {
        if value >= 1000 {
            let unit = pow(10, floor(log10(value)) - 2)
            let digits = Array(String(Int((value / unit).rounded() * unit)))
            var text = ""
            for (index, digit) in digits.enumerated() {
                if index > 0, (digits.count - index).isMultiple(of: 3) { text += "," }
                text.append(digit)
            }
            return text
        }
        let decimals = value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3
        return String(format: "%.\(decimals)f", value)
    }
}
