import Files
import Foundation
import Yams

extension RecipeMapping {
    /// Of a recipe's text, in bytes; for each Yams may take hundreds of bytes of memory before values can be counted.
    private static let greatestSize = 1 << 20

    /// Reads a recipe file.
    ///
    /// - Throws: `RecipeError.unreadable` or `.malformed`, with line and column.
    public init(contentsOf path: String) throws {
        let data: Data
        do {
            // No more than tells that it is too long: a model's file is, and some have no end. A pipe is read as well.
            let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            data = try file.read(upToCount: Self.greatestSize + 1) ?? Data()
        } catch {
            throw RecipeError.unreadable(
                file: path,
                reason: PathName.isFolder(path)
                    ? "it is a folder; a recipe is a YAML file"
                    : FileManager.default.fileExists(atPath: path)
                        ? systemReason(error) : "there is no such file")
        }
        guard data.count <= Self.greatestSize, let text = String(data: data, encoding: .utf8) else {
            throw RecipeError.unreadable(
                file: path, reason: "a recipe is UTF-8 text of at most 1 MiB, this is something else")
        }
        try self.init(yaml: text, file: path)
    }

    /// Reads a recipe from YAML (of which JSON is a part).
    ///
    /// - Parameter file: the name that errors give.
    /// - Throws: `RecipeError.malformed`, with line and column.
    public init(yaml text: String, file: String) throws {
        guard text.utf8.count <= Self.greatestSize else {
            throw RecipeError.malformed(
                file: file, line: nil, column: nil, reason: "it is longer than 1 MiB")
        }
        if let line = lineOfUnboundedKey(in: text) {
            throw RecipeError.malformed(
                file: file, line: line, column: nil,
                reason: "a key is a word, not a list, a mapping or an alias")
        }
        let root: Node?
        do {
            root = try Yams.compose(yaml: text)
        } catch let error as YamlError {
            throw RecipeError(error, file: file)
        }
        var reader = NodeReader(file: file)
        guard let root, case .mapping(let mapping) = try reader.value(root) else {
            throw RecipeError.malformed(
                file: file, line: root?.mark?.line, column: root?.mark?.column,
                reason: "a recipe is a mapping of keys to values, such as 'epoch_max: 1000'")
        }
        self = mapping
    }
}

/// Turns Yams' nodes into values; aliases count each time they are used, so that a small file cannot grow huge.
private struct NodeReader {
    let file: String
    var remaining = 10_000

    init(file: String) { self.file = file }

    mutating func value(_ node: Node) throws -> RecipeValue {
        remaining -= 1
        guard remaining >= 0 else { throw malformed(node, "more than 10000 values") }
        switch node {
        case .scalar(let scalar):
            return scalar.style == .plain || scalar.style == .any
                ? RecipeValue(plainScalar: scalar.string) : .string(scalar.string)
        case .sequence(let sequence):
            return .list(try sequence.map { try value($0) })
        case .mapping(let mapping):
            return .mapping(
                RecipeMapping(
                    try mapping.map { key, node in
                        guard case .scalar(let name) = key else {
                            throw malformed(key, "a key is a word, not a list or mapping")
                        }
                        return .init(key: name.string, value: try value(node), line: name.mark?.line)
                    }))
        case .alias:
            throw malformed(node, "an alias without its anchor")
        }
    }

    private func malformed(_ node: Node, _ reason: String) -> RecipeError {
        .malformed(file: file, line: node.mark?.line, column: node.mark?.column, reason: reason)
    }
}

extension RecipeValue {
    /// The value of an unquoted scalar: YAML 1.1's nulls and booleans, decimal numbers, otherwise text.
    ///
    /// Wider than PyYAML in one point: `1e-4` is a number here as `1.e-4` is, not text.
    init(plainScalar text: String) {
        switch text {
        case "", "~", "null", "Null", "NULL": self = .null
        case "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON": self = .bool(true)
        case "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF": self = .bool(false)
        default:
            self = Self.number(text) ?? .string(text)
        }
    }

    /// A decimal number, whole where it has neither point nor exponent and fits. Scanned by hand: a regular expression
    /// is compiled anew for every value, which made up most of the time of reading a recipe.
    private static func number(_ text: String) -> RecipeValue? {
        var rest = text.utf8[...]
        func take(_ accepted: (UInt8) -> Bool, atMost limit: Int = .max) -> String {
            let taken = rest.prefix(min(limit, rest.count)).prefix(while: accepted)
            rest = rest[taken.endIndex...]
            return String(decoding: taken, as: UTF8.self)
        }
        func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
        func isSign(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") }
        let sign = take(isSign, atMost: 1)
        let whole = take(isDigit)
        if rest.isEmpty, !whole.isEmpty, let value = Int(text) { return .integer(value) }
        let hasPoint = !take({ $0 == UInt8(ascii: ".") }, atMost: 1).isEmpty
        let fraction = hasPoint ? take(isDigit) : ""
        guard !whole.isEmpty || !fraction.isEmpty else { return nil }
        var exponent = "0"
        if !take({ $0 | 0x20 == UInt8(ascii: "e") }, atMost: 1).isEmpty {
            let exponentSign = take(isSign, atMost: 1)
            let digits = take(isDigit)
            guard !digits.isEmpty else { return nil }
            exponent = exponentSign + digits
        }
        guard rest.isEmpty, let value = Double("\(sign)0\(whole).\(fraction)0e\(exponent)"), value.isFinite
        else {
            return nil
        }
        return .number(value)
    }
}

extension RecipeError {
    init(_ error: YamlError, file: String) {
        func malformed(_ mark: Mark?, _ reason: String) -> RecipeError {
            .malformed(file: file, line: mark?.line, column: mark?.column, reason: reason)
        }
        switch error {
        case .scanner(let context, let problem, let mark, _),
            .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let opening = context.map { " \($0.text) that began on line \($0.mark.line)" } ?? ""
            self = malformed(mark, problem + opening)
        case .reader(let problem, let offset, _, let yaml):
            let line = offset.map { yaml.utf8.prefix($0).count { $0 == 0x0A } + 1 }
            self = .malformed(file: file, line: line, column: nil, reason: problem)
        case .duplicatedKeysInMapping(let keys, let context):
            self = malformed(
                context.mark, "the key '\(keys.map(\.printable).joined(separator: "', '"))' stands twice")
        default:
            self = malformed(nil, "\(error)")
        }
    }
}
