import CRowKernels

/// Which processor does the sums on this machine.
///
/// The kernels that a fit runs, those of the linear algebra and those over rows, are chosen by what the
/// processor can do, and differ in the last bits; so it is named beside the library in every run record
/// and every fitted model.
public enum ProcessorIdentity {
    /// What it calls itself, and the level of instructions for which kernels are chosen, such as
    /// `AMD EPYC 7763 64-Core Processor, x86-64-v3`.
    public static let name: String = {
        let bytes = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 49) { buffer in
            guard let base = buffer.baseAddress else { return [UInt8]() }
            stile_processor_name(base)
            return buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
        }
        let words = String(decoding: bytes, as: UTF8.self).split(separator: " ")
        let level = String(cString: stile_processor_level())
        return words.isEmpty ? level : words.joined(separator: " ") + ", " + level
    }()
}
