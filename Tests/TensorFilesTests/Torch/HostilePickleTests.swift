import TensorFiles
import Tensors
import TestSupport
import Testing

/// Pickles made to run code, or to exhaust the reader.
@Suite struct HostilePickleTests {
    static let forbidden: [(pickle: [UInt8], global: String)] = [
        (pickle(text("cos\nsystem\n("), unicode("id"), text("tR")), "os.system"),
        (pickle(text("cposix\nsystem\n0N")), "posix.system"),
        (pickle(text("cbuiltins\neval\n("), unicode("1"), text("tR")), "builtins.eval"),
        (pickle(text("c__builtin__\nexec\n)R")), "__builtin__.exec"),
        (pickle(unicode("os"), unicode("system"), [0x93]), "os.system"),
        (pickle(unicode("os\u{1B}[2J\n"), unicode("system"), [0x93]), #"os\u{1b}[2J\n.system"#),
        (pickle(text("("), unicode("id"), text("ios\nsystem\n")), "os.system"),
        (pickle(text("}("), unicode("model"), text("](csubprocess\nPopen\n)Reu")), "subprocess.Popen"),
        (pickle(text("ctorch._utils\n_rebuild_tensor_v3\n")), "torch._utils._rebuild_tensor_v3"),
        (pickle(text("ctorch._utils\nos.system\n")), "torch._utils.os.system"),
        (pickle(text("ctorch.storage\n_load_from_bytes\n")), "torch.storage._load_from_bytes"),
        (pickle(text("ccollections\n OrderedDict\n")), "collections. OrderedDict"),
        (pickle(text("ccollections\nOrderedDict\r\n")), #"collections.OrderedDict\r"#),
        (pickle(text("cnumpy.core.multiarray\nscalar\n")), "numpy.core.multiarray.scalar"),
    ]

    @Test(arguments: forbidden) func refusesToRun(pickle: [UInt8], global: String) {
        #expect(
            throws: TensorFileError.forbiddenGlobal(file: "model.pth", global: global)
        ) { try readPickle(pickle) }
        #expect(refusal(ofPickle: pickle)?.hasPrefix("model.pth: refuses to run \(global): ") == true)
    }

    static let malformed: [(pickle: [UInt8], evidence: String)] = [
        ([], "the pickle ends too early at byte 0"),
        (pickle(), "nothing is on the stack at byte 2"),
        (pickle([0xFF]), "the instruction 0xff, which no checkpoint needs, at byte 2"),
        (pickle(text("I1\n")), "the instruction 0x49"),
        (pickle(text(")"), [0x81]), "the instruction 0x81"),
        (pickle(text("o")), "the instruction 0x6f"),
        (pickle([0x82, 1]), "the instruction 0x82"),
        ([0x80, 6, 0x4E, 0x2E], "unknown protocol 6"),
        (pickle(text("N")) + [0], "bytes follow the end"),
        (pickle(text("X"), [0xFF, 0xFF, 0xFF, 0xFF]), "4294967295 bytes are announced, but 1 are left"),
        (pickle([0x8D], [UInt8](repeating: 0xFF, count: 8)), "bytes are announced"),
        (pickle([0x8E], number(UInt64(1) << 62)), "bytes are announced"),
        (pickle([0x8B], number(Int32(-1))), "4294967295 bytes are announced"),
        (pickle([0x8A, 9], number(Int64.max), [1]), "an integer of 9 bytes does not fit 64 bits"),
        (pickle([0x8A, 9], number(Int64.min), [0]), "an integer of 9 bytes does not fit 64 bits"),
        (pickle(text("U\u{2}"), [0xC3, 0x28]), "a string is not UTF-8"),
        (pickle(text("cos")), "the name of a global does not end"),
        (pickle(text("h\u{5}")), "nothing was memorised as 5"),
        (pickle(text("t")), "no mark is on the stack"),
        (pickle(text("N(0")), "nothing is on the stack"),
        (pickle(text("N("), [0x85]), "too little is on the stack"),
        (pickle(text("NNa")), "an element is appended to what is no list"),
        (pickle(text("]NNs")), "an item is set in what is no dictionary"),
        (pickle(text("}(Nu")), "a key has no value"),
        (pickle(text("N)R")), "a call of what is no function"),
        (pickle(text("ccollections\nOrderedDict\nNR")), "a call of what is no function"),
        (pickle(text("ccollections\nOrderedDict\n(NtR")), "an OrderedDict of what are no pairs"),
        (pickle(text("ccollections\nOrderedDict\n(](Net"), text("R")), "an OrderedDict of what are no pairs"),
        (pickle(text("ctorch\nFloatStorage\n)R")), "a storage without a persistent name"),
        (pickle(text("ctorch\nFloatStorage\n")), "holds a class where a value should be"),
        (pickle(text("}}b")), "attributes are set on what is no OrderedDict"),
        (pickle(text("ccollections\nOrderedDict\n)RNb")), "attributes are set on what is no OrderedDict"),
        (pickle(text("}NNs")), "a key that is neither a string nor an integer"),
        // Used a million times, a key of megabytes is hashed for hours.
        (
            pickle(text("}"), unicode(String(repeating: "k", count: 4097)), text("Ns")),
            "a key of 4097 bytes; at most 4096 are read"
        ),
        (pickle(text("NQ")), "a storage is described in an unknown way"),
        (
            pickle(tensor(key: String(repeating: "1", count: 257), count: 1, shape: [1], strides: [1])),
            "a storage is described in an unknown way"
        ),
        (pickle(text("(ios\n")), "the name of a global does not end"),
        (pickle(text("(icollections\nOrderedDict\n")), "an instance of a class"),
        (pickle(text("ctorch._utils\n_rebuild_parameter\n(NtR")), "a parameter without a tensor"),
        (
            pickle(text("ctorch._utils\n_rebuild_tensor_v2\n(NK\u{0}))tR")),
            "a tensor is described in an unknown way"
        ),
    ]

    @Test(arguments: malformed) func refusesAsMalformed(pickle: [UInt8], evidence: String) {
        let words = refusal(ofPickle: pickle)
        #expect(words?.contains(evidence) == true, "\(words ?? "it was read")")
    }

    static let views: [(pickle: [UInt8], evidence: String)] = [
        (pickle(tensor(count: 4, shape: [5], strides: [1])), "leaves its storage of 4 elements"),
        (pickle(tensor(count: 4, offset: 1, shape: [4], strides: [1])), "leaves its storage of 4 elements"),
        (pickle(tensor(count: 4, shape: [2, 2], strides: [3, 1])), "leaves its storage of 4 elements"),
        (pickle(tensor(count: 4, offset: -1, shape: [1], strides: [1])), "offset -1 cannot be"),
        (
            pickle(tensor(count: 4, offset: 3, shape: [2], strides: [-1])),
            "strides [-1] and offset 3 cannot be"
        ),
        (pickle(tensor(count: 4, shape: [-1], strides: [1])), "shape [-1]"),
        (pickle(tensor(count: 4, shape: [1], strides: [])), "cannot be"),
        (
            pickle(
                tensor(count: 4, shape: [2_147_483_647, 2_147_483_647, 2_147_483_647], strides: [0, 0, 0])),
            "cannot be"
        ),
        (
            pickle(tensor(count: 4, shape: [2_147_483_647, 2_147_483_647], strides: [0, 0])),
            "more than eight times the bytes of the file"
        ),
        (
            pickle(
                tensor(
                    count: 4, shape: [0, 2_147_483_647, 2_147_483_647, 2_147_483_647], strides: [0, 0, 0, 0])),
            "cannot be"
        ),
        (
            pickle(tensor(count: 5, shape: [1], strides: [1])),
            "has 16 bytes, but should hold 5 elements of 4 bytes"
        ),
        (pickle(tensor(storage: "HalfStorage", count: 4, shape: [1], strides: [1])), "elements of 2 bytes"),
        (pickle(tensor(count: -4, shape: [1], strides: [1])), "a storage is described in an unknown way"),
        (
            pickle(
                text("("), unicode("storage"), text("ctorch\nFloatStorage\n"), unicode("0"), unicode("cpu"),
                integer(4), text("tQ")),
            "a bare storage"
        ),
    ]

    @Test(arguments: views) func refusesViewsOutsideTheirStorage(pickle: [UInt8], evidence: String) {
        let words = refusal(ofPickle: pickle, storages: ["0": [UInt8](repeating: 0, count: 16)])
        #expect(words?.contains(evidence) == true, "\(words ?? "it was read")")
    }

    @Test func refusesATensorWithoutItsStorage() throws {
        let sound = pickle(tensor(count: 1, shape: [], strides: []))
        #expect(refusal(ofPickle: sound)?.contains("\"m/data/0\", which the archive does not hold") == true)
        #expect(try readPickle(sound, storages: ["0": number(Float(1.5).bitPattern)]).tensor?.values == [1.5])
        let steering = pickle(tensor(key: "\u{1B}[2J\u{9B}\u{202E}", count: 1, shape: [], strides: []))
        #expect(
            refusal(ofPickle: steering)?.contains(#"a tensor needs "m/data/\u{1b}[2J\u{9b}\u{202e}", which"#)
                == true)
    }

    static let copying: [(callable: String, items: Int)] = [
        ("ccollections\nOrderedDict\n", 2), ("ctorch\nSize\n", 1),
    ]

    /// A list of a thousand pairs, copied by each of a few thousand calls: gigabytes, were the calls a million.
    @Test(arguments: copying) func copiesAreLimited(callable: String, items: Int) {
        let pairs = (0..<1000).flatMap { _ in text("h\u{0}") }
        let list = text("NN") + [0x86] + text("q\u{0}0](") + pairs + text("eq\u{1}0\(callable)q\u{2}0")
        let call = text("h\u{2}h\u{1}") + [0x85] + text("R0")
        func calls(_ count: Int) -> [UInt8] {
            pickle(list, [[UInt8]](repeating: call, count: count).flatMap { $0 }, text("N"))
        }
        #expect(refusal(ofPickle: calls(2000 / items)) == nil)
        let words = refusal(ofPickle: calls(2000 / items + 1))
        #expect(words?.contains("more than 2000000 items are copied at byte") == true)
    }

    @Test func depthSharingAndCyclesAreLimited() {
        let deep = [UInt8](repeating: UInt8(ascii: "]"), count: 900_000)
        #expect(
            refusal(ofPickle: pickle(deep, [UInt8](repeating: UInt8(ascii: "a"), count: 899_999)))?
                .contains("nested more than 64 deep") == true)
        #expect(
            refusal(ofPickle: pickle(text("]q\u{0}h\u{0}a")))?.contains("nested more than 64 deep") == true)
        // Each list holds the one before twice: 2³⁰ values from 120 bytes.
        var laughs = text("]q\u{0}")
        for i in UInt8(1)...30 { laughs += text("](h") + [i - 1] + text("h") + [i - 1] + text("eq") + [i] }
        #expect(refusal(ofPickle: pickle(laughs))?.contains("more than 1000000 values") == true)
        let endless = [UInt8](repeating: UInt8(ascii: "N"), count: 3_000_000)
        #expect(refusal(ofPickle: pickle(endless))?.contains("more than 2000000 instructions") == true)
        let marks = [UInt8](repeating: UInt8(ascii: "("), count: 1_500_000)
        #expect(refusal(ofPickle: pickle(marks))?.contains("nothing is on the stack") == true)
    }
}
