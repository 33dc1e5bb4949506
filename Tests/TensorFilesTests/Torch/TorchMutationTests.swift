import TensorFiles
import Tensors
import TestSupport
import Testing

/// Broken in every way that chance finds: a checkpoint is read or refused, and nothing traps or hangs.
@Suite struct TorchMutationTests {
    @Test(arguments: ["tiny.pth", "tiny-legacy.pth"])
    func refusesTruncationAtEveryByte(name: String) throws {
        let bytes = try Fixtures.bytes(name)
        for count in bytes.indices {
            #expect(refusal(of: Array(bytes[..<count])) != nil, "\(count)")
        }
    }

    @Test func refusesAPickleCutAtEveryByte() throws {
        let (pickle, storages) = try contents()
        #expect(refusal(ofPickle: pickle, storages: storages) == nil)
        for count in pickle.indices {
            #expect(refusal(ofPickle: Array(pickle[..<count]), storages: storages) != nil, "\(count)")
        }
    }

    @Test(arguments: ["tiny.pth", "tiny-legacy.pth"])
    func survivesMutationsOfTheFile(name: String) throws {
        let bytes = try Fixtures.bytes(name)
        var generator = SplitMix64(seed: 11)
        for _ in 0..<2000 { _ = refusal(of: mutated(bytes, &generator)) }
    }

    /// Without checksums, so that every mutation reaches the unpickler.
    @Test func survivesMutationsOfThePickle() throws {
        let (pickle, storages) = try contents()
        var generator = SplitMix64(seed: 12)
        var read = 0
        for _ in 0..<2000 {
            if refusal(ofPickle: mutated(pickle, &generator), storages: storages) == nil { read += 1 }
        }
        // Changed letters of a name are still a checkpoint.
        #expect((50...1500).contains(read), "\(read) of 2000 mutations were read")
    }

    @Test func survivesMutationsOfTheArchive() {
        let bytes = ZipBuilder.checkpoint(
            pickle: pickle(tensor(count: 1, shape: [], strides: [])), storages: ["0": [0, 0, 128, 63]]
        ).bytes
        var generator = SplitMix64(seed: 13)
        for _ in 0..<4000 { _ = refusal(of: mutated(bytes, &generator)) }
    }

    /// One to three changes: a byte replaced, a bit flipped, a range removed, repeated, or overwritten.
    private func mutated(_ bytes: [UInt8], _ generator: inout SplitMix64) -> [UInt8] {
        var bytes = bytes
        for _ in 0...Int(generator.next() % 3) where !bytes.isEmpty {
            let i = Int(generator.next() % UInt64(bytes.count))
            let end = min(bytes.count, i + 1 + Int(generator.next() % 16))
            switch generator.next() % 6 {
            case 0, 1: bytes[i] = UInt8(truncatingIfNeeded: generator.next())
            case 2: bytes[i] ^= 1 << UInt8(generator.next() % 8)
            case 3: bytes.removeSubrange(i..<end)
            case 4: bytes.insert(contentsOf: bytes[i..<end], at: i)
            default: for j in i..<end { bytes[j] = 0xFF }
            }
        }
        return bytes
    }

    /// The pickle and the storages of tiny.pth, found by their place: data is aligned to 64 bytes.
    private func contents() throws -> (pickle: [UInt8], storages: [String: [UInt8]]) {
        let bytes = try Fixtures.bytes("tiny.pth")
        var entries: [String: [UInt8]] = [:]
        var position = 0
        while bytes[position..<position + 4].elementsEqual([0x50, 0x4B, 3, 4]) {
            let nameEnd = position + 30 + Int(bytes[position + 26])
            let name = String(decoding: bytes[position + 30..<nameEnd], as: UTF8.self)
            let start = nameEnd + Int(bytes[position + 28])
            // The descriptor behind the data says how long it was.
            let end = try #require(
                (start...).first { i in
                    bytes[i..<i + 4].elementsEqual([0x50, 0x4B, 7, 8])
                        && bytes[i + 8..<i + 12].elementsEqual(number(UInt32(i - start)))
                })
            entries[name] = Array(bytes[start..<end])
            position = end + 16
        }
        let storages = entries.filter { $0.key.hasPrefix("tiny/data/") }
            .map { (String($0.key.dropFirst("tiny/data/".count)), $0.value) }
        return (try #require(entries["tiny/data.pkl"]), Dictionary(uniqueKeysWithValues: storages))
    }
}
