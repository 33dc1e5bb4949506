import Foundation
import Imaging
import LIIF
import TensorFiles
import Tensors
import TestSupport
import Testing

@Suite struct FeatureFileTests {
    private func picture<Sample: ImageSample>(_ type: Sample.Type, channels: Int) -> Image<Sample> {
        var image = Image<Sample>(width: 50, height: 37, channels: channels)
        for index in image.samples.indices {
            image.samples[index] = Sample(truncatingIfNeeded: index &* 7919)
        }
        return image
    }

    private func write<Sample: ImageSample>(_ image: Image<Sample>, _ model: LIIFModel, to path: String)
        throws
    {
        var row = 0
        try FeatureFile.write(
            to: path, model: model, precision: .float32, height: image.height, width: image.width,
            channels: image.channels,
            rows: { count in
                defer { row += count }
                return image.cropped(y: row, x: 0, height: count, width: image.width)
            })
    }

    @Test(arguments: 1...4) func pixelsReadBackEqual(_ channels: Int) throws {
        let model = LIIFModel.random(.tiny)
        try withTemporaryFolder { folder in
            let shallow = picture(UInt8.self, channels: channels)
            try write(shallow, model, to: folder + "/a.liif")
            #expect(try FeatureFile(path: folder + "/a.liif").rows(0..<37, as: UInt8.self) == shallow)
            let deep = picture(UInt16.self, channels: channels)
            try write(deep, model, to: folder + "/b.liif")
            let file = try FeatureFile(path: folder + "/b.liif")
            #expect(file.header.bitsPerSample == 16)
            let part = try file.rows(5..<29, as: UInt16.self)
            #expect(part == deep.cropped(y: 5, x: 0, height: 24, width: 50))
        }
    }

    @Test func aStoredPictureIsRenderedAsTheEncodedOne() throws {
        var configuration = LIIFConfiguration.tiny
        configuration.inputSkip = true
        let model = LIIFModel.random(configuration)
        let image = picture(UInt8.self, channels: 3)
        try withTemporaryFolder { folder in
            try write(image, model, to: folder + "/a.liif")
            let stored = try model.open(FeatureFile(path: folder + "/a.liif"), precision: .float32)
            let expected = try model.encode(image, precision: .float32).rendered(height: 111, width: 150)
            let actual = try stored.rendered(height: 111, width: 150)
            assertClose(actual: actual.values, expected: expected.values, absolute: 0.03)
        }
    }

    @Test func anotherModelIsRefused() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/a.liif"
            try write(picture(UInt8.self, channels: 3), .random(.tiny), to: path)
            let file = try FeatureFile(path: path)
            let other = LIIFModel.random(.tiny, seed: 2)
            #expect(
                throws: FeatureFileError.otherModel(
                    file: path, found: file.header.modelDigest, expected: other.digest())
            ) { try other.open(file) }
        }
    }

    @Test func whatHoldsNoFeaturesIsRefused() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/a.liif"
            try LIIFModel.random(.tiny).write(to: path)
            #expect(throws: FeatureFileError.self) { try FeatureFile(path: path) }
            try write(picture(UInt8.self, channels: 3), .random(.tiny), to: path)
            let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
            try bytes.dropLast(10).write(to: URL(fileURLWithPath: path))
            #expect(throws: TensorFileError.self) { try FeatureFile(path: path) }
            // A header that promises more tiles than any memory has names for.
            try bytes.write(to: URL(fileURLWithPath: path))
            var changed = SafetensorsFile(metadata: try SafetensorsStream(path: path).metadata)
            changed.metadata["liif.width"] = "16000000"
            changed.metadata["liif.height"] = "16000000"
            changed.metadata["liif.tile"] = "16"
            try changed.write(to: path)
            #expect(throws: FeatureFileError.self) { try FeatureFile(path: path) }
        }
    }

    /// A file that says that the model made it, with features that are not the model's.
    @Test func featuresOfAnotherNumberOfChannelsAreRefused() throws {
        let model = LIIFModel.random(.tiny)
        try withTemporaryFolder { folder in
            let path = folder + "/a.liif"
            let tile = FeatureTile(LatentRectangle(y: 0, x: 0, height: 37, width: 50), channels: 64)
            _ = try FeatureFile.write(
                tile, pixels: picture(UInt8.self, channels: 3), modelDigest: model.digest(), to: path)
            let file = try FeatureFile(path: path)
            #expect(
                throws: FeatureFileError.noFeatures(
                    file: path, reason: "it has 64 channels of features, and its model makes 8")
            ) { try model.open(file) }
        }
    }

    /// Tiles of 256: parts within one, over four, to the corner.
    @Test(arguments: [(3, 5, 40, 30), (250, 240, 20, 40), (256, 256, 14, 24), (0, 0, 270, 280)])
    func partsOfThePicture(_ y: Int, _ x: Int, _ height: Int, _ width: Int) throws {
        var image = Image<UInt8>(width: 280, height: 270, channels: 3)
        for index in image.samples.indices { image.samples[index] = UInt8(truncatingIfNeeded: index &* 7919) }
        try withTemporaryFolder { folder in
            try write(image, .random(.tiny), to: folder + "/a.liif")
            let part = try FeatureFile(path: folder + "/a.liif").pixels(
                LatentRectangle(y: y, x: x, height: height, width: width), as: UInt8.self)
            #expect(part == image.cropped(y: y, x: x, height: height, width: width))
        }
    }
}
