/// Runs a pickle's instructions on data alone: nothing is imported, called or instantiated.
///
/// Containers are nodes in one array and refer to each other by index, for a pickle may build a list inside
/// itself, or a million deep. One limit on the number of instructions, and on that of items they copy, bounds time and
/// memory.
struct Unpickler {
    /// What the stack, the memo and the containers hold.
    enum Operand {
        case none
        case bool(Bool)
        case integer(Int)
        case float(Double)
        case string(String)
        case bytes([UInt8])
        case global(PickleGlobal)
        /// An index into `nodes`.
        case node(Int)
    }

    /// A value that has an identity.
    struct Node {
        enum Kind {
            case list
            case tuple
            /// Keys and values take turns.
            case dictionary(isOrdered: Bool)
            case storage(StorageReference)
            case tensor(TensorView)
        }

        let kind: Kind
        var items: [Operand] = []
    }

    /// A checkpoint of LIIF has about 35 instructions per tensor.
    static let maximumInstructions = 2_000_000

    let file: String
    let bytes: [UInt8]
    var position: Int
    /// Where the instruction that runs begins.
    private(set) var instructionStart = 0
    private(set) var nodes: [Node] = []
    private var stack: [Operand] = []
    /// Heights of the stack where MARKs lie.
    private var marks: [Int] = []
    private var memo: [Int: Operand] = [:]
    /// Items that calls may still copy.
    private var copiesLeft = Self.maximumInstructions

    init(_ bytes: [UInt8], at position: Int = 0, file: String) {
        self.bytes = bytes
        self.position = position
        self.file = file
    }

    /// Runs up to STOP and returns the pickle's value; `position` is then behind it.
    /// - Throws: `TensorFileError.malformedCheckpoint` or `.forbiddenGlobal`.
    mutating func run() throws -> Operand {
        for _ in 0..<Self.maximumInstructions {
            instructionStart = position
            let byte = try readByte()
            guard let opcode = Opcode(rawValue: byte) else {
                let hexadecimal = String(byte, radix: 16)
                throw failure("its pickle has the instruction 0x\(hexadecimal), which no checkpoint needs,")
            }
            if opcode == .stop { return try pop() }
            try execute(opcode)
        }
        throw failure("its pickle has more than \(Self.maximumInstructions) instructions")
    }

    /// An error that ends with the place in the pickle.
    func failure(_ reason: String) -> TensorFileError {
        .malformedCheckpoint(file: file, reason: "\(reason) at byte \(instructionStart) of its pickle")
    }

