import TensorFiles
import Tensors
import TestSupport
import Testing

/// Archives that are broken in one way each.
@Suite struct ZipArchiveTests {
    private func refusal(_ change: (inout ZipBuilder) -> Void) -> String {
        var builder = ZipBuilder.checkpoint(
            pickle: pickle(tensor(count: 1, shape: [], strides: [])), storages: ["0": [0, 0, 128, 63]])
        change(&builder)
        return TensorFilesTests.refusal(of: builder.bytes) ?? "it was read"
    }

    @Test func aSoundArchiveIsReadWithAndWithoutAComment() {
        #expect(refusal { _ in } == "it was read")
        #expect(refusal { $0.comment = Array("PK\u{5}\u{6} made by hand".utf8) } == "it was read")
        #expect(
            refusal { $0.entries.append(.init(name: "m/.data/serialization_id", data: [1])) } == "it was read"
        )
    }

    /// Archives beyond 4 GB have these fields; the format allows them in small ones.
    @Test func zip64FieldsAreRead() {
        #expect(refusal { $0.entries[2].isZip64 = true } == "it was read")
        let long = refusal {
            $0.entries[2].isZip64 = true
            $0.entries[2].claimedSize = 5
        }
        #expect(long.contains("\"m/data/0\" overlaps what follows it"))
    }

    /// The fixture ends as PyTorch's files do: zip64 end record (56 bytes), its locator (20), end record (22).
    @Test func refusesABrokenZip64EndRecord() throws {
        let sound = try Fixtures.bytes("tiny.pth")
        for (fromEnd, value, evidence) in [
            (34, UInt8(0), "zip64 end record is malformed"), (34, 255, "lies outside the file"),
            (31, 255, "zip64 end record lies outside the file"), (27, 128, "lies outside the file"),
            (82, 1, "zip64 end record is malformed"), (74, 0, "zip64 end record is malformed"),
            (58, 0, "does not reach the end record"), (43, 128, "zip64 end record is malformed"),
        ] {
            var broken = sound
            broken[sound.count - fromEnd] = value
            let words = TensorFilesTests.refusal(of: broken) ?? "it was read"
            #expect(words.contains(evidence), "\(fromEnd): \(words)")
        }
    }

    @Test func refusesWhatIsNotStored() {
        #expect(
            refusal { $0.entries[0].method = 8 }.contains("compressed entries (\"m/data.pkl\") is not read"))
        #expect(refusal { $0.entries[2].flags = 1 }.contains("encrypted entries (\"m/data/0\") is not read"))
        #expect(refusal { $0.entries[2].claimedSize = 5 }.contains("\"m/data/0\" overlaps what follows it"))
        #expect(refusal { $0.entries[0].claimedSize = 4_000_000_000 }.contains("overlaps what follows it"))
        #expect(
            refusal { $0.entries[0].claimedSize = 0xFFFF_FFFF }.contains("size or place of \"m/data.pkl\""))
    }

    @Test func refusesEntriesThatShareBytes() {
        #expect(refusal { $0.entries[2].claimedStart = 0 }.contains("overlaps what follows it"))
        #expect(refusal { $0.entries[2].claimedStart = 1 }.contains("malformed"))
        #expect(refusal { $0.entries[2].claimedStart = 0xFFFF_FFFE }.contains("overlaps what follows it"))
        #expect(refusal { $0.entries[2].claimedStart = 0xFFFF_FFFF }.contains("size or place"))
    }

    @Test func refusesNamesThatAreTwiceOrIllegal() {
        #expect(refusal { $0.entries[1].name = "m/data.pkl" }.contains("\"m/data.pkl\" twice"))
        for name in ["../x", "m/../../etc/passwd", "..", "/etc/passwd", "m\\x", "", "m/\n", "m/\0"] {
            #expect(refusal { $0.entries[1].name = name }.contains("illegal name"), "\(name)")
        }
        #expect(refusal { $0.entries[1].name = "m/..a" } == "it was read")
        #expect(refusal { $0.entries[1].localName = "m/byteordeR" }.contains("has another name"))
        #expect(
            refusal { $0.entries[1].localName = "m" }.contains("local header of \"m/byteorder\" is malformed")
        )
    }

    @Test func refusesAWrongChecksum() {
        #expect(refusal { $0.entries[0].checksum = 1 }.contains("checksum of \"m/data.pkl\" is wrong"))
        #expect(refusal { $0.entries[2].checksum = 1 }.contains("checksum of \"m/data/0\" is wrong"))
        // The CRC-32 of the bytes of 1.0 according to Python's zlib.
        #expect(refusal { $0.entries[2].checksum = 0xACA1_6A6A } == "it was read")
    }

    /// Python's `zlib.crc32` wrote the fixture's checksums, also of entries longer than the eight-byte steps.
    @Test func everyFlippedBitOfAStorageIsFound() throws {
        let bytes = try Fixtures.bytes("tiny.pth")
        let sound = try readCheckpoint(bytes)
        let weights = try #require(sound["model"]?["sd"]?["encoder.head.0.weight"]?.tensor?.values)
        let pattern = weights.flatMap { number($0.bitPattern) }
        let start = try #require(
            (0...bytes.count - pattern.count).first { bytes[$0..<$0 + pattern.count].elementsEqual(pattern) })
        for bit in 0..<pattern.count * 8 {
            var flipped = bytes
            flipped[start + bit / 8] ^= 1 << (bit % 8)
            #expect(TensorFilesTests.refusal(of: flipped)?.contains("is wrong: the file was damaged") == true)
        }
    }

    @Test func refusesABrokenDirectory() throws {
        let sound = ZipBuilder.checkpoint(pickle: pickle(text("N"))).bytes
        let end = sound.count - 22
        for (offset, value, evidence) in [
            (8, UInt8(9), "several files"), (4, 1, "several files"), (10, 1, "several files"),
            (12, 1, "does not reach the end record"), (16, 1, "does not reach the end record"),
            (20, 7, "no end record"), (0, 0, "no end record"),
        ] {
            var broken = sound
            broken[end + offset] = value
            let words = TensorFilesTests.refusal(of: broken) ?? "it was read"
            #expect(words.contains(evidence), "\(offset): \(words)")
        }
        var counts = sound
        counts[end + 8] = 3
        counts[end + 10] = 3
        #expect(TensorFilesTests.refusal(of: counts)?.contains("has 2 entries and announces 3") == true)
        let directory = Int(sound[end + 16]) + Int(sound[end + 17]) << 8
        var signature = sound
        signature[directory] = 0
        #expect(TensorFilesTests.refusal(of: signature)?.contains("malformed after 0 entries") == true)
    }
}
