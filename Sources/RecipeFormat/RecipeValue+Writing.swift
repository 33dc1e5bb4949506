import Foundation

extension RecipeMapping {
    /// The mapping as YAML in block style; reads back as an equal mapping.
    public var yaml: String { entries.map { $0.yaml(indentation: "") }.joined() }

    /// The mapping as JSON on one line; reads back, as YAML, as an equal mapping.
    public var json: String { RecipeValue.mapping(self).json }
}

extension RecipeMapping.Entry {
    fileprivate func yaml(indentation: String) -> String {
        let name = indentation + RecipeValue.string(key).flowYAML + ":"
        if case .mapping(let mapping) = value, !mapping.entries.isEmpty {
            let inner = mapping.entries.map { $0.yaml(indentation: indentation + "  ") }
            return name + "\n" + inner.joined()
        }
        return "\(name) \(value.flowYAML)\n"
    }
}

extension RecipeValue {
    /// The value on one line, for use after a colon or inside brackets.
    fileprivate var flowYAML: String {
        switch self {
        case .string(let text): isPlain(text) ? text : json
        case .list(let values): "[" + values.map(\.flowYAML).joined(separator: ", ") + "]"
        case .mapping(let mapping):
            "{"
                + mapping.entries.map {
                    "\(RecipeValue.string($0.key).flowYAML): \($0.value.flowYAML)"
                }.joined(separator: ", ") + "}"
        default: json
        }
    }

    /// The value as JSON on one line. Numbers keep every bit; a number that is a whole one keeps its point.
    package var json: String {
        switch self {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .string(let value): quoted(value)
        case .list(let values): "[" + values.map(\.json).joined(separator: ", ") + "]"
        case .mapping(let mapping):
            "{" + mapping.entries.map { "\(quoted($0.key)): \($0.value.json)" }.joined(separator: ", ") + "}"
        }
    }
}

/// Whether a text may stand without quotes and still be read as that text.
private func isPlain(_ text: String) -> Bool {
    func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || "_./".utf8.contains(byte)
    }
    guard let first = text.utf8.first, isLetter(first) else { return false }
    return text.utf8.allSatisfy { isLetter($0) || "0123456789-".utf8.contains($0) }
        && RecipeValue(plainScalar: text) == .string(text)
}

private func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": result += "\\\""
        case "\\": result += "\\\\"
        case "\n": result += "\\n"
        case "\t": result += "\\t"
        case "\r": result += "\\r"
        case _
        where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
            || [0x2028, 0x2029, 0xFEFF].contains(scalar.value):
            let digits = String(scalar.value, radix: 16)
            result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result + "\""
}
