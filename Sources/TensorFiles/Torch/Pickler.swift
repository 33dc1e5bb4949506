/// Writes a value as a pickle of protocol 2, in the instructions that `torch.load(weights_only=True)` allows.
/// The same value gives the same bytes.
///
/// PyTorch 1.13 does not yet allow floats there, later versions do; byte strings none does.
struct Pickler {
    /// The pickle, whole when `write` is done.
    private(set) var bytes: [UInt8] = [Opcode.proto.rawValue, 2]
    /// Every tensor that was met; its place is its storage's key.
    private(set) var tensors: [StoredTensor] = []

    /// A pickle of one value.
    init(_ value: PickleValue) {
        append(value)
        emit(.stop)
    }

    private mutating func append(_ value: PickleValue) {
        switch value {
        case .none: emit(.none)
        case .bool(let flag): emit(flag ? .newTrue : .newFalse)
        case .integer(let number): append(number)
        case .float(let number):
            emit(.float)
            // The one big-endian number of the format.
            bytes += withUnsafeBytes(of: number.bitPattern.bigEndian) { Array($0) }
        case .string(let text): append(text)
        case .bytes(let data):
            emit(.bytes4)
            append32(data.count)
            bytes += data
        case .list(let values):
            emit(.emptyList)
            append(values, closedBy: .appends)
        case .tuple(let values): append(tuple: values)
        case .dictionary(let dictionary): append(dictionary)
        case .tensor(let tensor): append(tensor)
        }
    }

    private mutating func emit(_ opcode: Opcode) { bytes.append(opcode.rawValue) }

    private mutating func append32(_ value: Int) {
        bytes += withUnsafeBytes(of: UInt32(value).littleEndian) { Array($0) }
    }

    private mutating func append(_ number: Int) {
        if let small = UInt8(exactly: number) {
            emit(.int1)
            bytes.append(small)
        } else if let medium = Int32(exactly: number) {
            emit(.int4)
            bytes += withUnsafeBytes(of: medium.littleEndian) { Array($0) }
        } else {
            emit(.long1)
            bytes.append(8)
            bytes += withUnsafeBytes(of: Int64(number).littleEndian) { Array($0) }
        }
    }

    private mutating func append(_ text: String) {
        emit(.unicode4)
        append32(text.utf8.count)
        bytes += text.utf8
    }

    private mutating func append(_ values: [PickleValue], closedBy last: Opcode) {
        emit(.mark)
        for value in values { append(value) }
        emit(last)
    }

    private mutating func append(tuple values: [PickleValue]) {
        if values.isEmpty { emit(.emptyTuple) } else { append(values, closedBy: .tuple) }
    }

    private mutating func append(_ dictionary: PickleDictionary) {
        if dictionary.isOrdered { appendOrderedDictionary() } else { emit(.emptyDictionary) }
        let flat = dictionary.entries.flatMap { key, value -> [PickleValue] in
            switch key {
            case .string(let name): [.string(name), value]
            case .integer(let number): [.integer(number), value]
            }
        }
        append(flat, closedBy: .setItems)
    }

    private mutating func appendOrderedDictionary() {
        append(.orderedDictionary)
        emit(.emptyTuple)
        emit(.reduce)
    }

    private mutating func append(_ global: PickleGlobal) {
        emit(.global)
        let (module, name) = global.qualifiedName
        bytes += "\(module)\n\(name)\n".utf8
    }

    /// `_rebuild_tensor_v2(storage, offset, shape, strides, requires_grad, backward_hooks)` over a storage of its
    /// own, `('storage', type, key, location, element count)`.
    private mutating func append(_ tensor: StoredTensor) {
        append(.rebuildTensor)
        emit(.mark)
        emit(.mark)
        append("storage")
        append(.storage(tensor.elementType))
        append("\(tensors.count)")
        append("cpu")
        append(tensor.shape.reduce(1, *))
        emit(.tuple)
        emit(.persistentID)
        append(0)
        append(tuple: tensor.shape.map { .integer($0) })
        append(tuple: rowMajorStrides(tensor.shape).map { .integer($0) })
        emit(.newFalse)
        appendOrderedDictionary()
        emit(.tuple)
        emit(.reduce)
        tensors.append(tensor)
    }
}

/// Distances between neighbours along every axis, in elements.
private func rowMajorStrides(_ shape: [Int]) -> [Int] {
    var strides = [Int](repeating: 1, count: shape.count)
    for axis in shape.indices.dropLast().reversed() {
        strides[axis] = strides[axis + 1] * max(1, shape[axis + 1])
    }
    return strides
}
