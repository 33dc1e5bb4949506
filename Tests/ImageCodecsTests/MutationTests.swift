import Foundation
import ImageCodecs
import Imaging
import Testing

/// Damaged files made from the fixtures, the same in every run.
private struct Mutator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next(below bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % bound
    }

    /// Overwrites, inserts, removes, or repeats a few bytes.
    mutating func mutated(_ original: [UInt8]) -> [UInt8] {
        var bytes = original
        for _ in 0...next(below: 6) {
            let position = next(below: bytes.count)
            switch next(below: 5) {
            case 0: bytes[position] ^= 1 << UInt8(next(below: 8))
            case 1: bytes[position] = [0x00, 0xFF, 0x7F, 0x80, UInt8(next(below: 256))][next(below: 5)]
            case 2: bytes.insert(UInt8(next(below: 256)), at: position)
            case 3: bytes.removeSubrange(position..<min(position + 1 + next(below: 8), bytes.count - 1))
            default: bytes.insert(contentsOf: bytes[position..<min(position + 40, bytes.count)], at: position)
            }
        }
        return bytes
    }
}

/// Reads many damaged files; each must decode or throw.
private func readMutants(perFixture: Int, in folder: TemporaryFolder) throws -> (decoded: Int, refused: Int) {
    var (decoded, refused) = (0, 0)
    for (index, fixture) in Fixture.decodable.enumerated() {
        let original = try Fixture.bytes(fixture.name)
        var mutator = Mutator(seed: UInt64(index + 1))
        for round in 0..<perFixture {
            var bytes = mutator.mutated(original)
            // Without valid checksums libpng would stop before anything interesting.
            if fixture.name.hasSuffix("png"), round % 4 != 0 { bytes = PNGChunks.repaired(bytes) }
            let path = try folder.file(fixture.name, containing: bytes)
            do throws(ImageCodecError) {
                _ = try Image<UInt8>.read(from: path, pixelLimit: 1 << 22)
                decoded += 1
            } catch {
                refused += 1
            }
        }
    }
    return (decoded, refused)
}

@Suite struct MutationTests {
    @Test func damagedFilesDecodeOrThrow() throws {
        let (decoded, refused) = try readMutants(perFixture: 60, in: try TemporaryFolder())
        #expect(decoded + refused == 60 * Fixture.decodable.count)
        #expect(
            decoded > 20 && refused > 400,
            "\(decoded) decoded, \(refused) refused: the mutations are too weak")
    }

    @Test func theLibrariesPrintNothingAndLeakNoDescriptor() async {
        let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            func lowestFreeDescriptor() -> Int32 {
                let descriptor = dup(0)
                close(descriptor)
                return descriptor
            }
            let folder = try TemporaryFolder()
            _ = try readMutants(perFixture: 1, in: folder)
            let before = lowestFreeDescriptor()
            _ = try readMutants(perFixture: 25, in: folder)
            guard lowestFreeDescriptor() == before else { exit(3) }
        }
        #expect(result?.standardErrorContent.isEmpty == true)
    }
}
