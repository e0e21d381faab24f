import Foundation

/// Which library does the linear algebra on this machine.
///
/// Stile is built against Debian's reference BLAS; what serves it at run time is
/// chosen by the alternatives of the system. Kernels differ in the last bits, so
/// the name stands in every run record and every fitted model.
public enum BLASIdentity {
    /// What the library calls itself, or the file that serves `cblas_dsyrk`.
    public static let name: String = {
        guard let program = dlopen(nil, RTLD_NOW) else { return "unknown" }
        defer { dlclose(program) }
        if let symbol = dlsym(program, "openblas_get_config") {
            typealias Configuration = @convention(c) () -> UnsafePointer<CChar>?
            if let text = unsafeBitCast(symbol, to: Configuration.self)() {
                return String(cString: text).trimmingCharacters(in: .whitespaces)
            }
        }
        // Swift's C library module leaves `dladdr` out, so it is looked up by name too. It
        // writes four pointers, the first of them the path of the library.
        guard let symbol = dlsym(program, "cblas_dsyrk"), let finder = dlsym(program, "dladdr")
        else { return "unknown" }
        typealias Finder = @convention(c) (UnsafeRawPointer, UnsafeMutableRawPointer) -> CInt
        var found: [UnsafePointer<CChar>?] = [nil, nil, nil, nil]
        guard unsafeBitCast(finder, to: Finder.self)(symbol, &found) != 0, let path = found[0]
        else { return "unknown" }
        return URL(fileURLWithPath: String(cString: path)).resolvingSymlinksInPath()
            .lastPathComponent
    }()

    /// True once OpenBLAS, where it is the library, has been held to one thread.
    ///
    /// Stile divides the rows itself, in fixed shards, so that an answer does not
    /// depend on the number of threads; threads inside the library would undo that.
    static let isHeldToOneThread: Bool = {
        guard let program = dlopen(nil, RTLD_NOW) else { return false }
        defer { dlclose(program) }
        guard let symbol = dlsym(program, "openblas_set_num_threads") else { return false }
        typealias Setter = @convention(c) (CInt) -> Void
        unsafeBitCast(symbol, to: Setter.self)(1)
        return true
    }()
}
