package import Tensors

/// What a pickle holds, as plain data: nothing in it can run.
package indirect enum PickleValue: Sendable, Equatable {
    case none
    case bool(Bool)
    case integer(Int)
    case float(Double)
    case string(String)
    case bytes([UInt8])
    case list([PickleValue])
    case tuple([PickleValue])
    /// `dict` or `OrderedDict`, in order of insertion.
    case dictionary(PickleDictionary)
    case tensor(StoredTensor)
}

extension PickleValue {
    /// The value under a name; nil when this is no dictionary or has no such name.
    package subscript(key: String) -> PickleValue? { dictionary?[.string(key)] }

    /// The element of a list or tuple, or the value under an integer in a dictionary.
    package subscript(index: Int) -> PickleValue? {
        if let elements { return elements.indices.contains(index) ? elements[index] : nil }
        return dictionary?[.integer(index)]
    }

    /// The truth value, nil for other kinds.
    package var bool: Bool? { if case .bool(let value) = self { value } else { nil } }

    /// The integer, nil for other kinds.
    package var integer: Int? { if case .integer(let value) = self { value } else { nil } }

    /// The integer or float, nil for other kinds.
    package var number: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .float(let value): value
        default: nil
        }
    }

    /// The string, nil for other kinds.
    package var string: String? { if case .string(let value) = self { value } else { nil } }

    /// What a list or tuple holds, nil for other kinds.
    package var elements: [PickleValue]? {
        switch self {
        case .list(let values), .tuple(let values): values
        default: nil
        }
    }

    /// The dictionary, nil for other kinds.
    package var dictionary: PickleDictionary? {
        if case .dictionary(let value) = self { value } else { nil }
    }

    /// The tensor as floats, nil for other kinds.
    package var tensor: Tensor? { if case .tensor(let value) = self { value.tensor } else { nil } }

    /// The tensors directly under a name of this dictionary, in its order: of a state dictionary, all.
    package var namedTensors: [(name: String, tensor: StoredTensor)] {
        dictionary?.entries.compactMap { key, value in
            guard case .string(let name) = key, case .tensor(let tensor) = value else { return nil }
            return (name, tensor)
        } ?? []
    }

    /// What Python calls this kind of value.
    package var kind: String {
        switch self {
        case .none: "None"
        case .bool: "bool"
        case .integer: "int"
        case .float: "float"
        case .string: "str"
        case .bytes: "bytes"
        case .list: "list"
        case .tuple: "tuple"
        case .dictionary: "dict"
        case .tensor: "tensor"
        }
    }
}

/// A dictionary that keeps the order of insertion, as Python's does.
package struct PickleDictionary: Sendable, Equatable {
    /// What a checkpoint names values by: parameters by strings, an optimizer's states by integers.
    package enum Key: Sendable, Hashable {
        case string(String)
        case integer(Int)
    }

    /// In order of first insertion.
    package private(set) var keys: [Key] = []
    private var values: [Key: PickleValue] = [:]

    /// Whether Python's type is `OrderedDict`, as that of `state_dict()`, rather than `dict`.
    package var isOrdered: Bool

    package init(isOrdered: Bool = false) { self.isOrdered = isOrdered }

    /// A `dict` of names.
    package init(_ entries: KeyValuePairs<String, PickleValue>) {
        self.init()
        for (name, value) in entries { self[.string(name)] = value }
    }

    /// All pairs in order.
    package var entries: [(key: Key, value: PickleValue)] {
        keys.compactMap { key in values[key].map { (key, $0) } }
    }

    /// A key that is set again keeps its place, as in Python; setting nil removes it.
    package subscript(key: Key) -> PickleValue? {
        get { values[key] }
        set {
            if let newValue {
                if values.updateValue(newValue, forKey: key) == nil { keys.append(key) }
            } else if values.removeValue(forKey: key) != nil {
                keys.removeAll { $0 == key }
            }
        }
    }
}
