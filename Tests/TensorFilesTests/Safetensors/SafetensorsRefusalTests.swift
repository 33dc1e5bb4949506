import TensorFiles
import Tensors
import TestSupport
import Testing

/// Files that break the format, each with the words that must appear in the message.
@Suite struct SafetensorsRefusalTests {
    static let a = #""a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}"#

    static let broken: [(header: String, dataCount: Int, evidence: String)] = [
        ("", 0, "expected {"),
        ("[]", 0, "expected {"),
        (" {}", 0, "expected {"),
        ("{", 0, "expected \", at byte 1"),
        ("{} x", 0, "expected nothing after the object, at byte 3"),
        ("{\(a),}", 4, "expected \", at byte 54"),
        ("{\(a),\(a)}", 4, "\"a\" appears twice"),
        (#"{"__metadata__":{},"__metadata__":{}}"#, 0, "__metadata__ appears twice"),
        (#"{"__metadata__":{"k":"1","k":"2"}}"#, 0, "the metadata \"k\" appears twice"),
        (#"{"__metadata__":{"k":1}}"#, 0, "expected \""),
        (
            #"{"a":{"dtype":"F8","shape":[1],"data_offsets":[0,1]}}"#, 1,
            "unknown dtype \"F8\"; known are F64, F32"
        ),
        (
            #"{"\u001b[31mé":{"dtype":"\u202e8F\u2028","shape":[1],"data_offsets":[0,1]}}"#, 1,
            "the tensor \"\\u{1b}[31mé\" has the unknown dtype \"\\u{202e}8F\\u{2028}\"; known"
        ),
        (#"{"a":{"shape":[1],"data_offsets":[0,4]}}"#, 4, "\"a\" has no dtype"),
        (#"{"a":{"dtype":"F32","data_offsets":[0,4]}}"#, 4, "has no shape"),
        (#"{"a":{"dtype":"F32","shape":[1]}}"#, 4, "has no data_offsets"),
        (#"{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 4, "has dtype twice"),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1}}"#, 4, "unknown key \"x\""),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}"#, 4, "[0] that are not a begin and an end"),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, 4, "[4, 0] that are not a begin"),
        (
            #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, 4,
            "takes 4 bytes, but [2] of F32 are 8"
        ),
        (#"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, 4, "expected a whole number"),
        (#"{"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}"#, 4, "expected a whole number"),
        (#"{"a":{"dtype":"F32","shape":[1e0],"data_offsets":[0,4]}}"#, 4, "expected a whole number"),
        (#"{"a":{"dtype":"F32","shape":[01],"data_offsets":[0,4]}}"#, 4, "needless 0"),
        (#"{"a":{"dtype":"F32","shape":[9223372036854775808],"data_offsets":[0,4]}}"#, 4, "too large"),
        (#"{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,4]}}"#, 4, "more elements"),
        (#"{"a":{"dtype":"F32","shape":[4611686018427387904],"data_offsets":[0,4]}}"#, 4, "more elements"),
        (
            "{\(a),\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[2,6]}}", 6,
            "\"b\" at byte 2 overlaps \"a\", which ends at byte 4"
        ),
        (
            "{\(a),\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4,
            "at byte 0 overlaps"
        ),
        (
            "{\(a),\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[8,12]}}", 12,
            "\"b\" at byte 8 leaves a gap after \"a\", which ends at byte 4"
        ),
        (
            #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, 8,
            "\"a\" at byte 4 leaves a gap after the header, which ends at byte 0"
        ),
        ("{\(a)}", 3, "its tensors take 4 bytes, but 3 bytes follow the header"),
        ("{\(a)}", 5, "its tensors take 4 bytes, but 5 bytes follow the header"),
        (#"{"a\u12":{}}"#, 0, "four hexadecimal digits"),
        (#"{"\ud800":{}}"#, 0, "half a surrogate pair"),
        (#"{"\x":{}}"#, 0, "unknown escape"),
        ("{\"a\n\":{}}", 0, "raw control character"),
        ("{\"a", 0, "does not end"),
        ("{\"a\\", 0, "does not end"),
    ]

    @Test(arguments: broken) func refuses(header: String, dataCount: Int, evidence: String) {
        let reason = refusal(of: encoded(Array(header.utf8), dataCount: dataCount))
        #expect(reason?.contains(evidence) == true, "\(reason ?? "it was read")")
    }

    @Test func refusesWhatIsShorterThanItClaims() {
        #expect(refusal(of: []) == "it has 0 bytes, fewer than the 8 of the header's length")
        #expect(
            refusal(of: [2, 0, 0, 0, 0, 0, 0]) == "it has 7 bytes, fewer than the 8 of the header's length")
        #expect(
            refusal(of: [3, 0, 0, 0, 0, 0, 0, 0] + "{}".utf8)
                == "its header claims 3 bytes, but only 2 follow")
        #expect(
            refusal(of: [UInt8](repeating: 255, count: 10))
                == "its header claims 18446744073709551615 bytes, but only 2 follow")
        #expect(
            refusal(of: encoded([0x7B, 0x22, 0xFF, 0x22, 0x7D], dataCount: 0))?.contains("not UTF-8") == true)
        let spaces = encoded("{}".utf8 + [UInt8](repeating: 0x20, count: 100_000_000), dataCount: 0)
        #expect(
            refusal(of: spaces) == "its header claims 100000002 bytes; at most 100000000 are read")
    }

    /// JSON has no order: a header may name tensors in another order than their bytes.
    @Test func acceptsAnyOrderOfNamesAndEscapedNames() throws {
        let header =
            #"{ "b" :{"data_offsets":[4,8],"shape":[ 1 ],"dtype":"F32"}, "#
            + #""\u0061\ud83d\ude00\/":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}  "#
        let file = try encoded(Array(header.utf8), dataCount: 8).withUnsafeBytes {
            try SafetensorsFile(bytes: $0, named: "memory")
        }
        #expect(file.names == ["a😀/", "b"])
    }

    /// Every cut and every single-byte change either reads or throws; nothing traps.
    @Test func survivesTruncationAndMutation() throws {
        let bytes = try Fixtures.bytes("types.safetensors")
        for count in bytes.indices {
            #expect(refusal(of: Array(bytes[..<count])) != nil)
        }
        var generator = SplitMix64(seed: 7)
        for _ in 0..<3000 {
            var mutated = bytes
            for _ in 0...Int(generator.next() % 3) {
                mutated[Int(generator.next() % 640) % bytes.count] = UInt8(
                    truncatingIfNeeded: generator.next())
            }
            _ = refusal(of: mutated)
        }
    }

    @Test func unreadableFilesAreNamed() throws {
        try withTemporaryFolder { folder in
            let absent = folder + "/absent.safetensors"
            #expect(
                throws: TensorFileError.unreadable(file: absent, reason: "no such file or directory")
            ) { try SafetensorsFile(readingFrom: absent) }
            #expect(throws: TensorFileError.unreadable(file: folder, reason: "it is a folder")) {
                try SafetensorsFile(readingFrom: folder)
            }
            #expect(throws: TensorFileError.unreadable(file: "/dev/zero", reason: "it is not a regular file"))
            {
                try SafetensorsFile(readingFrom: "/dev/zero")
            }
        }
    }

    private func encoded(_ header: [UInt8], dataCount: Int) -> [UInt8] {
        withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) } + header
            + [UInt8](repeating: 0, count: dataCount)
    }

    /// The reason for refusing these bytes; nil when they were read.
    private func refusal(of bytes: [UInt8]) -> String? {
        bytes.withUnsafeBytes { memory in
            do {
                _ = try SafetensorsFile(bytes: memory, named: "m.safetensors")
                return nil
            } catch let TensorFileError.malformedSafetensors(file, reason) {
                #expect(file == "m.safetensors")
                return reason
            } catch {
                Issue.record("\(error)")
                return nil
            }
        }
    }
}
