import Files

/// One mapping of a recipe being read: typed access to its keys, with errors that name file, line and key path.
package struct RecipeSection: Sendable, Equatable {
    /// The keys and values.
    package let mapping: RecipeMapping
    /// Where this mapping stands.
    package let place: RecipeError.Place

    package init(_ mapping: RecipeMapping, at place: RecipeError.Place) {
        self.mapping = mapping
        self.place = place
    }

    /// Where a key stands, or would stand.
    package func place(of key: String) -> RecipeError.Place {
        RecipeError.Place(
            file: place.file,
            line: mapping.entries.first { $0.key == key }?.line ?? place.line,
            keyPath: place.keyPath.isEmpty ? key : "\(place.keyPath).\(key)")
    }

    /// Refuses every key that is not among `known`.
    package func allowOnly(_ known: [String]) throws {
        for entry in mapping.entries where !known.contains(entry.key) {
            throw RecipeError.unknownKey(
                RecipeError.Place(file: place.file, line: entry.line ?? place.line, keyPath: place.keyPath),
                key: entry.key, known: known, suggestion: nearMiss(of: entry.key, in: known))
        }
    }

    /// The value of a key; nil when the key is absent or holds null, as in the released code.
    package func value(_ key: String) -> RecipeValue? {
        guard let value = mapping[key], value != .null else { return nil }
        return value
    }

    /// A value that must be there.
    package func require<T>(_ value: T?, _ key: String, _ expected: String) throws -> T {
        guard let value else {
            throw RecipeError.missingKey(place, key: key, expected: expected)
        }
        return value
    }

    /// The error for a key that holds something else than expected.
    package func wrong(_ key: String, expected: String) -> RecipeError {
        .wrongValue(place(of: key), found: (mapping[key] ?? .null).evidence, expected: expected)
    }

    /// A nested mapping; `{}` and an absent key differ.
    package func section(_ key: String) throws -> RecipeSection? {
        guard let value = value(key) else { return nil }
        guard case .mapping(let mapping) = value else {
            throw wrong(key, expected: "a mapping of keys to values")
        }
        return RecipeSection(mapping, at: place(of: key))
    }

    /// A text.
    package func string(_ key: String) throws -> String? {
        guard let value = value(key) else { return nil }
        guard case .string(let text) = value, !text.isEmpty else { throw wrong(key, expected: "a text") }
        return text
    }

    /// A text that is one of a few, for which a near miss is suggested.
    package func choice(_ key: String, of names: [String]) throws -> String? {
        guard let text = try string(key) else { return nil }
        guard names.contains(text) else {
            let near = nearMiss(of: text, in: names).map { " (did you mean '\($0)'?)" } ?? ""
            throw wrong(key, expected: names.joined(separator: " or ") + near)
        }
        return text
    }

    /// True or false.
    package func bool(_ key: String) throws -> Bool? {
        guard let value = value(key) else { return nil }
        guard case .bool(let flag) = value else { throw wrong(key, expected: "true or false") }
        return flag
    }

    /// A whole number in a range.
    package func integer(_ key: String, in range: ClosedRange<Int>) throws -> Int? {
        guard let value = value(key) else { return nil }
        guard case .integer(let number) = value, range.contains(number) else {
            throw wrong(key, expected: "a whole number " + rangeText(range.lowerBound, range.upperBound))
        }
        return number
    }

    /// A number, whole or not, that meets a condition.
    package func number(
        _ key: String, _ expected: String, where isValid: (Double) -> Bool
    ) throws -> Double? {
        guard let value = value(key) else { return nil }
        guard let number = value.double, isValid(number) else { throw wrong(key, expected: expected) }
        return number
    }

    /// A list of numbers that meet a condition.
    package func numbers(
        _ key: String, _ expected: String, where isValid: ([Double]) -> Bool
    ) throws -> [Double]? {
        guard let value = value(key) else { return nil }
        guard case .list(let values) = value else { throw wrong(key, expected: expected) }
        let numbers = values.compactMap(\.double)
        guard numbers.count == values.count, isValid(numbers) else {
            throw RecipeError.wrongValue(place(of: key), found: value.json.printable, expected: expected)
        }
        return numbers
    }

    /// A list of whole numbers that meet a condition.
    package func integers(
        _ key: String, _ expected: String, where isValid: ([Int]) -> Bool
    ) throws -> [Int]? {
        guard let value = value(key) else { return nil }
        guard case .list(let values) = value else { throw wrong(key, expected: expected) }
        let numbers = values.compactMap { value -> Int? in
            if case .integer(let number) = value { number } else { nil }
        }
        guard numbers.count == values.count, isValid(numbers) else {
            throw RecipeError.wrongValue(place(of: key), found: value.json.printable, expected: expected)
        }
        return numbers
    }

    private func rangeText(_ low: Int, _ high: Int) -> String {
        high == Int.max ? "of at least \(low)" : "from \(low) to \(high)"
    }
}

extension RecipeValue {
    /// A number, whole or not; nil for everything else.
    fileprivate var double: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }
}
