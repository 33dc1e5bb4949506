/// How pixels between the file's own are made.
public enum Interpolation: String, Sendable, Hashable, CaseIterable {
    /// The continuous image of the learned function: the default, with no suffix.
    case liif
    /// Pillow's bicubic interpolation.
    case bicubic
    /// The nearest pixel.
    case nearest
}

/// An identifier with what may follow a listed one: `photo@16x` is an image 16 times the size in each direction,
/// `photo~bicubic` and `photo@16x~nearest` the same images made otherwise. To a viewer all are images of their own.
public struct VirtualIdentifier: Sendable, Hashable {
    /// The listed identifier.
    public let base: String
    /// How many times the file's size, 1…
    public let factor: Int
    /// How pixels are made.
    public let interpolation: Interpolation

    /// An image of a listed one.
    public init(base: String, factor: Int = 1, interpolation: Interpolation = .liif) {
        self.base = base
        self.factor = factor
        self.interpolation = interpolation
    }

    /// - Parameters:
    ///   - text: An identifier, percent-decoded. One that is listed means itself, whatever it ends in.
    ///   - largestFactor: Factors 2…largestFactor are served.
    ///   - isListed: Whether a file has the identifier.
    /// - Throws: `IIIFError.notFound`.
    public init(_ text: String, largestFactor: Int, isListed: (String) -> Bool) throws(IIIFError) {
        if isListed(text) {
            self.init(base: text)
            return
        }
        var rest = text[...]
        var interpolation = Interpolation.liif
        if let tilde = rest.lastIndex(of: "~"),
            let named = Interpolation(rawValue: String(rest[rest.index(after: tilde)...])), named != .liif
        {
            interpolation = named
            rest = rest[..<tilde]
        }
        var factor = 1
        if !isListed(String(rest)), rest.last == "x", let at = rest.lastIndex(of: "@") {
            let digits = rest[rest.index(after: at)...].dropLast()
            // One way to write a factor, so that an image has one name.
            if let number = Int(digits: digits), digits.first != "0",
                (2...max(largestFactor, 2)).contains(number),
                number <= largestFactor
            {
                factor = number
                rest = rest[..<at]
            }
        }
        guard isListed(String(rest)) else {
            throw .notFound("No image has the identifier \"\(text.shortened)\".")
        }
        self.init(base: String(rest), factor: factor, interpolation: interpolation)
    }

    /// As a URI's path names it, percent-decoded.
    public var text: String {
        base + (factor == 1 ? "" : "@\(factor)x")
            + (interpolation == .liif ? "" : "~\(interpolation.rawValue)")
    }
}
