import Imaging
import LIIF
import NeuralNetwork
import TestSupport
import Testing

/// The encoders as their papers draw them, layer by layer in plain loops. Unlike the goldens' these have other numbers of
/// blocks and layers, other widths inside and outside of blocks, and residuals that are scaled.
@Suite struct EncoderGraphTests {
    private static let (height, width) = (6, 9)

    /// The layers of a model, by the names of their parameters.
    private struct Layers {
        let model: LIIFModel

        private func parameter(_ name: String) throws -> (shape: [Int], values: [Float]) {
            let entry = try #require(model.layout.entries.first { $0.name == name }, "\(name)")
            return (entry.shape, Array(model.weights[entry.offset..<(entry.offset + entry.count)]))
        }

        /// A layer that reads concatenated maps of one extent, each [H, W, C].
        func convolution(
            _ name: String, _ maps: [[Float]], height: Int, width: Int, relu: Bool = false
        ) throws -> [Float] {
            let weight = try parameter(name + ".weight")
            let reference = ReferenceConvolution(
                height: height, width: width, inputChannels: weight.shape[1], outputChannels: weight.shape[0],
                kernel: weight.shape[2])
            let source = (0..<(height * width)).flatMap { position in
                maps.flatMap { map -> ArraySlice<Float> in
                    let channels = map.count / (height * width)
                    return map[(position * channels)..<((position + 1) * channels)]
                }
            }
            return reference.forward(
                source, weights: weight.values, bias: try parameter(name + ".bias").values, relu: relu)
        }

        /// Convolutions to as many channels as r² pixels have, each with its shuffle, and one to colours.
        func upsampled(
            _ features: [Float], _ names: [String], by factor: Int, last: String
        ) throws -> [Float] {
            var (map, height, width) = (features, EncoderGraphTests.height, EncoderGraphTests.width)
            for name in names {
                let packed = try convolution(name, [map], height: height, width: width)
                let channels = packed.count / (height * width * factor * factor)
                map = [Float](repeating: .nan, count: packed.count)
                for (index, value) in packed.enumerated() {
                    let (position, channel) = index.quotientAndRemainder(
                        dividingBy: channels * factor * factor)
                    let (c, place) = channel.quotientAndRemainder(dividingBy: factor * factor)
                    let y = position / width * factor + place / factor
                    let x = position % width * factor + place % factor
                    map[(y * width * factor + x) * channels + c] = value
                }
                (height, width) = (height * factor, width * factor)
            }
            return try convolution(last, [map], height: height, width: width)
        }
    }

    private func sum(_ a: [Float], _ b: [Float], scale: Float = 1) -> [Float] {
        zip(a, b).map { $0 + scale * $1 }
    }

    private func edsr(
        _ layers: Layers, _ input: [Float], blocks: Int, residualScale: Float
    ) throws -> [Float] {
        func layer(_ name: String, _ map: [Float], relu: Bool = false) throws -> [Float] {
            try layers.convolution(
                "encoder." + name, [map], height: Self.height, width: Self.width, relu: relu)
        }
        let head = try layer("head.0", input)
        var x = head
        for block in 0..<blocks {
            let inner = try layer("body.\(block).body.0", x, relu: true)
            x = sum(x, try layer("body.\(block).body.2", inner), scale: residualScale)
        }
        return sum(head, try layer("body.\(blocks)", x))
    }

    private func rdn(_ layers: Layers, _ input: [Float], blocks: Int, depth: Int) throws -> [Float] {
        func layer(_ name: String, _ maps: [[Float]], relu: Bool = false) throws -> [Float] {
            try layers.convolution(
                "encoder." + name, maps, height: Self.height, width: Self.width, relu: relu)
        }
        let shallow = try layer("SFENet1", [input])
        var x = try layer("SFENet2", [shallow])
        var outputs: [[Float]] = []
        for block in 0..<blocks {
            var dense = [x]
            for index in 0..<depth {
                dense.append(try layer("RDBs.\(block).convs.\(index).conv.0", dense, relu: true))
            }
            x = sum(x, try layer("RDBs.\(block).LFF", dense))
            outputs.append(x)
        }
        return sum(shallow, try layer("GFF.1", [layer("GFF.0", outputs)]))
    }

