/// A URI's path as its segments: split first, percent-decoded afterwards, so that an encoded slash stays part of its
/// segment (Image API 3.0, §9).
public struct URIPath: Sendable, Equatable {
    /// The decoded segments between the slashes; "/a/b" has two, "/" one that is empty.
    public let segments: [String]

    /// - Parameter target: A request target in origin form; a query is cut off.
    /// - Throws: `IIIFError.badRequest` for a target that does not begin with a slash, a malformed percent-encoding, and
    ///   bytes that are no UTF-8 or control characters.
    public init(_ target: String) throws(IIIFError) {
        // By bytes: what follows a question mark may combine with it to another character.
        let path = target.utf8.prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
        guard path.first == UInt8(ascii: "/") else {
            throw .badRequest("The path must begin with a slash.")
        }
        var segments: [String] = []
        for segment in path.dropFirst().split(
            separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        {
            segments.append(try Self.decoded(segment))
        }
        self.segments = segments
    }

    /// A segment without its percent-encoding.
    private static func decoded(_ segment: Substring.UTF8View.SubSequence) throws(IIIFError) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(segment.count)
        var rest = segment[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst()?.hexDigit, let low = rest.popFirst()?.hexDigit else {
                throw .badRequest("A percent sign must be followed by two hexadecimal digits.")
            }
            bytes.append(high << 4 | low)
        }
        guard !bytes.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
            throw .badRequest("The path holds a control character.")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .badRequest("The path's percent-decoded bytes are not UTF-8.")
        }
        return text
    }

    /// Text as one segment of a path: all but RFC 3986's unreserved characters and the @ of virtual identifiers percent-encoded.
    public static func encoded(_ segment: String) -> String {
        var result = ""
        for byte in segment.utf8 {
            if byte.isUnreserved {
                result.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let digits = Array("0123456789ABCDEF")
                result += "%"
                result.append(digits[Int(byte >> 4)])
                result.append(digits[Int(byte & 15)])
            }
        }
        return result
    }
}

extension UInt8 {
    fileprivate var hexDigit: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        default: nil
        }
    }

    /// Letters, digits and -._~, and the @ of our virtual identifiers, which a segment may hold as it is.
    fileprivate var isUnreserved: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"), UInt8(ascii: "@"):
            true
        default: false
        }
    }
}
