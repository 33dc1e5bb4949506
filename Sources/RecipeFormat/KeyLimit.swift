import Foundation

/// Where a text may hold a key so large that the search for equal keys takes hours: lists of aliases in lists of aliases,
/// used as a key. Yams searches before anything can be counted, and without a limit.
///
/// - Returns: The line of the first key that may be a list, a mapping or an alias, from 1; nil where there is none, or where
///   the aliases are too few to make it large.
func lineOfUnboundedKey(in text: String) -> Int? {
    let bytes = Array(text.utf8)
    let aliases = bytes.count { $0 == UInt8(ascii: "*") }
    // n aliases repeat what they stand for most often on n / 3 levels, three times on each.
    guard Double(bytes.count) * pow(3, Double(aliases) / 3) > 1e6 else { return nil }
    let place = bytes.indices.first { i in
        switch bytes[i] {
        case UInt8(ascii: "?"): i == 0 || endsName(bytes[i - 1])
        case UInt8(ascii: "]"), UInt8(ascii: "}"): isBeforeColon(bytes[(i + 1)...])
        case UInt8(ascii: "*"): isBeforeColon(bytes[(i + 1)...].drop { !endsName($0) })
        default: false
        }
    }
    return place.map { bytes[..<$0].count { $0 == UInt8(ascii: "\n") } + 1 }
}

/// Whether nothing but white space comes before the next colon.
private func isBeforeColon(_ rest: ArraySlice<UInt8>) -> Bool {
    rest.first { !isWhite($0) } == UInt8(ascii: ":")
}

/// Whether a byte cannot belong to an alias' name.
private func endsName(_ byte: UInt8) -> Bool { isWhite(byte) || "[]{},:?*".utf8.contains(byte) }

/// White space, or a part of what is not ASCII: some of that breaks lines in YAML.
private func isWhite(_ byte: UInt8) -> Bool { byte <= UInt8(ascii: " ") || byte >= 0x80 }
