import Files
import Foundation
import TensorFiles
import TestSupport
import Testing

/// Checkpoints that we write, against our reader (which the fixtures of PyTorch's layout test) and the zip format;
/// PyTorch itself reads whole models in LIIFTests.
@Suite struct TorchWritingTests {
    private func written(_ value: PickleValue) throws -> PickleValue {
        try readCheckpoint(TorchCheckpoint.serialized(value))
    }

    /// Every kind of value and every type of element.
    @Test func theFixtureIsWrittenAndReadBackTheSame() throws {
        let value = try TorchCheckpoint.read(Fixtures.path("tiny.pth"))
        #expect(try written(value) == value)
        #expect(value["model"]?["sd"]?.dictionary?.isOrdered == true)
        #expect(value["model"]?.dictionary?.isOrdered == false)
    }

    @Test(
        arguments: [
            PickleValue.none, .bool(true), .bool(false), .string(""), .string("µ\n"), .bytes([0, 255]),
            .tuple([]),
            .list([]), .dictionary(PickleDictionary()), .dictionary(PickleDictionary(isOrdered: true)),
            .float(-0.1), .float(.infinity),
        ] + [0, 255, 256, -1, Int(Int32.max), Int(Int32.min), 1 << 31, .min, .max].map { .integer($0) })
    func aValueReadsBackTheSame(_ value: PickleValue) throws {
        #expect(
            try written(.list([value, .tuple([value, value])])) == .list([value, .tuple([value, value])]))
    }

    @Test(arguments: [[], [0], [3, 0, 2], [1], [2, 3], [2, 1, 4, 1]])
    func everyShapeReadsBack(_ shape: [Int]) throws {
        let count = shape.reduce(1, *)
        let tensor = StoredTensor(integers: (0..<count).map { $0 - 2 }, shape: shape)
        #expect(try written(.tensor(tensor)) == .tensor(tensor))
    }

    @Test func theSameValueGivesTheSameBytesUnderEveryName() throws {
        let value = try TorchCheckpoint.read(Fixtures.path("tiny.pth"))
        let bytes = try TorchCheckpoint.serialized(value)
        #expect(try TorchCheckpoint.serialized(value) == bytes)
        try withTemporaryFolder { folder in
            for name in ["a.pth", "another name.pt"] {
                try TorchCheckpoint.write(value, to: "\(folder)/\(name)")
                #expect([UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)"))) == bytes)
            }
            #expect(throws: UnwritableFile.self) {
                try TorchCheckpoint.write(value, to: "\(folder)/no/x.pth")
            }
        }
    }

    /// As torch.save does, for readers that map the file into memory.
    @Test func storagesBeginAtMultiplesOf64() throws {
        let bytes = try TorchCheckpoint.serialized(TorchCheckpoint.read(Fixtures.path("tiny.pth")))
        func number(_ at: Int, _ count: Int) -> Int {
            bytes[at..<at + count].reversed().reduce(0) { $0 << 8 | Int($1) }
        }
        var position = 0, names: [String] = []
        while number(position, 4) == 0x0403_4B50 {
            let nameCount = number(position + 26, 2)
            names.append(String(decoding: bytes[position + 30..<position + 30 + nameCount], as: UTF8.self))
            let data = position + 30 + nameCount + number(position + 28, 2)
            #expect(data % 64 == 0)
            position = data + number(position + 18, 4)
        }
        #expect(names.prefix(3) == ["archive/data.pkl", "archive/byteorder", "archive/data/0"])
        #expect(names.last == "archive/version")
        #expect(number(position, 4) == 0x0201_4B50)
    }
}
