import Foundation
import ImageCodecs
import Imaging
import LIIF
import TensorFiles
import Tensors
import TestSupport
import Testing

@Suite struct UpscaleTests {
    @Test(arguments: [
        (["--scale", "3.7"], 89, 67), (["--scale", "1"], 24, 18), (["--scale", "0.01"], 1, 1),
        (["--size", "31x7"], 31, 7), (["--size", "5X40"], 5, 40), (["--width", "100"], 100, 75),
        (["--height", "9"], 12, 9), (["--width", "1"], 1, 1), (["--fit", "60x36"], 48, 36),
        (["--fit", "60x100"], 60, 45), (["--fit", "1000x3"], 4, 3),
        (["--max-megapixels", "0.0432"], 240, 180),
        (["--max-megapixels", "0.00001"], 3, 2), (["--scale", "4", "--max-megapixels", "0.001728"], 48, 36),
        (["--scale", "2", "--max-megapixels", "0.001728"], 48, 36),
        (["--width", "30", "--max-megapixels", "1"], 30, 23),
        (["--scale", "1e308", "--max-megapixels", "0.001728"], 48, 36),
        (["--scale", "3", "--region", "2,3,10,12"], 30, 36),
        (["--width", "8", "--region", "50%,0,50%,100%"], 8, 12),
        (["--size", "50x5"], 50, 5), (["--scale", "2", "--region", "0.5,0.25,20.5,10"], 41, 20),
    ])
    func everyWayToSayTheSize(option: [String], width: Int, height: Int) throws {
        try withTemporaryFolder { folder in
            try writeInput(in: folder)
            let outcome = try liif(["upscale", "input.png", "-o", "out.png"] + option, in: folder)
            #expect(outcome.status == 0)
            #expect(outcome.errors.hasPrefix("out.png: \(width)×\(height) pixels in "))
            let info = try ImageFile.source(at: folder + "/out.png").info
            #expect(info == ImageInfo(width: width, height: height, channels: 3))
            #expect(try contents(of: folder).keys.sorted() == ["input.png", "out.png"])
        }
    }

    /// The oracle is the library, called directly.
    @Test func theFileHoldsWhatTheLibraryRenders() throws {
        try withTemporaryFolder { folder in
            try writeInput(in: folder)
            let options = ["--scale", "2.5", "--precision", "float32"]
            #expect(try liif(["upscale", "input.png", "-o", "out.png"] + options, in: folder).status == 0)
            let image = try LIIFModel.default().encode(
                testPicture(width: 24, height: 18), precision: .float32)
            let expected: Image<UInt8> = try image.rendered(height: 45, width: 60).rounded()
            #expect(try Image<UInt8>.read(from: folder + "/out.png") == expected)
        }
    }

    @Test func aModelFileIsUsed() throws {
        try withTemporaryFolder { folder in
            try writeInput(in: folder)
            let model = try LIIFModel.default()
            try model.write(to: folder + "/same.safetensors")
            var file = model.safetensors()
            let bias = try #require(file.names.last { $0.hasSuffix(".bias") && file[$0]?.shape == [3] })
            file[bias] = .init(shape: [3], values: [0.5, 0.5, 0.5])
            try file.write(to: folder + "/brighter.safetensors")
            func upscaled(_ options: String...) throws -> Image<UInt8> {
                #expect(
                    try liif(["upscale", "input.png", "-o", "out.png", "--scale", "2"] + options, in: folder)
                        .status
                        == 0)
                return try Image<UInt8>.read(from: folder + "/out.png")
            }
            let usual = try upscaled()
            #expect(try upscaled("--model", "same.safetensors") == usual)
            #expect(try upscaled("--model", "brighter.safetensors") != usual)
        }
    }

    /// The oracle is the library's colours, averaged.
    @Test func aGreyPictureStaysGrey() throws {
        try withTemporaryFolder { folder in
            let grey = testPicture(width: 20, height: 11, channels: 1)
            try grey.write(to: folder + "/grey.png")
            let options = ["--scale", "2", "--precision", "float32"]
            #expect(try liif(["upscale", "grey.png", "-o", "out.png"] + options, in: folder).status == 0)
            let colours = try LIIFModel.default().encode(grey, precision: .float32).rendered(
                height: 22, width: 40)
            let means = (0..<22 * 40).map { pixel -> Float in
                let (red, green, blue) = (3 * pixel, 3 * pixel + 1, 3 * pixel + 2)
                return (colours.values[red] + colours.values[green] + colours.values[blue]) / 3
            }
            let expected = FloatImage(height: 22, width: 40, channels: 1, values: means)
            #expect(try Image<UInt8>.read(from: folder + "/out.png") == expected.rounded())
        }
    }

    @Test func sixteenBitsStaySixteen() throws {
        try withTemporaryFolder { folder in
            try Image<UInt16>(depthOf: testPicture(width: 9, height: 8)).write(to: folder + "/deep.png")
            for name in ["out.png", "out.jpg"] {
                #expect(
                    try liif(["upscale", "deep.png", "-o", name, "--scale", "2"], in: folder).status == 0)
            }
            #expect(try ImageFile.source(at: folder + "/out.png").info.bitsPerSample == 16)
            #expect(try ImageFile.source(at: folder + "/out.jpg").info.bitsPerSample == 8)
        }
    }

    @Test func jpegIsReadAndWrittenAtTheQualityAskedFor() throws {
        try withTemporaryFolder { folder in
            try testPicture(width: 40, height: 30).write(to: folder + "/input.jpg")
            var sizes: [Int] = []
            for quality in ["30", "95"] {
                let arguments = [
                    "upscale", "input.jpg", "-o", "out.JPEG", "--scale", "2", "--quality", quality,
                ]
                #expect(try liif(arguments, in: folder).status == 0)
                sizes.append(try #require(try contents(of: folder)["out.JPEG"]))
                let source = try ImageFile.source(at: folder + "/out.JPEG")
                #expect(
                    source.format == .jpeg && source.info == ImageInfo(width: 80, height: 60, channels: 3))
            }
            #expect(sizes[0] < sizes[1])
        }
    }

    @Test func anOlderOutputIsReplacedOnlyBySuccess() throws {
        try withTemporaryFolder { folder in
            try writeInput(in: folder)
            try testPicture(width: 2, height: 2).write(to: folder + "/out.png")
            let data = try Data(contentsOf: URL(fileURLWithPath: folder + "/input.png"))
            try data.prefix(data.count / 2).write(to: URL(fileURLWithPath: folder + "/half.png"))
            #expect(
                try liif(["upscale", "half.png", "-o", "out.png", "--scale", "2"], in: folder).status == 1)
            #expect(try Image<UInt8>.read(from: folder + "/out.png") == testPicture(width: 2, height: 2))
            #expect(
                try liif(["upscale", "input.png", "-o", "out.png", "--scale", "2"], in: folder).status == 0)
            #expect(try ImageFile.source(at: folder + "/out.png").info.width == 48)
        }
    }
}
