import TensorFiles
import Tensors
import TestSupport
import Testing

/// The oracle is Python: `pickle.Pickler` wrote the checkpoints, numpy the values beside them.
@Suite struct TorchCheckpointTests {
    @Test(arguments: ["tiny.pth", "tiny-protocol-5.pth", "tiny-legacy.pth"])
    func everyTensorFollowsNumPy(name: String) throws {
        let checkpoint = try TorchCheckpoint.read(Fixtures.path(name))
        let expected = try SafetensorsFile(readingFrom: Fixtures.path("tiny.safetensors"))
        let state = try #require(checkpoint["model"]?["sd"])
        var tensors = Dictionary(uniqueKeysWithValues: state.namedTensors.map { ($0.name, $0.tensor) })
        #expect(tensors.count == state.dictionary?.keys.count)
        let states = try #require(checkpoint["optimizer"]?["sd"]?["state"])
        for i in 0..<2 {
            guard case .tensor(let tensor) = states[i]?["exp_avg"] else {
                Issue.record("no average of parameter \(i)")
                continue
            }
            tensors["exp_avg.\(i)"] = tensor
        }
        #expect(Set(tensors.keys) == Set(expected.names))
        for (name, tensor) in tensors {
            #expect(tensor.tensor == expected[name], "\(name)")
        }
        #expect(tensors["half"]?.elementType == .float16)
        #expect(tensors["brain"]?.elementType == .bfloat16)
        #expect(tensors["long"]?.integers == [1, 0, 1])
        #expect(tensors["channelsLast"]?.shape == [1, 2, 3, 4])
    }