    private mutating func execute(_ opcode: Opcode) throws {
        switch opcode {
        case .proto:
            let version = try readByte()
            guard (2...5).contains(version) else { throw failure("unknown protocol \(version)") }
        case .frame: _ = try readBytes(8)
        case .stop: break
        case .mark: marks.append(stack.count)
        case .pop: _ = try pop()
        case .popMark: _ = try popToMark()
        case .duplicate: stack.append(try top())

        case .none: stack.append(.none)
        case .newTrue: stack.append(.bool(true))
        case .newFalse: stack.append(.bool(false))
        case .int4: stack.append(.integer(Int(Int32(truncatingIfNeeded: try readUnsigned(4)))))
        case .int1: stack.append(.integer(try readUnsigned(1)))
        case .int2: stack.append(.integer(try readUnsigned(2)))
        case .long1: stack.append(.integer(try readLong(length: readUnsigned(1))))
        case .long4: stack.append(.integer(try readLong(length: readUnsigned(4))))
        case .float: stack.append(.float(try readFloat()))
        case .unicode4, .string4: stack.append(.string(try readString(length: readUnsigned(4))))
        case .unicode1, .string1: stack.append(.string(try readString(length: readUnsigned(1))))
        case .unicode8: stack.append(.string(try readString(length: readUnsigned(8))))
        case .bytes4: stack.append(.bytes(Array(try readBytes(readUnsigned(4)))))
        case .bytes1: stack.append(.bytes(Array(try readBytes(readUnsigned(1)))))
        case .bytes8: stack.append(.bytes(Array(try readBytes(readUnsigned(8)))))

        case .emptyList: push(.list)
        case .append: try append([pop()])
        case .appends: try append(popToMark())
        case .emptyTuple: push(.tuple)
        case .tuple: push(.tuple, items: try popToMark())
        case .tuple1: push(.tuple, items: try pop(1))
        case .tuple2: push(.tuple, items: try pop(2))
        case .tuple3: push(.tuple, items: try pop(3))
        case .emptyDictionary: push(.dictionary(isOrdered: false))
        case .setItem: try setItems(pop(2))
        case .setItems: try setItems(popToMark())

        case .put1: memo[try readUnsigned(1)] = try top()
        case .put4: memo[try readUnsigned(4)] = try top()
        case .memoize: memo[memo.count] = try top()
        case .get1: stack.append(try recall(readUnsigned(1)))
        case .get4: stack.append(try recall(readUnsigned(4)))

        case .global:
            let module = try readLine()
            stack.append(.global(try global(module: module, name: readLine())))
        case .stackGlobal:
            let names = try pop(2)
            guard case .string(let module) = names[0], case .string(let name) = names[1] else {
                throw failure("a global without a name")
            }
            stack.append(.global(try global(module: module, name: name)))
        case .instance:
            let module = try readLine()
            _ = try global(module: module, name: readLine())
            throw failure("an instance of a class")
        case .reduce:
            let operands = try pop(2)
            stack.append(try reduce(operands[0], arguments: operands[1]))
        case .build:
            let state = try pop()
            try build(top(), state: state)
        case .persistentID: push(.storage(try storage(pop())))
        }
    }
}

// MARK: - Stack, memo and containers

extension Unpickler {
    /// What a tuple or list holds.
    func items(_ operand: Operand) -> [Operand]? {
        guard case .node(let index) = operand else { return nil }
        switch nodes[index].kind {
        case .list, .tuple: return nodes[index].items
        default: return nil
        }
    }

    /// Adds a container to `nodes`.
    mutating func makeNode(_ kind: Node.Kind, items: [Operand] = []) -> Operand {
        nodes.append(Node(kind: kind, items: items))
        return .node(nodes.count - 1)
    }

    /// Notes that a call copies items, before it does: each call may copy the same long list.
    mutating func count(copies: Int) throws {
        copiesLeft -= copies
        guard copiesLeft >= 0 else {
            throw failure("more than \(Self.maximumInstructions) items are copied")
        }
    }

    private mutating func push(_ kind: Node.Kind, items: [Operand] = []) {
        stack.append(makeNode(kind, items: items))
    }

    private func top() throws -> Operand {
        guard stack.count > marks.last ?? 0 else { throw failure("nothing is on the stack") }
        return stack[stack.count - 1]
    }

    private mutating func pop() throws -> Operand {
        let operand = try top()
        stack.removeLast()
        return operand
    }

    private mutating func pop(_ count: Int) throws -> [Operand] {
        guard stack.count - count >= marks.last ?? 0 else { throw failure("too little is on the stack") }
        let operands = Array(stack.suffix(count))
        stack.removeLast(count)
        return operands
    }

    private mutating func popToMark() throws -> [Operand] {
        guard let mark = marks.popLast() else { throw failure("no mark is on the stack") }
        let operands = Array(stack[mark...])
        stack.removeSubrange(mark...)
        return operands
    }

    private func recall(_ index: Int) throws -> Operand {
        guard let operand = memo[index] else { throw failure("nothing was memorised as \(index)") }
        return operand
    }

    private mutating func append(_ items: [Operand]) throws {
        guard case .node(let index) = try top(), case .list = nodes[index].kind else {
            throw failure("an element is appended to what is no list")
        }
        nodes[index].items.append(contentsOf: items)
    }

    private mutating func setItems(_ items: [Operand]) throws {
        guard case .node(let index) = try top(), case .dictionary = nodes[index].kind else {
            throw failure("an item is set in what is no dictionary")
        }
        guard items.count.isMultiple(of: 2) else { throw failure("a key has no value") }
        nodes[index].items.append(contentsOf: items)
    }
}