    private func colours() -> [Float] { randomFloats(Self.height * Self.width * 3, seed: 21, in: 0...1) }

    /// What the encoder, or the up-sampling module, makes of `colours`.
    private func made(_ model: LIIFModel) throws -> [Float] {
        let image = FloatImage(height: Self.height, width: Self.width, channels: 3, values: colours())
        return try model.encode(image, precision: .float32).features
    }

    /// The same colours as the networks see them.
    private var input: [Float] { colours().map { 2 * $0 - 1 } }

    @Test func edsrScalesItsResiduals() throws {
        let encoder = EncoderConfiguration.edsr(blocks: 3, channels: 5, residualScale: 0.3)
        var configuration = LIIFConfiguration.tiny
        configuration.encoder = encoder
        let model = LIIFModel.random(configuration)
        assertClose(
            actual: try made(model),
            expected: try edsr(Layers(model: model), input, blocks: 3, residualScale: 0.3),
            absolute: 5e-5, relative: 1e-5)
        let module = LIIFModel.random(.upsampling(.init(encoder: encoder, scale: 3)))
        let layers = Layers(model: module)
        assertClose(
            actual: try made(module),
            expected: try layers.upsampled(
                edsr(layers, input, blocks: 3, residualScale: 0.3), ["encoder.tail.0.0"], by: 3,
                last: "encoder.tail.1"), absolute: 5e-5, relative: 1e-5)
    }

    @Test func rdnsGrowthIsNotItsWidth() throws {
        let encoder = EncoderConfiguration.rdn(blocks: 3, layers: 2, growth: 6, channels: 5)
        var configuration = LIIFConfiguration.tiny
        configuration.encoder = encoder
        let model = LIIFModel.random(configuration)
        assertClose(
            actual: try made(model), expected: try rdn(Layers(model: model), input, blocks: 3, depth: 2),
            absolute: 5e-5, relative: 1e-5)
        let module = LIIFModel.random(.upsampling(.init(encoder: encoder, scale: 4)))
        let layers = Layers(model: module)
        assertClose(
            actual: try made(module),
            expected: try layers.upsampled(
                rdn(layers, input, blocks: 3, depth: 2), ["encoder.UPNet.0", "encoder.UPNet.2"], by: 2,
                last: "encoder.UPNet.4"), absolute: 5e-5, relative: 1e-5)
    }

    /// What tiles and windows take their margins from: the 3×3 convolutions on the longest path.
    @Test func theReceptiveFieldIsAsFarAsOnePixelReaches() throws {
        for (encoder, radius) in [
            (EncoderConfiguration.edsrBaseline, 1 + 2 * 16 + 1), (.rdnPaper, 2 + 16 * 8 + 1),
            (.edsr(blocks: 2, channels: 8, residualScale: 1), 6),
            (.rdn(blocks: 2, layers: 2, growth: 6, channels: 5), 7),
        ] {
            var configuration = LIIFConfiguration.tiny
            configuration.encoder = encoder
            let network = LIIFNetwork(configuration)
            #expect(network.encoder.receptiveRadii[network.encoder.output.index] == radius, "\(encoder)")
            guard radius < 10 else { continue }
            var image = FloatImage(try Fixture.input())
            let model = LIIFModel.random(configuration)
            let before = try model.encode(image, precision: .float32).features
            let (y, x) = (11, 15)
            for c in 0..<3 { image.values[(y * 32 + x) * 3 + c] += 0.5 }
            let after = try model.encode(image, precision: .float32).features
            let channels = before.count / (24 * 32)
            let changed = before.indices.filter { before[$0] != after[$0] }.map { $0 / channels }
            let (rows, columns) = (changed.map { $0 / 32 }, changed.map { $0 % 32 })
            #expect(rows.min() == y - radius && rows.max() == y + radius, "\(encoder)")
            #expect(columns.min() == x - radius && columns.max() == x + radius, "\(encoder)")
        }
    }
}
