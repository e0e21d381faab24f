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
    /// Makes the data; gives the work, which says what it has done.
    var prepare: () throws -> (() throws -> [Amount])

    /// A line of the table for each amount; for an amount without a count, seconds.
    func run(runs: Int) throws -> [String] {
        let work = try prepare()
        FileHandle.standardError.write(Data("\(name): warming up\n".utf8))
        _ = try work()
        var seconds: [Double] = []
        var amounts: [Amount] = []
        let clock = ContinuousClock()
        for _ in 0..<runs {
            let began = clock.now
            amounts = try work()
            let taken = began.duration(to: clock.now).components
            seconds.append(Double(taken.seconds) + Double(taken.attoseconds) * 1e-18)
        }
        seconds.sort()
        let median = seconds[seconds.count / 2]
        return ([Amount(0, "s")] + amounts).map { amount in
            let shown: [Double] =
                amount.count == 0
                ? [seconds[0], median, seconds[seconds.count - 1]]
                : [seconds[seconds.count - 1], median, seconds[0]].map { amount.count / $0 }
            let first = amount.count == 0 ? "\(name): \(what)" : ""
            let cells = shown.map(Self.figure).joined(separator: " | ")
            return
                "| \(first) | \(amount.count == 0 ? amount.unit : amount.unit + "/s") | \(cells) |"
        }
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
