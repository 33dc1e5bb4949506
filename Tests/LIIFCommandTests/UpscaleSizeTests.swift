import Foundation
import ImageCodecs
import Imaging
import LIIF
import Tensors
import TestSupport
import Testing

/// What is shown: regions, cells, smaller outputs, transparency.
@Suite struct UpscaleSizeTests {
    private func upscaled(_ options: [String], in folder: String) throws -> Image<UInt8> {
        let outcome = try liif(
            ["upscale", "input.png", "-o", "out.png", "--precision", "float32"] + options, in: folder)
        #expect(outcome.status == 0, "\(outcome.errors)")
        return try Image<UInt8>.read(from: folder + "/out.png")
    }

    /// The oracle is the library's rendering of the region, which encodes the whole picture.
    @Test(arguments: [
        ("20,30,15,10", Region(y: 30, x: 20, height: 10, width: 15)),
        ("25%,50%,25%,12.5%", Region(y: 60, x: 50, height: 15, width: 50)),
        ("0,0,200,120", Region(y: 0, x: 0, height: 120, width: 200)),
        ("150.5,110,10%,10", Region(y: 110, x: 150.5, height: 10, width: 20)),
    ])
    func aRegionIsShownAsTheLibraryShowsIt(text: String, region: Region) throws {
        try withTemporaryFolder { folder in
            let picture = testPicture(width: 200, height: 120)
            try picture.write(to: folder + "/input.png")
            let result = try upscaled(["--region", text, "--scale", "3"], in: folder)
            let expected: Image<UInt8> = try LIIFModel.default().encode(picture, precision: .float32)
                .rendered(
                    region, height: Int(region.height * 3), width: Int(region.width * 3)
                ).rounded()
            #expect(result.width == expected.width && result.height == expected.height)
            // Up to the rounding of sums that oneDNN adds in another order for another width.
            let worst = zip(result.samples, expected.samples).map { abs(Int($0) - Int($1)) }.max()
            #expect(try #require(worst) <= 1)
        }
    }

