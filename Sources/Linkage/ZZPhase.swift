import Foundation
enum Phase {
    static func mark(_ what: String) {
        var anon = 0, file = 0, peak = 0
        if let text = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) {
            for line in text.split(separator: "\n") {
                let n = { Int(line.split(whereSeparator: { $0 == " " || $0 == "\t" })[1]) ?? 0 }
                if line.hasPrefix("RssAnon") { anon = n() / 1024 }
                if line.hasPrefix("RssFile") { file = n() / 1024 }
                if line.hasPrefix("VmHWM") { peak = n() / 1024 }
            }
        }
        var u = rusage(); getrusage(0, &u)
        let cpu = Double(u.ru_utime.tv_sec) + Double(u.ru_utime.tv_usec) * 1e-6 + Double(u.ru_stime.tv_sec) + Double(u.ru_stime.tv_usec) * 1e-6
        let now = ProcessInfo.processInfo.systemUptime
        FileHandle.standardError.write(Data(String(format: "PH %8.2f cpu %6.2f anon %5d file %5d peak %5d  %@\n", now, cpu, anon, file, peak, what).utf8))
    }
}
