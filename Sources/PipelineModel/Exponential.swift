/// The exponential function by additions and multiplications alone, so that a score has the same
/// bits on every machine, whatever its mathematical library.
enum Exponential {
    /// e^−t for t ≥ 0, within one unit in the last place; t above 708 counts as 708.
    ///
    /// t = k ln 2 + r with |r| ≤ ½ ln 2, ln 2 in two parts; e^−r by Taylor's series to the
    /// thirteenth power, whose remainder is below half a unit in the last place.
    /// Source: W. J. Cody and W. Waite, "Software manual for the elementary functions" (1980).
    static func ofMinus(_ value: Double) -> Double {
        // Written so that a NaN stays one.
        let held = value > 708 ? 708 : value
        // Adding and taking away 1.5 · 2⁵² rounds to a whole number.
        let shifter = 0x1.8p52
        let shifted = held * 1.442_695_040_888_963_4 + shifter
        let whole = shifted - shifter
        let rest = (held - whole * 6.931_471_803_691_238_2e-1) - whole * 1.908_214_929_270_587_7e-10
        var series = -1.0 / 6_227_020_800
        series = series * rest + 1.0 / 479_001_600
        series = series * rest - 1.0 / 39_916_800
        series = series * rest + 1.0 / 3_628_800
        series = series * rest - 1.0 / 362_880
        series = series * rest + 1.0 / 40_320
        series = series * rest - 1.0 / 5_040
        series = series * rest + 1.0 / 720
        series = series * rest - 1.0 / 120
        series = series * rest + 1.0 / 24
        series = series * rest - 1.0 / 6
        series = series * rest + 0.5
        series = series * rest - 1
        series = series * rest + 1
        // The low bits of `shifted` are k.
        let power = Double(bitPattern: (1_023 &- (shifted.bitPattern & 0xFFFF)) << 52)
        return series * power
    }
}