    /// The oracle is the library, told the same cell.
    @Test func theCellIsTold() throws {
        try withTemporaryFolder { folder in
            try writeInput(in: folder)
            let told = try upscaled(["--scale", "4", "--cell", "1.5"], in: folder)
            let image = try LIIFModel.default().encode(
                testPicture(width: 24, height: 18), precision: .float32)
            let expected: Image<UInt8> = try image.rendered(
                height: 72, width: 96, cell: Cell(ofImageHeight: 27, width: 36)
            ).rounded()
            #expect(told == expected)
            #expect(try upscaled(["--scale", "4"], in: folder) != told)
            #expect(
                try upscaled(["--scale", "4", "--cell", "4"], in: folder)
                    == upscaled(["--scale", "4"], in: folder))
        }
    }

    /// The oracle is Pillow's bicubic; at scale 1 the picture itself.
    @Test(arguments: [1, 2, 3, 4]) func smallerIsBicubic(channels: Int) throws {
        try withTemporaryFolder { folder in
            var picture = testPicture(width: 60, height: 45, channels: channels)
            // Without extremes, which Pillow clips between its passes.
            picture.samples = picture.samples.map { 70 + $0 / 3 }
            if channels % 2 == 0 {
                // Opaque to a column, then transparent.
                for y in 0..<45 { for x in 0..<60 { picture[y, x, channels - 1] = x < 30 ? 255 : 0 } }
            }
            try picture.write(to: folder + "/input.png")
            let half = try upscaled(["--scale", "0.5"], in: folder)
            let expected = picture.resizedBicubic(height: 23, width: 30)
            let worst = zip(half.samples, expected.samples).enumerated().map { index, pair -> Int in
                // Hidden colours are nobody's.
                let alpha = half.samples[index / channels * channels + channels - 1]
                if channels % 2 == 0 && alpha < 128 && index % channels < channels - 1 { return 0 }
                return abs(Int(pair.0) - Int(pair.1))
            }
            // Pillow rounds between its passes.
            #expect(try #require(worst.max()) <= (channels % 2 == 0 ? 6 : 2))
            guard channels % 2 == 1 else { return }
            #expect(try upscaled(["--scale", "1"], in: folder) == picture)
            #expect(
                try upscaled(["--scale", "1", "--region", "10,20,30,15"], in: folder)
                    == picture.cropped(y: 20, x: 10, height: 15, width: 30))
        }
    }

    /// One axis grows and the other shrinks: the oracle is the model's rendering, reduced by Pillow's bicubic.
    @Test func oneAxisGrowsAndTheOtherShrinks() throws {
        try withTemporaryFolder { folder in
            try writeInput(in: folder)
            let result = try upscaled(["--size", "60x6"], in: folder)
            let image = try LIIFModel.default().encode(
                testPicture(width: 24, height: 18), precision: .float32)
            let wide: Image<UInt8> = try image.rendered(height: 18, width: 60).rounded()
            let expected = wide.resizedBicubic(height: 6, width: 60)
            let worst = zip(result.samples, expected.samples).map { abs(Int($0) - Int($1)) }.max()
            #expect(try #require(worst) <= 2)
        }
    }

    /// A red disk whose hidden surroundings are green: no green may show anywhere, and the disk's edge is red
    /// through all degrees of transparency. The oracle for the alpha is the model's view of it as a grey picture.
    @Test func transparencyHasNoFringe() throws {
        try withTemporaryFolder { folder in
            var picture = Image<UInt8>(width: 40, height: 40, channels: 4)
            var mask = Image<UInt8>(width: 40, height: 40, channels: 1)
            for y in 0..<40 {
                for x in 0..<40 {
                    let distance = (Double((x - 20) * (x - 20) + (y - 20) * (y - 20))).squareRoot()
                    let alpha = UInt8(255 * min(max(12.5 - distance, 0), 1))
                    for (channel, value) in [alpha > 0 ? 200 : 0, alpha > 0 ? 0 : 255, 0, alpha].enumerated()
                    {
                        picture[y, x, channel] = value
                    }
                    mask[y, x, 0] = alpha
                }
            }
            try picture.write(to: folder + "/input.png")
            let result = try upscaled(["--scale", "3"], in: folder)
            try mask.write(to: folder + "/input.png")
            #expect(try upscaled(["--scale", "3"], in: folder) == result.channel(3))
            var partial = 0
            for pixel in stride(from: 0, to: result.samples.count, by: 4) {
                let alpha = Int(result.samples[pixel + 3])
                guard alpha > 0 else { continue }
                // What is seen of it, over black.
                #expect(Int(result.samples[pixel + 1]) * alpha / 255 < 3)
                guard alpha > 40 else { continue }
                partial += alpha < 240 ? 1 : 0
                #expect((195...205).contains(result.samples[pixel]), "alpha \(alpha)")
            }
            #expect(partial > 100)
        }
    }

    /// What shines through is the picture's own, in all its contrast.
    @Test func halfTransparentColoursAreKept() throws {
        try withTemporaryFolder { folder in
            var picture = testPicture(width: 40, height: 30, channels: 4)
            for i in stride(from: 3, to: picture.samples.count, by: 4) { picture.samples[i] = 128 }
            try picture.write(to: folder + "/input.png")
            let result = try upscaled(["--scale", "2"], in: folder)
            try picture.rgb().write(to: folder + "/input.png")
            #expect(try upscaled(["--scale", "2"], in: folder) == result.rgb())
            #expect(result.channel(3).samples.allSatisfy { (127...129).contains($0) })
        }
    }

    /// An alpha that is full everywhere changes nothing.
    @Test func anOpaqueAlphaIsKept() throws {
        try withTemporaryFolder { folder in
            var picture = testPicture(width: 24, height: 18, channels: 4)
            for i in stride(from: 3, to: picture.samples.count, by: 4) { picture.samples[i] = 255 }
            try picture.write(to: folder + "/input.png")
            let result = try upscaled(["--scale", "2"], in: folder)
            try picture.rgb().write(to: folder + "/input.png")
            #expect(try upscaled(["--scale", "2"], in: folder) == result.rgb())
            #expect(result.channel(3).samples.allSatisfy { $0 == 255 })
        }
    }

    @Test(arguments: [
        (
            ["--scale", "2", "--fit", "9x9"],
            "--scale and --fit exclude each other; give one of them."
        ),
        (
            ["--size", "9x9", "--max-megapixels", "2"],
            "--size and --max-megapixels exclude each other: --size says exactly how many pixels there are."
        ),
        (
            ["--max-megapixels", "0"],
            "--max-megapixels 0.0: expected millions of pixels above 0, 50 for example."
        ),
        (
            ["--scale", "2", "--cell", "0"],
            "--cell 0.0: the cell's scale must be a number from 0.001 to 1000000, 2 for example."
        ),
        (
            ["--scale", "2", "--cell", "1e300"],
            "--cell 1e+300: the cell's scale must be a number from 0.001 to 1000000, 2 for example."
        ),
        (["--scale", "0.5", "--cell", "2"], "--cell has no meaning at --scale 0.5: the model is not used."),
        (
            ["--scale", "2", "--format", "jpeg", "--name", "{name}.png"],
            "--format jpeg contradicts --name {name}.png."
        ),
        (
            ["--scale", "1", "--self-ensemble"],
            "--self-ensemble has no meaning at --scale 1.0: the model is not used."
        ),
        (
            ["--max-megapixels", "1000"],
            "The output would have 36514×27386 pixels, more than the limit of 268.4 megapixels; choose a smaller "
                + "one, or raise --pixel-limit."
        ),
        (["--scale", "2", "--format", "jpeg"], "--format jpeg contradicts the output's name, out.png."),
        (
            ["--scale", "2", "--name", "{name}.{ext}"],
            "--name is for outputs in a folder; out.png is a name already."
        ),
        (
            ["--scale", "2", "--overwrite", "--skip-existing"],
            "--overwrite and --skip-existing exclude each other."
        ),
    ])
    func contradictions(options: [String], error: String) throws {
        try expectUsageError(of: options, error)
    }

    @Test func regionsThatAreNone() throws {
        try withTemporaryFolder { folder in
            try writeInput(in: folder)
            for region in ["20,0,10,5", "0,10%,5,100%", "24,0,1,1"] {
                try expectFailure(
                    "upscale", "input.png", "-o", "out.png", "--scale", "2", "--region", region, status: 1,
                    error: "--region \(region) is not inside input.png, which has 24×18 pixels.", in: folder)
            }
            for region in ["1,2,3", "1,2,3,0", "a,0,1,1", "-1,0,5,5", "nan,0,1,1"] {
                let outcome = try liif(
                    ["upscale", "input.png", "-o", "out.png", "--scale", "2", "--region", region], in: folder)
                #expect(outcome.status == 64)
                #expect(
                    outcome.errors.hasPrefix(
                        "Error: The value '\(region)' is invalid for '--region <x,y,w,h>'"))
            }
        }
    }
}
