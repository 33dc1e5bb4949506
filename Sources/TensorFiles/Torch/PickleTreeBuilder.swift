/// Turns what an `Unpickler` built into a tree of values, and reads the tensors that the tree holds.
///
/// A pickle may share a list a million times, or hold a list that holds itself: depth, the number of values
/// and the bytes of all tensors are limited, and the length of keys, for each use of a key hashes all of it.
struct PickleTreeBuilder<Source: ByteSource> {
    static var maximumDepth: Int { 64 }
    static var maximumValues: Int { 1_000_000 }
    static var maximumKeyLength: Int { 4096 }

    let nodes: [Unpickler.Node]
    let source: Source
    /// Finds where a storage's bytes begin, after checking that as many as it needs are there.
    let locate: (StorageReference) throws -> Int
    private var valuesLeft = Self.maximumValues
    private var tensorBytesLeft: Int
    private var tensors: [Int: StoredTensor] = [:]

    init(nodes: [Unpickler.Node], source: Source, locate: @escaping (StorageReference) throws -> Int) {
        self.nodes = nodes
        self.source = source
        self.locate = locate
        tensorBytesLeft = 8 * source.count
    }

    mutating func value(_ operand: Unpickler.Operand, depth: Int = 0) throws -> PickleValue {
        valuesLeft -= 1
        guard valuesLeft >= 0 else { throw failure("it holds more than \(Self.maximumValues) values") }
        switch operand {
        case .none: return .none
        case .bool(let value): return .bool(value)
        case .integer(let value): return .integer(value)
        case .float(let value): return .float(value)
        case .string(let value): return .string(value)
        case .bytes(let value): return .bytes(value)
        case .global: throw failure("it holds a class where a value should be")
        case .node(let index): return try value(ofNode: index, depth: depth + 1)
        }
    }

    private mutating func value(ofNode index: Int, depth: Int) throws -> PickleValue {
        guard depth <= Self.maximumDepth else {
            throw failure("its values are nested more than \(Self.maximumDepth) deep")
        }
        let node = nodes[index]
        switch node.kind {
        case .list: return .list(try node.items.map { try value($0, depth: depth) })
        case .tuple: return .tuple(try node.items.map { try value($0, depth: depth) })
        case .dictionary(let isOrdered):
            var dictionary = PickleDictionary(isOrdered: isOrdered)
            for i in stride(from: 0, to: node.items.count, by: 2) {
                let key = try key(node.items[i])
                dictionary[key] = try value(node.items[i + 1], depth: depth)
            }
            return .dictionary(dictionary)
        case .storage: throw failure("it holds a bare storage where a tensor should be")
        case .tensor(let view): return .tensor(try tensor(view, node: index))
        }
    }

    private func key(_ operand: Unpickler.Operand) throws -> PickleDictionary.Key {
        switch operand {
        case .string(let name):
            guard name.utf8.count <= Self.maximumKeyLength else {
                throw failure(
                    "a dictionary has a key of \(name.utf8.count) bytes; at most \(Self.maximumKeyLength) are read"
                )
            }
            return .string(name)
        case .integer(let number): return .integer(number)
        default: throw failure("a dictionary has a key that is neither a string nor an integer")
        }
    }

    private mutating func tensor(_ view: TensorView, node: Int) throws -> StoredTensor {
        if let known = tensors[node] { return known }
        let (size, overflow) = max(view.count, view.span.count).multipliedReportingOverflow(
            by: view.storage.elementType.byteCount)
        guard !overflow, size <= tensorBytesLeft else {
            throw failure("its tensors take more than eight times the bytes of the file")
        }
        tensorBytesLeft -= size
        let tensor = try view.read(from: source, at: locate(view.storage))
        tensors[node] = tensor
        return tensor
    }

    private func failure(_ reason: String) -> TensorFileError {
        .malformedCheckpoint(file: source.name, reason: reason)
    }
}
