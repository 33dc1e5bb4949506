import Files

/// What is wrong with a recipe, and what would be right.
public enum RecipeError: Error, Equatable, CustomStringConvertible {
    /// The place of a value: file, line (from 1, where known) and dotted key path.
    public struct Place: Sendable, Equatable, CustomStringConvertible {
        /// The recipe file, as it was named.
        public var file: String
        /// From 1; nil where not known.
        public var line: Int?
        /// For example `train_dataset.wrapper.args.inp_size`; empty for the whole file.
        public var keyPath: String

        /// A place in a recipe file.
        public init(file: String, line: Int? = nil, keyPath: String = "") {
            self.file = file
            self.line = line
            self.keyPath = keyPath
        }

        /// `file:line: key.path`.
        public var description: String {
            let position = line.map { "\(file):\($0)" } ?? file
            return keyPath.isEmpty ? position : "\(position): \(keyPath)"
        }
    }

    /// The file cannot be read as text.
    case unreadable(file: String, reason: String)
    /// The text is not YAML. Line and column count from 1.
    case malformed(file: String, line: Int?, column: Int?, reason: String)
    /// A key that means nothing where it stands.
    case unknownKey(Place, key: String, known: [String], suggestion: String?)
    /// A required key is absent.
    case missingKey(Place, key: String, expected: String)
    /// A value of the wrong type or outside its range.
    case wrongValue(Place, found: String, expected: String)
    /// Meaningful to the released code, or to a reader, but not supported here.
    case unsupported(Place, reason: String)

    /// A sentence that names the place, what was found there and what is expected; what could steer a terminal is escaped.
    public var description: String { sentence.escaped }

    private var sentence: String {
        switch self {
        case .unreadable(let file, let reason):
            return "\(file): the recipe cannot be read: \(reason)."
        case .malformed(let file, let line, let column, let reason):
            let position = [line, column].compactMap { $0.map { ":\($0)" } }.joined()
            return "\(file)\(position): not valid YAML: \(reason)."
        case .unknownKey(let place, let key, let known, let suggestion):
            let near = suggestion.map { " Did you mean '\($0)'?" } ?? ""
            let list =
                known.isEmpty ? "No key is known here." : "Known here: \(known.joined(separator: ", "))."
            return "\(place): unknown key '\(key.printable)'.\(near) \(list)"
        case .missingKey(let place, let key, let expected):
            return "\(place): the key '\(key)' is missing; expected \(expected)."
        case .wrongValue(let place, let found, let expected):
            return "\(place): found \(found), expected \(expected)."
        case .unsupported(let place, let reason):
            return "\(place): \(reason)."
        }
    }
}
