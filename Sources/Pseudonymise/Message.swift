/// A message of parts, each with its length first, so that no two lists of parts run together.
struct Message {
    private(set) var bytes: [UInt8] = []

    init() { bytes.reserveCapacity(128) }

    mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    mutating func add(_ part: some Collection<UInt8>) {
        withUnsafeBytes(of: UInt32(truncatingIfNeeded: part.count).bigEndian) {
            bytes.append(contentsOf: $0)
        }
        bytes.append(contentsOf: part)
    }

    /// Adds a part that `body` appends to; takes it back where `body` says that it is missing.
    mutating func add(_ body: (inout [UInt8]) -> Bool) -> Bool {
        let start = beginPart()
        guard body(&bytes) else {
            bytes.removeLast(bytes.count - start)
            return false
        }
        endPart(start)
        return true
    }

    private mutating func beginPart() -> Int {
        let start = bytes.count
        withUnsafeBytes(of: UInt32(0)) { bytes.append(contentsOf: $0) }
        return start
    }

    private mutating func endPart(_ start: Int) {
        let length = UInt32(truncatingIfNeeded: bytes.count - start - 4).bigEndian
        bytes.withUnsafeMutableBytes {
            $0.storeBytes(of: length, toByteOffset: start, as: UInt32.self)
        }
    }
}
