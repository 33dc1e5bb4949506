import Files

/// What the known classes and functions mean, without calling them.
extension Unpickler {
    func global(module: String, name: String) throws -> PickleGlobal {
        guard let global = PickleGlobal(module: module, name: name) else {
            throw TensorFileError.forbiddenGlobal(file: file, global: "\(module).\(name)".printable)
        }
        return global
    }

    /// REDUCE: what `callable(*arguments)` stands for.
    mutating func reduce(_ callable: Operand, arguments: Operand) throws -> Operand {
        guard case .global(let global) = callable, let arguments = items(arguments) else {
            throw failure("a call of what is no function")
        }
        switch global {
        case .orderedDictionary: return try orderedDictionary(arguments)
        case .rebuildTensor: return makeNode(.tensor(try tensorView(arguments)))
        case .rebuildParameter:
            guard let first = arguments.first, case .node(let index) = first, case .tensor = nodes[index].kind
            else { throw failure("a parameter without a tensor") }
            return first
        case .size:
            guard arguments.count == 1, let extents = items(arguments[0]) else {
                throw failure("a torch.Size without extents")
            }
            try count(copies: extents.count)
            return makeNode(.tuple, items: extents)
        case .storage: throw failure("a storage without a persistent name")
        }
    }

    /// BUILD: a state dictionary carries attributes (module versions in `_metadata`), which nothing here needs.
    func build(_ target: Operand, state: Operand) throws {
        guard case .node(let index) = target, case .dictionary(isOrdered: true) = nodes[index].kind,
            case .node(let stateIndex) = state, case .dictionary = nodes[stateIndex].kind
        else { throw failure("attributes are set on what is no OrderedDict") }
    }

    /// BINPERSID: ('storage', class, key, location, element count[, view]). Keys are numbers of a few digits; each tensor looks
    /// its own up, so a long one would cost hours.
    func storage(_ identifier: Operand) throws -> StorageReference {
        guard let fields = items(identifier), (5...6).contains(fields.count),
            case .string("storage") = fields[0],
            case .global(.storage(let elementType)) = fields[1],
            case .string(let key) = fields[2], key.utf8.count <= 256,
            case .string = fields[3],
            case .integer(let count) = fields[4], count >= 0
        else { throw failure("a storage is described in an unknown way") }
        if fields.count == 6 {
            guard case .none = fields[5] else { throw failure("a view of a storage (PyTorch 0.1)") }
        }
        return StorageReference(elementType: elementType, key: key, count: count)
    }

    private mutating func orderedDictionary(_ arguments: [Operand]) throws -> Operand {
        var flat: [Operand] = []
        if let first = arguments.first {
            guard arguments.count == 1, let pairs = items(first) else {
                throw failure("an OrderedDict of what are no pairs")
            }
            try count(copies: 2 * pairs.count)
            for pair in pairs {
                guard let pair = items(pair), pair.count == 2 else {
                    throw failure("an OrderedDict of what are no pairs")
                }
                flat += pair
            }
        }
        return makeNode(.dictionary(isOrdered: true), items: flat)
    }

    private mutating func tensorView(_ arguments: [Operand]) throws -> TensorView {
        guard arguments.count >= 4, case .node(let index) = arguments[0],
            case .storage(let storage) = nodes[index].kind, case .integer(let offset) = arguments[1],
            let shape = try integers(arguments[2]), let strides = try integers(arguments[3])
        else { throw failure("a tensor is described in an unknown way") }
        // The seventh says what PyTorch does to the elements wherever they are used.
        if arguments.count > 6, case .node(let metadata) = arguments[6], !nodes[metadata].items.isEmpty {
            throw failure("a tensor whose elements are to be negated or conjugated")
        }
        do {
            return try TensorView(storage: storage, offset: offset, shape: shape, strides: strides)
        } catch let problem as TensorView.Failure {
            throw failure(problem.reason)
        }
    }

    private mutating func integers(_ operand: Operand) throws -> [Int]? {
        guard let items = items(operand) else { return nil }
        try count(copies: items.count)
        let integers = items.compactMap { if case .integer(let value) = $0 { value } else { nil } }
        return integers.count == items.count ? integers : nil
    }
}
