/// The masks of pairs of characters under one salt, each drawn when it is first asked for.
///
/// There is room for one salt: the next one draws over it, so that memory does not grow with the
/// number of salts.
struct SaltedMasks {
    /// The words of the widest mask that is worth keeping; setting the positions of a wider one anew
    /// takes no longer than combining it.
    static let widest = 16

    /// With fewer rows under a salt, hardly a pair comes twice.
    static let fewestRows = 4

    private let width: Int
    private var masks: [UInt64]
    /// For each place the number of the salt whose mask is there.
    private var drawnFor: [Int]
    private var salt = 0

    /// - Parameter width: The words of a mask.
    init(width: Int) {
        self.width = width
        let places = width <= Self.widest ? BigramFilter.alphabet * BigramFilter.alphabet : 0
        masks = [UInt64](repeating: 0, count: places * width)
        drawnFor = [Int](repeating: 0, count: places)
    }

    /// Begins with the next salt.
    mutating func begin() { salt += 1 }

    /// Combines `filter` with the mask at a place, which `draw` sets where it is not known.
    @inline(__always)
    mutating func or(
        _ place: Int, in filter: UnsafeMutableBufferPointer<UInt64>,
        draw: (UnsafeMutableBufferPointer<UInt64>) -> Void
    ) {
        let (start, width) = (place * width, width)
        if drawnFor[place] != salt {
            drawnFor[place] = salt
            masks.withUnsafeMutableBufferPointer { masks in
                let mask = UnsafeMutableBufferPointer(rebasing: masks[start..<(start + width)])
                mask.update(repeating: 0)
                draw(mask)
            }
        }
        masks.withUnsafeBufferPointer { masks in
            for word in 0..<width { filter[word] |= masks[start + word] }
        }
    }
}
