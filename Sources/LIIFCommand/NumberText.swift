import Foundation

extension String {
    /// Filled up with spaces to a count of characters; a longer text stays whole. Foundation's counts UTF-16 units, and cuts.
    func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}

/// A number with a fixed count of decimals.
func fixed(_ value: Double, _ decimals: Int) -> String { String(format: "%.\(decimals)f", value) }

/// At most three decimals, none that are zero: `4`, `3.7`, `0.333`.
func shortest(_ value: Double) -> String {
    var text = fixed(value, 3)
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text
}

/// A whole number, astronomic ones as powers of ten.
func wholeNumber(_ value: Double) -> String {
    value < 1e9 ? fixed(value, 0) : String(format: "%.3g", value)
}

/// 1234567 as 1,234,567.
func grouped(_ number: Int) -> String {
    let digits = Array(String(number).reversed())
    return String(
        stride(from: 0, to: digits.count, by: 3)
            .map { String(digits[$0..<min($0 + 3, digits.count)]) }
            .joined(separator: ",").reversed())
}

/// Pixels as millions, without needless decimals.
func megapixels(_ count: Int) -> String {
    let value = Double(count) / 1e6
    return value < 1 ? "\(value)" : fixed(value, value == value.rounded() ? 0 : 1)
}

/// Bytes as `12 kB` or `3.4 MB`.
func megabytes(_ count: Int) -> String {
    count < 100_000 ? "\((count + 999) / 1000) kB" : String(format: "%.1f MB", Double(count) / 1e6)
}
