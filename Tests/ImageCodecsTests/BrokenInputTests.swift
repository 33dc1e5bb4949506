import Foundation
import ImageCodecs
import Imaging
import PictureFixtures
import Testing

/// Files that are broken on purpose, made by hand and by mutation, through what `liif upscale` does with a file: rows in,
/// rows out. Each must be read or refused with a message within seconds, and no output may be left of a refused one.
@Suite struct BrokenInputTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Copies a picture row by row as the program would; the error, or nil.
    private func convert(_ input: String, _ output: String) -> ImageCodecError? {
        do throws(ImageCodecError) {
            let source = try ImageFile.source(at: input, pixelLimit: 1 << 22, inSRGB: true)
            let sink = try ImageFile.sink(
                at: output, info: source.info, metadata: source.metadata,
                options: EncodingOptions(pngCompression: 1))
            defer { sink.cancel() }
            var row = [UInt8](repeating: 0, count: source.info.rowSize)
            while source.rowsLeft > 0 {
                try read(source, &row)
                try sink.writeRows(
                    Image<UInt8>(width: source.info.width, height: 1, channels: source.info.channels))
            }
            try sink.finish()
            return nil
        } catch {
            return error
        }
    }

    private func read(_ source: any RowSource, _ row: inout [UInt8]) throws(ImageCodecError) {
        let result = row.withUnsafeMutableBytes { buffer -> Result<Void, ImageCodecError> in
            do throws(ImageCodecError) { return .success(try source.readRows(1, into: buffer)) } catch {
                return .failure(error)
            }
        }
        try result.get()
    }

    /// Converts a file and checks all that a broken one must keep to.
    @discardableResult private func check(_ title: String, _ bytes: [UInt8]) throws -> ImageCodecError? {
        let input = try folder.file("input", containing: bytes)
        defer { unlink(input) }
        let start = Date()
        let error = convert(input, folder.file("out.png"))
        #expect(Date().timeIntervalSince(start) < 5, "\(title)")
        if let error {
            #expect(try folder.names == ["input"], "\(title) leaves a file")
            let text = error.description
            #expect(text.hasPrefix(input) && text.hasSuffix(".") && text.count < 600, "\(title): \(text)")
        } else {
            #expect(try folder.names == ["input", "out.png"], "\(title)")
            unlink(folder.file("out.png"))
        }
        return error
    }

    @Test func handMadeFilesAreRefused() throws {
        #expect(try check("valid", TIFFBuilder.file()) == nil)
        let files = try DamagedPictures.handMade()
        #expect(files.count >= 60)
        for file in files { #expect(try check(file.name, file.bytes) != nil, "\(file.name) is accepted") }
    }

    @Test func mutantsAreReadOrRefused() throws {
        let files = try DamagedPictures.mutants()
        var refused = 0
        for file in files { if try check(file.name, file.bytes) != nil { refused += 1 } }
        #expect(refused > 100, "\(refused) of \(files.count): the mutations are too weak")
    }

    /// A zip bomb in a text or a profile must not be unpacked beyond measure.
    @Test func compressedChunksAreBounded() throws {
        // A picture of zeros is 40 MB of them in one stream; libpng unpacks 8 MB of a chunk at most.
        let zeros = [UInt8](repeating: 0, count: 40 << 20)
        try Image<UInt8>(width: 2048, height: 5120, channels: 4, samples: zeros).write(
            to: folder.file("zeros.png"))
        let packed = PNGChunks.bodies(of: "IDAT", in: try folder.bytes("zeros.png"))
        #expect(packed.count < 1 << 18)
        var png = try Fixture.bytes("rgb.png")
        let place = try #require(PNGChunks.position(of: "IDAT", in: png))
        png.insert(contentsOf: PNGChunks.chunk("iCCP", Array("x\0\0".utf8) + packed), at: place)
        png.insert(contentsOf: PNGChunks.chunk("zTXt", Array("x\0\0".utf8) + packed), at: place)
        let path = try folder.file("bomb.png", containing: png)
        #expect(try Image<UInt8>.read(from: path).samples == (try Fixture.bytes("rgb.png.raw")))
        #expect(try ImageFile.source(at: path).metadata.color == .unspecified)
    }
}
