extension Int {
    /// A number of decimal digits only: no sign, no space; nil if it is none, or more than 2⁵³.
    init?(digits text: some StringProtocol) {
        guard !text.isEmpty, text.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }),
            let value = Int(text), value <= 1 << 53
        else { return nil }
        self = value
    }
}

extension Double {
    /// A number such as `41.6`, `5` or `.5`: no sign, exponent or name; nil if it is none.
    init?(decimal text: some StringProtocol) {
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard text.utf8.contains(where: { digits ~= $0 }),
            text.utf8.allSatisfy({ digits ~= $0 || $0 == UInt8(ascii: ".") }),
            let value = Double(text.last == "." ? text.dropLast() : text[...]), value.isFinite
        else { return nil }
        self = value
    }
}

extension String {
    /// At most 60 characters of it, for a message.
    var shortened: String { count <= 60 ? self : prefix(60) + "…" }
}
