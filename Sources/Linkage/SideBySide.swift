/// The results of two pieces of work that are done at the same time, where there are two processors.
func sideBySide<First: Sendable, Second: Sendable>(
    _ first: @Sendable () -> First, _ second: @Sendable () -> Second
) -> (First, Second) {
    let halves = CandidatePairs.concurrently(2, threads: Linker.threads) {
        number -> (First?, Second?) in
        number == 0 ? (first(), nil) : (nil, second())
    }
    guard let one = halves[0].0, let other = halves[1].1 else { return (first(), second()) }
    return (one, other)
}
