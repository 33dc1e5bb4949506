import Foundation
import TensorFiles
import Tensors
import TestSupport
import Testing

@Suite struct SafetensorsRoundTripTests {
    /// The oracle is Python's `safetensors`, which wrote the fixture.
    @Test func readsWhatTheReferenceLibraryWrote() throws {
        let file = try SafetensorsFile(readingFrom: Fixtures.path("float32.safetensors"))
        #expect(file.metadata == ["config": "{\"name\": \"liif\", \"µ\": \"1\\n\\t2\"}"])
        #expect(file.names == ["bias", "empty", "scalar", "weight"])
        #expect(file["weight"]?.shape == [5, 3, 2, 2])
        #expect(file["empty"]?.shape == [3, 0, 2])
        #expect(file["scalar"] == Tensor(shape: [], values: [-2.5]))
        #expect(file["absent"] == nil)
        // numpy.random.default_rng(1).standard_normal(5) as float32.
        let bias: [UInt32] = [0x3EB0F069, 0x3F525591, 0x3EA92F0C, 0xBFA6CDDB, 0x3F67C567]
        #expect(file["bias"]?.values.map(\.bitPattern) == bias)
    }

    /// The oracle is Python's `safetensors`: the same contents give the same bytes.
    @Test func writesTheBytesOfTheReferenceLibrary() throws {
        let bytes = try Fixtures.bytes("float32.safetensors")
        let file = try SafetensorsFile(readingFrom: Fixtures.path("float32.safetensors"))
        #expect(try file.serialized() == bytes)
        try withTemporaryFolder { folder in
            try file.write(to: folder + "/copy.safetensors")
            #expect(
                try [UInt8](Data(contentsOf: URL(fileURLWithPath: folder + "/copy.safetensors"))) == bytes)
            #expect(try SafetensorsFile(readingFrom: folder + "/copy.safetensors") == file)
        }
    }

    @Test func readsFromMemoryAtAnyAlignment() throws {
        let file = try SafetensorsFile(readingFrom: Fixtures.path("float32.safetensors"))
        for shift in 0..<8 {
            let bytes = [UInt8](repeating: 0xAA, count: shift) + (try Fixtures.bytes("float32.safetensors"))
            let copy = try bytes.withUnsafeBytes {
                try SafetensorsFile(
                    bytes: UnsafeRawBufferPointer(rebasing: $0[shift...]), named: "embedded model")
            }
            #expect(copy == file)
        }
    }

    private struct Types: Decodable {
        let floatBits: [String: [UInt32]]
        let integers: [String: [Int]]
    }

    /// The oracle is numpy's conversion of float64, float16 and integers, and exact search for bfloat16.
    @Test func everyElementTypeFollowsNumPy() throws {
        let file = try SafetensorsFile(readingFrom: Fixtures.path("types.safetensors"))
        let types = try Fixtures.decoded(Types.self, from: "types.json")
        #expect(file.names.count == ElementType.allCases.count)
        for (name, bits) in types.floatBits {
            let stored = try #require(file[stored: name])
            #expect(stored.elementType.rawValue == name)
            #expect(stored.tensor.values.map(\.bitPattern) == bits, "\(name)")
            #expect(stored.integers == nil)
        }
        for (name, integers) in types.integers {
            let stored = try #require(file[stored: name])
            #expect(stored.elementType.rawValue == name)
            #expect(stored.integers == integers, "\(name)")
            #expect(stored.tensor.values == integers.map { Float($0) })
        }
    }

    /// The oracle is numpy: the fixture's F16 and BF16 are its F32 rounded to nearest, ties to even.
    @Test func narrowTypesAreRoundedLikeNumPy() throws {
        let types = try Fixtures.decoded(Types.self, from: "types.json")
        let real = try #require(types.floatBits["F32"]).map { Float(bitPattern: $0) }
        for type in [ElementType.float16, .bfloat16] {
            var file = SafetensorsFile()
            file[stored: "x"] = StoredTensor(Tensor(shape: [real.count], values: real), as: type)
            let copy = try reread(file)
            #expect(copy["x"]?.values.map(\.bitPattern) == types.floatBits[type.rawValue], "\(type)")
        }
    }

    /// Every F16 is a float, so going there and back must not change a bit.
    @Test func everyHalfSurvivesARoundTrip() throws {
        let values = (UInt16.min...UInt16.max).filter { $0 & 0x7C00 != 0x7C00 }.map { bits in
            let magnitude = Float(bits & 0x3FF) * 0x1p-24
            let exponent = Int(bits >> 10) & 0x1F
            let value =
                exponent == 0
                ? magnitude
                : Float(sign: .plus, exponent: exponent - 15, significand: 1 + Float(bits & 0x3FF) * 0x1p-10)
            return bits & 0x8000 == 0 ? value : -value
        }
        var file = SafetensorsFile()
        file[stored: "x"] = StoredTensor(Tensor(shape: [values.count], values: values), as: .float16)
        #expect(try reread(file)["x"]?.values.map(\.bitPattern) == values.map(\.bitPattern))
    }

    @Test func everyTypeIsWrittenAlignedAndReadBack() throws {
        var file = SafetensorsFile(metadata: ["b": "\"\\\u{1}\n", "a": ""])
        file[stored: "flags"] = StoredTensor(elementType: .bool, shape: [3], elements: .integers([1, 0, 1]))
        file["weight \"é\""] = Tensor(shape: [1, 2], values: [1, 2])
        file[stored: "byte"] = StoredTensor(elementType: .uint8, shape: [1], elements: .integers([255]))
        file[stored: "step"] = StoredTensor(integers: [1 << 60], shape: [])
        file[stored: "i32"] = StoredTensor(elementType: .int32, shape: [1], elements: .integers([-5]))
        file[stored: "i16"] = StoredTensor(elementType: .int16, shape: [1], elements: .integers([-5]))
        file[stored: "i8"] = StoredTensor(elementType: .int8, shape: [1], elements: .integers([-5]))
        file[stored: "f64"] = StoredTensor(elementType: .float64, shape: [1], elements: .floats([0.5]))
        let copy = try reread(file)
        #expect(copy.names == ["step", "f64", "weight \"é\"", "i32", "i16", "flags", "byte", "i8"])
        #expect(copy.metadata == file.metadata)
        for name in file.names { #expect(copy[stored: name] == file[stored: name], "\(name)") }
        let bytes = try file.serialized()
        #expect(bytes[0] % 8 == 0)
        #expect(
            try SafetensorsFile(metadata: [:]).serialized() == [8, 0, 0, 0, 0, 0, 0, 0] + "{}      ".utf8)
    }

    @Test func aTensorIsReplacedInPlaceAndRemovedByNil() {
        var file = SafetensorsFile()
        file["a"] = Tensor(shape: [1], values: [1])
        file["b"] = Tensor(shape: [1], values: [2])
        file["a"] = Tensor(shape: [1], values: [3])
        #expect(file.names == ["a", "b"])
        #expect(file["a"]?.values == [3])
        file["a"] = nil
        file["a"] = nil
        #expect(file.names == ["b"])
        #expect(file["a"] == nil)
    }

    private func reread(_ file: SafetensorsFile) throws -> SafetensorsFile {
        try file.serialized().withUnsafeBytes { try SafetensorsFile(bytes: $0, named: "memory") }
    }
}
