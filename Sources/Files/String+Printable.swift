/// Texts out of files, and names of files, fit for a line on a terminal.
extension String {
    /// The text with what could steer a terminal (control characters such as escapes, line ends, changes of the direction of
    /// writing) as Swift writes it: `\n`, `\u{1b}`. A text that is escaped already stays as it is.
    package var escaped: String {
        guard unicodeScalars.contains(where: \.steersTerminals) else { return self }
        var text = ""
        for scalar in unicodeScalars {
            if scalar.steersTerminals { text += scalar.escape } else { text.unicodeScalars.append(scalar) }
        }
        return text
    }

    /// The first 120 characters, `escaped`, and "…" for what is behind them.
    package var printable: String { printable(atMost: 120) }

    /// The first characters (Unicode scalars), `escaped`, and "…" for what is behind them.
    package func printable(atMost limit: Int) -> String {
        let start = unicodeScalars.prefix(limit)
        return String(start).escaped + (start.endIndex == unicodeScalars.endIndex ? "" : "…")
    }
}

extension Unicode.Scalar {
    fileprivate var steersTerminals: Bool {
        switch properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        default: properties.isBidiControl
        }
    }

    fileprivate var escape: String {
        switch self {
        case "\n": "\\n"
        case "\r": "\\r"
        case "\t": "\\t"
        default: "\\u{\(String(value, radix: 16))}"
        }
    }
}
