extension String {
    /// A name from a file fit for a line on a terminal: what could steer it (control characters such as escapes, line ends,
    /// changes of the direction of writing) becomes "?", and what is behind the first 120 characters "…".
    package var printable: String {
        var name = UnicodeScalarView()
        for scalar in unicodeScalars.prefix(120) { name.append(scalar.steersTerminals ? "?" : scalar) }
        let isWhole = unicodeScalars.dropFirst(120).isEmpty
        return isWhole ? String(name) : String(name) + "…"
    }
}

extension Unicode.Scalar {
    fileprivate var steersTerminals: Bool {
        switch properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        default: properties.isBidiControl
        }
    }
}
