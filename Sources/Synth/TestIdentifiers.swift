/// Identifiers that pass their checks and belong to nobody.
enum TestIdentifiers {
    /// The number of NHS numbers that stem range 999 000 000 – 999 999 999 can give.
    private static let range = 1_000_000

    /// NHS numbers for `count` people, valid by modulus 11 and above 999 000 000 0.
    ///
    /// That range is kept for tests. Stems whose check digit would be 10 (all of
    /// 999 000 000 among them) and ten equal digits are passed over.
    static func nhsNumbers(_ count: Int) -> [Int] {
        var numbers: [Int] = []
        numbers.reserveCapacity(count)
        var counter = 0
        while numbers.count < count {
            let block = counter / range
            // An odd multiplier without factor 5 permutes the million stems.
            let stem = (999 - block) * range + (counter % range * 734_287 + 104_729) % range
            counter += 1
            guard let check = checkDigit(stem), stem != 999_999_999 else { continue }
            numbers.append(stem * 10 + check)
        }
        return numbers
    }

    /// The modulus 11 check digit of a nine-digit stem; `nil` where it would be 10.
    static func checkDigit(_ stem: Int) -> Int? {
        var rest = stem
        var sum = 0
        for weight in 2...10 {
            sum += rest % 10 * weight
            rest /= 10
        }
        let check = 11 - sum % 11
        return check == 10 ? nil : check == 11 ? 0 : check
    }

    private static let letters = Array("ABCDEFGHJKLMNPQRTUVWXYZ".utf8)

    /// A unique pupil number of the pseudo authorities 001–005: check letter,
    /// authority, establishment, year and serial; `temporary` ends in a letter.
    static func upn(pupil: Int, year: Int, temporary: Bool) -> [UInt8] {
        let serial = pupil % 1000
        let school = 2000 + pupil / 1000 % 6000
        let authority = 1 + pupil / 6_000_000 % 5
        let number =
            ((authority * 10_000 + school) * 100 + year % 100) * 1000 + serial
        var bytes = [UInt8](repeating: 0, count: 13)
        var rest = number
        for position in stride(from: 12, through: 1, by: -1) {
            bytes[position] = 48 + UInt8(rest % 10)
            rest /= 10
        }
        var sum = 0
        for position in 1...11 { sum += Int(bytes[position] - 48) * (position + 1) }
        if temporary {
            let value = serial % letters.count
            bytes[12] = letters[value]
            sum += value * 13
        } else {
            sum += Int(bytes[12] - 48) * 13
        }
        bytes[0] = letters[sum % 23]
        return bytes
    }

    private static let unitLetters = Array("ABDEFGHJLNPQRSTUWXYZ".utf8)

    /// The postcode with a number: area MS, which the Royal Mail does not use.
    static func postcode(_ number: Int) -> [UInt8] {
        var bytes = Array("MS".utf8)
        let district = number / 800 % 99 + 1
        if district >= 10 { bytes.append(48 + UInt8(district / 10)) }
        bytes.append(48 + UInt8(district % 10))
        bytes.append(32)
        bytes.append(48 + UInt8(number / 80 % 10))
        let unit = number % 80 * 5 + number / 79_200 % 5
        bytes.append(unitLetters[unit / 20])
        bytes.append(unitLetters[unit % 20])
        return bytes
    }
}