    /// The dictionary is written out in Scripts/make-tensorfiles-fixtures.py.
    @Test(arguments: ["tiny.pth", "tiny-protocol-5.pth", "tiny-legacy.pth"])
    func everyValueFollowsPython(name: String) throws {
        let checkpoint = try TorchCheckpoint.read(Fixtures.path(name))
        #expect(
            checkpoint.dictionary?.keys.first == .string("model") && checkpoint["epoch"] == .integer(1000))
        #expect(checkpoint["model"]?["name"]?.string == "liif")
        let specification = try #require(checkpoint["model"]?["args"])
        #expect(specification["encoder_spec"]?["args"]?["no_upsampling"]?.bool == true)
        #expect(
            specification["imnet_spec"]?["args"]?["hidden_list"]?.elements?.map(\.integer)
                == [256, 256, 256, 256])
        let optimizer = try #require(checkpoint["optimizer"])
        #expect(optimizer["args"]?["lr"]?.number == 1e-4)
        #expect(optimizer["sd"]?["state"]?[0]?["step"]?.integer == 1000)
        #expect(optimizer["sd"]?["state"]?[1]?["step"]?.tensor == Tensor(shape: [], values: [70000]))
        let group = try #require(optimizer["sd"]?["param_groups"]?[0])
        #expect(group["betas"] == .tuple([.float(0.9), .float(0.999)]))
        #expect(group["foreach"] == PickleValue.none)
        #expect(group["amsgrad"] == .bool(false))
        #expect(group["params"] == .list([.integer(0), .integer(1)]))
        let numbers = try #require(checkpoint["numbers"]?.elements)
        #expect(
            numbers.prefix(9).map(\.integer) == [
                -1, 255, 256, 65535, 65536, -(1 << 31), 1 << 31, .min, .max,
            ])
        #expect(numbers.suffix(2).map(\.number) == [0.1, -1e300])
        #expect(checkpoint["long name"]?.string == String(repeating: "µ", count: 200))
        #expect(checkpoint["size"] == .tuple([.integer(48), .integer(64)]))
        #expect(checkpoint["names"]?.elements?.map(\.string) == (0..<400).map { "n\($0 % 200)" })
        #expect(
            checkpoint["nothing"]
                == .tuple(
                    (0..<5).map { n in .tuple((1...5).prefix(n).map { .integer($0) }) }
                        + [.list([]), .dictionary(PickleDictionary())]))
        #expect(checkpoint["absent"] == nil)
        #expect(checkpoint["numbers"]?[99] == nil)
        #expect(checkpoint["numbers"]?["model"] == nil)
    }

    @Test func theThreeFormatsHoldTheSame() throws {
        let zip = try TorchCheckpoint.read(Fixtures.path("tiny.pth"))
        #expect(try TorchCheckpoint.read(Fixtures.path("tiny-protocol-5.pth")) == zip)
        #expect(try TorchCheckpoint.read(Fixtures.path("tiny-legacy.pth")) == zip)
        #expect(try readCheckpoint(Fixtures.bytes("tiny.pth")) == zip)
    }

    /// `torch.save(…, pickle_protocol=4, _use_new_zipfile_serialization=False)`: each of the five pickles lies in a frame.
    @Test func theOldFormatInANewerProtocol() throws {
        func framed(_ body: [UInt8]) -> [UInt8] {
            [0x80, 4, 0x95] + number(UInt64(body.count + 1)) + body + [0x2E]
        }
        let magic: [UInt8] = [0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]
        let version: [UInt8] = [0x4D, 0xE9, 3]
        let machine: [UInt8] = text("}(") + unicode("little_endian") + [0x88] + text("u")
        let keys: [UInt8] = text("](") + unicode("0") + text("e")
        let value = tensor(count: 1, shape: [1], strides: [1])
        let pickles: [[UInt8]] = [magic, version, machine, value, keys]
        let storage: [UInt8] = number(Int64(1)) + number(Float(1.5).bitPattern)
        let bytes: [UInt8] = pickles.flatMap(framed) + storage
        #expect(try readCheckpoint(bytes).tensor == Tensor(shape: [1], values: [1.5]))
    }

    /// Python keeps a key's first place and its last value.
    @Test func aKeySetTwiceFollowsPython() throws {
        let value = try readPickle(
            pickle(
                text("}("), unicode("a"), integer(1), unicode("b"), integer(2), unicode("a"), integer(3),
                text("u")))
        #expect(value.dictionary?.keys == [.string("a"), .string("b")])
        #expect(value["a"] == .integer(3))
    }

    /// OrderedDict([["a", 1]]) as Python 2 wrote it, and a list that is memorised before it is filled.
    @Test func oldAndSharedContainersFollowPython() throws {
        let ordered = try readPickle(
            pickle(text("ccollections\nOrderedDict\n(]]("), unicode("a"), integer(1), text("eatR")))
        #expect(ordered["a"] == .integer(1))
        let shared = try readPickle(pickle(text("(]q\u{0}h\u{0}K\u{7}at")))
        #expect(shared == .tuple([.list([.integer(7)]), .list([.integer(7)])]))
    }

    /// PyTorch stores `z.conj().imag` as the elements of `z.imag`, and beside them that they are to be negated.
    @Test func elementsThatAreToBeNegatedAreNotTakenAsTheyAre() throws {
        let arguments = Array(tensor(count: 1, shape: [], strides: []).dropLast(2))
        let storages = ["0": number(Float(1.5).bitPattern)]
        let plain = pickle(arguments, text("}tR"))
        #expect(try readPickle(plain, storages: storages).tensor?.values == [1.5])
        let negated = pickle(arguments, text("}("), unicode("neg"), [0x88], text("utR"))
        #expect(
            refusal(ofPickle: negated, storages: storages)?.contains(
                "a tensor whose elements are to be negated or conjugated at byte") == true)
    }

    @Test func otherFilesAreToldApart() throws {
        #expect(
            refusal(of: [])?.contains("an empty file is not read; a checkpoint is what torch.save") == true)
        #expect(refusal(of: [0x80, 2, 0x4E, 0x2E])?.contains("a bare pickle is not read") == true)
        #expect(
            refusal(of: try Fixtures.bytes("float32.safetensors"))?.contains("looks like safetensors") == true
        )
        #expect(refusal(of: Array("\u{7F}ELF1234".utf8))?.contains("bytes 7f 45 4c 46") == true)
        let none = pickle(text("N"))
        #expect(
            refusal(of: ZipBuilder(entries: [.init(name: "a.txt", data: [])]).bytes)?
                .contains("0 entries \"…/data.pkl\"") == true)
        for extra in ["m/constants.pkl", "m/code/__torch__.py"] {
            var script = ZipBuilder.checkpoint(pickle: none)
            script.entries.append(.init(name: extra, data: none))
            #expect(
                refusal(of: script.bytes)?.contains("TorchScript program (torch.jit.save) is not read; save")
                    == true)
        }
        // Its code is compressed; a checkpoint's entries are not.
        var program = ZipBuilder.checkpoint(pickle: none)
        program.entries.append(.init(name: "m/code/__torch__.py", data: [3, 0], method: 8))
        #expect(refusal(of: program.bytes)?.contains("a TorchScript program (torch.jit.save)") == true)
        program.entries[2].name = "m/extra"
        #expect(refusal(of: program.bytes)?.contains("compressed entries (\"m/extra\") is not read") == true)
        var big = ZipBuilder.checkpoint(pickle: none)
        big.entries[1].data = Array("big".utf8)
        #expect(refusal(of: big.bytes)?.contains("the byte order \"big\"") == true)
        #expect(try readPickle(none) == PickleValue.none)
    }
}
