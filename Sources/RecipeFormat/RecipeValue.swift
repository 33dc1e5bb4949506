import Files

/// One value of a recipe file, with the order of its keys kept.
///
/// The parts of a recipe that this module does not interpret itself, such as a model's arguments, stay in this form.
public indirect enum RecipeValue: Sendable, Equatable {
    /// Nothing, or Python's None.
    case null
    /// True or false.
    case bool(Bool)
    /// A number without point or exponent.
    case integer(Int)
    /// A number with a point or an exponent, or too large for an integer.
    case number(Double)
    /// A text.
    case string(String)
    /// Values in order.
    case list([RecipeValue])
    /// Keys with values.
    case mapping(RecipeMapping)
}

/// A mapping of a recipe file: keys in file order, each with the line it stands on.
public struct RecipeMapping: Sendable, Equatable {
    /// One `key: value`.
    public struct Entry: Sendable, Equatable {
        /// The key; unique in its mapping.
        public var key: String
        /// What stands after the colon.
        public var value: RecipeValue
        /// The line of the key in the file it was read from, from 1; nil where no file was read.
        public var line: Int?

        /// One `key: value`.
        public init(key: String, value: RecipeValue, line: Int? = nil) {
            self.key = key
            self.value = value
            self.line = line
        }

        /// Lines do not take part: a mapping equals itself written out and read again.
        public static func == (a: Entry, b: Entry) -> Bool { a.key == b.key && a.value == b.value }
    }

    /// All entries in order.
    public var entries: [Entry]

    /// A mapping of entries whose keys differ.
    public init(_ entries: [Entry] = []) { self.entries = entries }

    /// The keys in order.
    public var keys: [String] { entries.map(\.key) }

    /// The value of a key, nil when it is absent; assigning nil removes the key, a new key goes to the end.
    public subscript(key: String) -> RecipeValue? {
        get { entries.first { $0.key == key }?.value }
        set {
            let index = entries.firstIndex { $0.key == key }
            switch (index, newValue) {
            case (let index?, let value?): entries[index].value = value
            case (let index?, nil): entries.remove(at: index)
            case (nil, let value?): entries.append(Entry(key: key, value: value))
            case (nil, nil): break
            }
        }
    }
}

extension RecipeMapping: ExpressibleByDictionaryLiteral {
    /// Keys and values in the literal's order.
    public init(dictionaryLiteral elements: (String, RecipeValue)...) {
        self.init(elements.map { Entry(key: $0.0, value: $0.1) })
    }
}

extension RecipeValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral
{
    /// A text.
    public init(stringLiteral value: String) { self = .string(value) }
    /// A whole number.
    public init(integerLiteral value: Int) { self = .integer(value) }
    /// A number.
    public init(floatLiteral value: Double) { self = .number(value) }
    /// True or false.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// A list.
    public init(arrayLiteral elements: RecipeValue...) { self = .list(elements) }
}

extension RecipeValue {
    /// What the value is, as an error message names it: `the text 'abc'`, `a list of 3`.
    package var evidence: String {
        switch self {
        case .null: "nothing"
        case .bool(let value): "\(value)"
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .string(let value): "the text '\(value.printable(atMost: 60))'"
        case .list(let values): "a list of \(values.count)"
        case .mapping(let mapping):
            mapping.entries.isEmpty
                ? "an empty mapping"
                : "a mapping with the keys "
                    + mapping.keys.prefix(8).map(\.printable).joined(separator: ", ")
                    + (mapping.keys.count > 8 ? " …" : "")
        }
    }
}
