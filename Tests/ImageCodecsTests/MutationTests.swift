import Foundation
import ImageCodecs
import Imaging
import PictureFixtures
import Testing

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
                #expect(error.description.hasPrefix(path) && error.description.hasSuffix("."), "\(error)")
            }
        }
    }
    return (decoded, refused)
}

@Suite struct MutationTests {
    @Test func damagedFilesDecodeOrThrow() throws {
        let (decoded, refused) = try readMutants(perFixture: 25, in: try TemporaryFolder())
        #expect(decoded + refused == 25 * Fixture.decodable.count)
        #expect(
            decoded > 40 && refused > 300,
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
            _ = try readMutants(perFixture: 10, in: folder)
            guard lowestFreeDescriptor() == before else { exit(3) }
        }
        #expect(result?.standardErrorContent.isEmpty == true)
    }
}
