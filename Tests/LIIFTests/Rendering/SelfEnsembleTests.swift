import Imaging
import LIIF
import NeuralNetwork
import Tensors
import TestSupport
import Testing

@Suite struct SelfEnsembleTests {
    /// A model without weights but the input skip gives the bilinear picture, whichever way it is turned.
    @Test(arguments: [(24, 32), (50, 41), (7, 130)])
    func ofAModelThatKnowsNothingItIsTheBilinearPicture(_ height: Int, width: Int) throws {
        var configuration = LIIFConfiguration.tiny
        configuration.inputSkip = true
        let network = LIIFNetwork(configuration)
        let model = LIIFModel(network, parameters: AlignedBuffer(floats: network.parameters.count))
        let input = FloatImage(try Fixture.input())
        let plain = try model.encode(input, precision: .float32).rendered(height: height, width: width)
        let ensemble = try model.upscaledBySelfEnsemble(
            input, height: height, width: width, precision: .float32)
        #expect(ensemble.height == height && ensemble.width == width)
        assertClose(actual: ensemble.values, expected: plain.values, absolute: 1e-5)
    }

    /// What is averaged over all turns does not depend on how the picture was turned at first.
    @Test(
        arguments: [
            (.liif(.tiny), 55, 70),
            (.metaSR(MetaSRConfiguration(encoder: LIIFConfiguration.tiny.encoder, hiddenWidth: 19)), 55, 70),
            (.upsampling(.init(encoder: LIIFConfiguration.tiny.encoder, scale: 3)), 72, 96),
        ] as [(ModelConfiguration, Int, Int)])
    func aFlippedPictureGivesTheFlippedResult(
        _ configuration: ModelConfiguration, height: Int, width: Int
    ) throws {
        let model = LIIFModel.random(configuration)
        let input = try Fixture.input()
        func ensemble(_ image: Image<UInt8>, _ height: Int, _ width: Int) throws -> FloatImage {
            try model.upscaledBySelfEnsemble(
                FloatImage(image), height: height, width: width, precision: .float32)
        }
        let result = try ensemble(input, height, width)
        let other = try ensemble(input.transposed().flippedHorizontally(), width, height)
        var difference: Float = 0
        for y in 0..<height {
            for x in 0..<width {
                for c in 0..<3 {
                    let turned = other.values[(x * height + height - 1 - y) * 3 + c]
                    difference = max(difference, abs(result.values[(y * width + x) * 3 + c] - turned))
                }
            }
        }
        #expect(difference < 2e-5)
        let plain = try model.encode(input, precision: .float32).rendered(height: height, width: width)
        #expect(plain != result)
    }

    /// A picture of several bands equals the mean of eight pictures that were turned, rendered and turned back whole.
    @Test(arguments: [nil, Region(y: 290.25, x: 3, height: 280.5, width: 15)] as [Region?])
    func bandsEqualTheWhole(_ region: Region?) throws {
        let model = LIIFModel.random(.liif(.tiny))
        let (height, width) = (600, 21)
        var random = SplitMix64(seed: 5)
        let input = FloatImage(
            height: height, width: width, channels: 3,
            values: (0..<height * width * 3).map { _ in random.unitFloat() })
        let size =
            region.map { (height: Int($0.height * 2), width: Int($0.width * 2)) }
            ?? (height: height * 2, width: width * 2)
        func stream(from firstRow: Int) throws -> FloatImage {
            var next = 0
            let stream = SelfEnsembleStream(
                model, height: height, width: width, region: region, outputHeight: size.height,
                outputWidth: size.width, firstRow: firstRow, precision: .float32
            ) { count in
                defer { next += count }
                return input.cropped(rows: next..<next + count)
            }
            var values: [Float] = []
            var strips = 0
            while let strip = try stream.next() {
                values += strip.values
                strips += 1
            }
            #expect(strips > 1 || firstRow > 0)
            return FloatImage(
                height: size.height - firstRow, width: size.width, channels: 3, values: values)
        }
        let banded = try stream(from: 0)
        var sum = [Float](repeating: 0, count: size.height * size.width * 3)
        for symmetry in Symmetry.all {
            let turned = symmetry.applied(to: input)
            let extent = symmetry.extent(ofHeight: size.height, width: size.width)
            let part = region.map { symmetry.applied(to: $0, ofHeight: height, width: width) }
            let result = try model.encode(turned, precision: .float32).rendered(
                part, height: extent.height, width: extent.width)
            symmetry.addInverse(of: result, at: 0, of: extent, to: &sum)
        }
        assertClose(actual: banded.values, expected: sum.map { $0 / 8 }, absolute: 1e-5)
        // Begun further down, the rest is the same to the bit.
        let rest = try stream(from: size.height - 70)
        #expect(rest == banded.cropped(rows: (size.height - 70)..<size.height))
    }

    /// Where rows and columns are exchanged, so are the height and the width of the cell that the decoder is told.
    @Test(
        arguments: [
            .liif(.tiny),
            .metaSR(MetaSRConfiguration(encoder: LIIFConfiguration.tiny.encoder, hiddenWidth: 19)),
        ] as [ModelConfiguration])
    func theCellTurnsWithThePicture(_ configuration: ModelConfiguration) throws {
        let model = LIIFModel.random(configuration)
        let input = FloatImage(try Fixture.input())
        let (height, width) = (50, 41)
        let cell = Cell(height: 0.02, width: 0.11)
        var next = 0
        let stream = SelfEnsembleStream(
            model, height: input.height, width: input.width, outputHeight: height, outputWidth: width,
            precision: .float32, cell: cell
        ) { count in
            defer { next += count }
            return input.cropped(rows: next..<next + count)
        }
        var values: [Float] = []
        while let strip = try stream.next() { values += strip.values }

        var sum = [Float](repeating: 0, count: height * width * 3)
        for symmetry in Symmetry.all {
            let extent = symmetry.extent(ofHeight: height, width: width)
            let told = symmetry.transposes ? Cell(height: 0.11, width: 0.02) : cell
            let result = try model.encode(symmetry.applied(to: input), precision: .float32).rendered(
                height: extent.height, width: extent.width, cell: told)
            symmetry.addInverse(of: result, at: 0, of: extent, to: &sum)
        }
        assertClose(actual: values, expected: sum.map { $0 / 8 }, absolute: 1e-5)
        let plain = try model.upscaledBySelfEnsemble(input, height: height, width: width, precision: .float32)
        #expect(values != plain.values)
    }
}
