/// Reads JSON token by token, exactly as RFC 8259 writes it, for a caller that knows the schema.
///
/// Foundation's parsers keep one of two equal keys and lose the order of an object: a header that names
/// a tensor twice would pass. The schema is of fixed depth, so there is no recursion to limit.
struct JSONScanner {
    /// What was wrong, and at which byte of the text.
    struct Failure: Error {
        let reason: String
    }

    private let text: UnsafeRawBufferPointer
    private(set) var position = 0

    init(_ text: UnsafeRawBufferPointer) { self.text = text }

    /// Reads `{ key: value, … }`; `value` must consume the key's value.
    mutating func object(_ value: (inout JSONScanner, String) throws -> Void) throws {
        try expect("{")
        if skip("}") { return }
        repeat {
            let key = try string()
            try expect(":")
            try value(&self, key)
        } while skip(",")
        try expect("}")
    }

    /// Reads `[ … ]` of whole numbers, 0 or greater.
    mutating func wholeNumbers() throws -> [Int] {
        var numbers: [Int] = []
        try expect("[")
        if skip("]") { return numbers }
        repeat { numbers.append(try wholeNumber()) } while skip(",")
        try expect("]")
        return numbers
    }

    /// Reads a number that has no sign, fraction or exponent.
    mutating func wholeNumber() throws -> Int {
        skipWhitespace()
        let start = position
        var number = 0
        while position < text.count, case let digit = text[position], (0x30...0x39).contains(digit) {
            let (tenfold, overflow) = number.multipliedReportingOverflow(by: 10)
            let (sum, carry) = tenfold.addingReportingOverflow(Int(digit) - 0x30)
            guard !overflow, !carry else { throw failure("a number is too large", at: start) }
            number = sum
            position += 1
        }
        let followed = position < text.count ? text[position] : 0
        let isWhole = position > start && !".eE".utf8.contains(followed)
        guard isWhole else { throw failure("expected a whole number, 0 or greater", at: start) }
        guard position == start + 1 || text[start] != 0x30 else {
            throw failure("a number starts with a needless 0", at: start)
        }
        return number
    }

    /// Reads a string.
    mutating func string() throws -> String {
        try expect("\"")
        let start = position
        var bytes: [UInt8] = []
        while position < text.count {
            let byte = text[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let string = String(validating: bytes, as: UTF8.self) else {
                    throw failure("a string is not UTF-8", at: start)
                }
                return string
            case UInt8(ascii: "\\"): try escape(into: &bytes)
            case 0..<0x20: throw failure("a string holds a raw control character", at: position - 1)
            default: bytes.append(byte)
            }
        }
        throw failure("a string does not end", at: start)
    }

    /// Accepts nothing but white space up to the end.
    mutating func end() throws {
        skipWhitespace()
        guard position == text.count else { throw failure("expected nothing after the object", at: position) }
    }

    func failure(_ reason: String, at position: Int) -> Failure {
        Failure(reason: "\(reason), at byte \(position) of the header")
    }

    private mutating func escape(into bytes: inout [UInt8]) throws {
        let start = position - 1
        guard position < text.count else { throw failure("a string does not end", at: start) }
        position += 1
        switch text[position - 1] {
        case UInt8(ascii: "\""): bytes.append(0x22)
        case UInt8(ascii: "\\"): bytes.append(0x5C)
        case UInt8(ascii: "/"): bytes.append(0x2F)
        case UInt8(ascii: "b"): bytes.append(0x08)
        case UInt8(ascii: "f"): bytes.append(0x0C)
        case UInt8(ascii: "n"): bytes.append(0x0A)
        case UInt8(ascii: "r"): bytes.append(0x0D)
        case UInt8(ascii: "t"): bytes.append(0x09)
        case UInt8(ascii: "u"):
            var units = [try hexadecimalUnit(start)]
            if UTF16.isLeadSurrogate(units[0]), position + 1 < text.count,
                text[position] == 0x5C, text[position + 1] == UInt8(ascii: "u")
            {
                position += 2
                units.append(try hexadecimalUnit(start))
            }
            guard let character = String(validating: units, as: UTF16.self) else {
                throw failure("half a surrogate pair", at: start)
            }
            bytes.append(contentsOf: character.utf8)
        default: throw failure("an unknown escape in a string", at: start)
        }
    }

    private mutating func hexadecimalUnit(_ start: Int) throws -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard position < text.count, let digit = Character(Unicode.Scalar(text[position])).hexDigitValue
            else { throw failure("\\u without four hexadecimal digits", at: start) }
            unit = unit << 4 | UInt16(digit)
            position += 1
        }
        return unit
    }

    private mutating func skipWhitespace() {
        while position < text.count, [0x20, 0x09, 0x0A, 0x0D].contains(text[position]) { position += 1 }
    }

    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        skipWhitespace()
        guard position < text.count, text[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ character: Unicode.Scalar) throws {
        guard skip(character) else { throw failure("expected \(character)", at: position) }
    }
}

extension String {
    /// The string in quotes, as JSON writes it.
    var jsonLiteral: String {
        var literal = "\""
        for scalar in unicodeScalars {
            switch scalar {
            case "\"": literal += "\\\""
            case "\\": literal += "\\\\"
            case "\n": literal += "\\n"
            case "\r": literal += "\\r"
            case "\t": literal += "\\t"
            case "\0"..<" ":
                let digits = String(scalar.value, radix: 16)
                literal += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: literal.unicodeScalars.append(scalar)
            }
        }
        return literal + "\""
    }
}
