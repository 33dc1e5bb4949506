import Files

/// The format of PyTorch 0.2 to 1.5 (`_use_new_zipfile_serialization=False`): five pickles one after the other
/// (a magic number, a version, the machine's description, the saved value, the storages' keys), then every
/// storage as a 64-bit number of elements and the elements.
extension TorchCheckpoint {
    /// The first pickle but for what tells its protocol: the number 0x1950A86A20F9469CFC6C.
    private static let legacyMagic: [UInt8] = [
        0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E,
    ]

    /// Bytes of the first pickle, whatever its protocol; nil where a file that begins so is of another kind.
    static func legacyMagicLength(_ start: [UInt8]) -> Int? {
        guard start.first == Opcode.proto.rawValue else { return nil }
        // From protocol 4 on it lies in a frame.
        let head = start.dropFirst(2).first == Opcode.frame.rawValue ? 11 : 2
        return start.dropFirst(head).starts(with: legacyMagic) ? head + legacyMagic.count : nil
    }

    /// - Parameter start: The length of the first pickle.
    static func readLegacy(_ source: some ByteSource, from start: Int) throws -> PickleValue {
        let file = source.name
        // The pickles' sizes are written nowhere.
        let head = try source.bytes(0..<min(source.count, maximumPickleSize))
        var position = start
        func next() throws -> (root: Unpickler.Operand, machine: Unpickler) {
            var machine = Unpickler(head, at: position, file: file)
            let root = try machine.run()
            position = machine.position
            return (root, machine)
        }
        guard case (.integer(1001), _) = try next() else {
            throw TensorFileError.unsupported(
                file: file, what: "a checkpoint of an unknown version",
                remedy: "load and save it again with PyTorch 1.6 or later")
        }
        try checkByteOrder(next(), file: file)
        let (root, machine) = try next()
        let (keyList, keyMachine) = try next()
        let starts = try legacyStorages(
            keys: keyMachine.items(keyList) ?? [], of: machine.nodes, from: position, in: source)
        var builder = PickleTreeBuilder(nodes: machine.nodes, source: source) { storage in
            guard let found = starts[storage.key], found.reference == storage else {
                throw TensorFileError.malformedCheckpoint(
                    file: file,
                    reason:
                        "a tensor needs the storage \(storage.key.printable), which the file does not hold")
            }
            return found.start
        }
        return try builder.value(root)
    }

    private static func checkByteOrder(
        _ system: (root: Unpickler.Operand, machine: Unpickler), file: String
    ) throws {
        guard case .node(let index) = system.root, case .dictionary = system.machine.nodes[index].kind else {
            throw system.machine.failure("the description of a machine is expected")
        }
        let items = system.machine.nodes[index].items
        for i in stride(from: 0, to: items.count, by: 2) {
            guard case .string("little_endian") = items[i], case .bool(false) = items[i + 1] else { continue }
            throw TensorFileError.unsupported(
                file: file, what: "a big-endian checkpoint",
                remedy: "load and save it again on a little-endian machine")
        }
    }

    /// Where the elements of every storage begin. Their type is known only from the tensors that use them.
    private static func legacyStorages(
        keys: [Unpickler.Operand], of nodes: [Unpickler.Node], from start: Int, in source: some ByteSource
    ) throws -> [String: (reference: StorageReference, start: Int)] {
        func failure(_ reason: String) -> TensorFileError {
            .malformedCheckpoint(file: source.name, reason: reason)
        }
        var references: [String: StorageReference] = [:]
        for node in nodes {
            if case .storage(let reference) = node.kind { references[reference.key] = reference }
        }
        var storages: [String: (reference: StorageReference, start: Int)] = [:]
        var position = start
        for key in keys {
            guard case .string(let key) = key, let reference = references[key], storages[key] == nil else {
                throw failure("its list of storages does not fit its tensors")
            }
            guard source.count - position >= 8 else {
                throw failure("it ends before the storage \(key.printable)")
            }
            let count = try source.bytes(position..<position + 8).withUnsafeBytes {
                Int(Int64(littleEndian: $0.loadUnaligned(as: Int64.self)))
            }
            let (size, overflow) = count.multipliedReportingOverflow(by: reference.elementType.byteCount)
            guard count == reference.count, !overflow, size <= source.count - position - 8 else {
                throw failure(
                    "the storage \(key.printable) has \(count) elements where \(reference.count) are expected, "
                        + "and \(source.count - position - 8) bytes are left")
            }
            storages[key] = (reference, position + 8)
            position += 8 + size
        }
        guard position == source.count else {
            throw failure("\(source.count - position) bytes follow the last storage")
        }
        return storages
    }
}
