extension CandidatePairs.Held {
    /// Hands over the pairs in chunks.
    ///
    /// - Parameters:
    ///   - oneIn: About one first row in so many, chosen by its hash.
    ///   - body: Takes left and right rows.
    func forEachChunk(
        oneIn: UInt64,
        _ body: (UnsafeBufferPointer<UInt32>, UnsafeBufferPointer<UInt32>) -> Void
    ) {
        let chunk = CandidatePairs.chunk
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 2 * chunk) { both in
            both.initialize(repeating: 0)
            let left = UnsafeMutableBufferPointer(rebasing: both[..<chunk])
            let right = UnsafeMutableBufferPointer(rebasing: both[chunk...])
            var held = 0
            func flush() {
                body(
                    UnsafeBufferPointer(rebasing: left[..<held]),
                    UnsafeBufferPointer(rebasing: right[..<held]))
                held = 0
            }
            for pair in pairs {
                let row = pair >> 32
                if oneIn > 1, BlockingColumns.mixed(row) % oneIn != 0 { continue }
                left[held] = UInt32(truncatingIfNeeded: row)
                right[held] = UInt32(truncatingIfNeeded: pair)
                held += 1
                if held == chunk { flush() }
            }
            if held > 0 { flush() }
        }
    }
}
