public import Foundation

/// The bytes of one column: held by itself, or a part of a file that is mapped into memory, of
/// which only what is looked at takes memory.
///
/// A mapped part is only as unchanging as its file: column files are written once and never
/// changed in place.
public struct ColumnBytes: Sendable {
    private enum Storage {
        case bytes([UInt8])
        case words([UInt64])
        case mapped(Data)
        case part(Data)
    }

    private let storage: Storage

    public init(_ bytes: [UInt8]) { storage = .bytes(bytes) }

    /// The bytes of words, each with its lowest byte first.
    public init(words: [UInt64]) {
        #if _endian(big)
            storage = .words(words.map { $0.littleEndian })
        #else
            storage = .words(words)
        #endif
    }

    /// - Parameters:
    ///   - part: A part of what was read of a file.
    ///   - isMapped: Whether the file is mapped: pages that are let go are read from it again.
    public init(_ part: Data, isMapped: Bool) { storage = isMapped ? .mapped(part) : .part(part) }

    /// The bytes, in one piece.
    ///
    /// They begin where a word of 64 bits may, if a mapped part does.
    public func withUnsafeBytes<Result>(
        _ body: (UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        switch storage {
        case .bytes(let bytes): try bytes.withUnsafeBytes(body)
        case .words(let words): try words.withUnsafeBytes(body)
        case .mapped(let data), .part(let data): try data.withUnsafeBytes(body)
        }
    }
}

extension ColumnBytes {
    /// Lets go of the memory that a mapped part takes; it is read from the file again when it is
    /// looked at.
    public func letGo() { letGo(indices) }

    /// As ``letGo()``, of some of the bytes.
    public func letGo(_ some: Range<Int>) {
        guard case .mapped(let data) = storage else { return }
        data.withUnsafeBytes { all in
            let bytes = UnsafeRawBufferPointer(rebasing: all[some])
            guard let base = bytes.baseAddress else { return }
            // Whole pages only: what lies beside belongs to other columns.
            let page = UInt(sysconf(Int32(_SC_PAGESIZE)))
            let first = (UInt(bitPattern: base) + page - 1) / page * page
            let end = (UInt(bitPattern: base) + UInt(bytes.count)) / page * page
            guard first < end, let start = UnsafeMutableRawPointer(bitPattern: first) else {
                return
            }
            madvise(start, Int(end - first), MADV_DONTNEED)
        }
    }
}

extension ColumnBytes: RandomAccessCollection {
    public var startIndex: Int { 0 }

    public var endIndex: Int {
        switch storage {
        case .bytes(let bytes): bytes.count
        case .words(let words): words.count * 8
        case .mapped(let data), .part(let data): data.count
        }
    }

    public subscript(index: Int) -> UInt8 { withUnsafeBytes { $0[index] } }
}

extension ColumnBytes: Equatable {
    public static func == (left: ColumnBytes, right: ColumnBytes) -> Bool {
        left.withUnsafeBytes { left in
            right.withUnsafeBytes { right in
                left.count == right.count && left.elementsEqual(right)
            }
        }
    }
}

extension ColumnBytes: ExpressibleByArrayLiteral {
    public init(arrayLiteral bytes: UInt8...) { self.init(bytes) }
}

extension ColumnValues {
    /// `width` bytes a row, from an array.
    public static func fixedBytes(width: Int, bytes: [UInt8]) -> ColumnValues {
        .fixedBytes(width: width, bytes: ColumnBytes(bytes))
    }

    /// Any number of bytes a row, from an array.
    public static func variableBytes(offsets: [UInt64], bytes: [UInt8]) -> ColumnValues {
        .variableBytes(offsets: offsets, bytes: ColumnBytes(bytes))
    }
}
