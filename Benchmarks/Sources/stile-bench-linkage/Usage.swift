import Foundation

/// What the process has used so far, reading and encoding included.
struct Usage {
    let processorSeconds: Double
    /// Of resident memory.
    let peakMegabytes: Double

    static var now: Usage {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        func seconds(_ time: timeval) -> Double {
            Double(time.tv_sec) + Double(time.tv_usec) * 1e-6
        }
        return Usage(
            processorSeconds: seconds(usage.ru_utime) + seconds(usage.ru_stime),
            peakMegabytes: Double(usage.ru_maxrss) / 1024)
    }

    private init(processorSeconds: Double, peakMegabytes: Double) {
        self.processorSeconds = processorSeconds
        self.peakMegabytes = peakMegabytes
    }
}

/// What one linkage took: its own time, and the peak of its process until then.
struct LinkingCost {
    var seconds: Double
    var processorSeconds: Double
    var peakMegabytes: Double

    /// What `work` gives, and what it took.
    static func of<Result>(_ work: () throws -> Result) rethrows -> (Result, LinkingCost) {
        let clock = ContinuousClock()
        let before = Usage.now
        let start = clock.now
        let result = try work()
        let taken = start.duration(to: clock.now)
        let after = Usage.now
        return (
            result,
            LinkingCost(
                seconds: taken / .seconds(1),
                processorSeconds: after.processorSeconds - before.processorSeconds,
                peakMegabytes: after.peakMegabytes)
        )
    }
}
