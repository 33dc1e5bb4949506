import Foundation
import Imaging
import LIIF
import LIIFTraining
import NeuralNetwork
import Tensors
import TestSupport
import Testing

/// The whole model's gradient against central differences, for every ablation and odd widths.
///
/// The truth lies far from every prediction, so the L1 loss has no kink near by; the rectifiers' kinks are
/// found by the loss's bending and left out.
@Suite struct BatchGradientTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let configuration: ModelConfiguration

        init(_ name: String, _ change: (inout LIIFConfiguration) -> Void = { _ in }) {
            var configuration = LIIFConfiguration()
            configuration.encoder = .edsr(blocks: 2, channels: 8, residualScale: 1)
            configuration.hiddenWidths = [16, 16]
            change(&configuration)
            self.init(name, .liif(configuration))
        }

        init(_ name: String, _ configuration: ModelConfiguration) {
            testDescription = name
            self.configuration = configuration
        }

        var network: LIIFNetwork { LIIFNetwork(configuration) }
        var parameters: [Float] { network.parameters.initialValues(seed: 5).map { 1.5 * $0 } }
    }

    static let cases = [
        Case("whole"),
        Case("−c") { $0.cellDecoding = false },
        Case("−u") { $0.featureUnfolding = false },
        Case("−e") { $0.localEnsemble = false },
        Case("−d") { $0.hiddenWidths = [16] },
        Case("−c −u −e") {
            $0.cellDecoding = false
            $0.featureUnfolding = false
            $0.localEnsemble = false
        },
        Case("cell limit") { $0.greatestCellScale = 1.5 },
        Case("input skip") { $0.inputSkip = true },
        Case("odd widths") { $0.hiddenWidths = [17, 5, 3] },
        Case("width 1") { $0.hiddenWidths = [16, 1, 16] },
        Case("scaled residuals, odd channels") {
            $0.encoder = .edsr(blocks: 2, channels: 7, residualScale: 0.1)
        },
        Case("RDN") { $0.encoder = rdn },
        Case("MetaSR", .metaSR(MetaSRConfiguration(encoder: edsr, hiddenWidth: 19))),
        Case("RDN-MetaSR", .metaSR(MetaSRConfiguration(encoder: rdn, hiddenWidth: 16))),
        Case(
            "MetaSR, input skip",
            .metaSR(MetaSRConfiguration(encoder: edsr, hiddenWidth: 19, inputSkip: true))),
        Case(
            "EDSR ×2, input skip",
            .upsampling(UpsamplingConfiguration(encoder: edsr, scale: 2, inputSkip: true))),
        Case("EDSR ×2", .upsampling(UpsamplingConfiguration(encoder: edsr, scale: 2))),
        Case("EDSR ×3", .upsampling(UpsamplingConfiguration(encoder: edsr, scale: 3))),
        Case("EDSR ×4", .upsampling(UpsamplingConfiguration(encoder: edsr, scale: 4))),
        Case("EDSR ×8", .upsampling(UpsamplingConfiguration(encoder: edsr, scale: 8))),
        Case("RDN ×2", .upsampling(UpsamplingConfiguration(encoder: rdn, scale: 2))),
        Case("RDN ×3", .upsampling(UpsamplingConfiguration(encoder: rdn, scale: 3))),
        Case("RDN ×4", .upsampling(UpsamplingConfiguration(encoder: rdn, scale: 4))),
    ]

    static let edsr = EncoderConfiguration.edsr(blocks: 2, channels: 8, residualScale: 1)
    static let rdn = EncoderConfiguration.rdn(blocks: 2, layers: 2, growth: 5, channels: 6)

    /// A small input and queries anywhere, with a cell of a picture of 13×11 pixels, or of a whole scale.
    func sample(
        _ number: Int, height: Int = 5, width: Int = 6, queries: Int, far: Bool = true, scale: Int? = nil
    ) -> TrainingSample {
        let seed = UInt64(1000 * number)
        let colours = randomFloats(queries * 3, seed: seed + 3, in: 0...1)
        return TrainingSample(
            input: randomFloats(height * width * 3, seed: seed + 1, in: 0...1), inputHeight: height,
            inputWidth: width,
            coordinates: randomFloats(queries * 2, seed: seed + 2),
            cell: Cell(height: 2 / 13, width: 2 / 11),
            colours: far ? colours.map { $0 < 0.5 ? -1 : 2 } : colours,
            truthHeight: scale.map { $0 * height } ?? 13, truthWidth: scale.map { $0 * width } ?? 11)
    }

    @Test(arguments: cases) func gradientEqualsCentralDifferences(_ test: Case) throws {
        try expectGradient(test, .l1)
    }

    @Test func squaresGradientEqualsCentralDifferences() throws { try expectGradient(Self.cases[0], .l2) }

    private func expectGradient(_ test: Case, _ loss: TrainingLoss) throws {
        // Few queries of a small input: then few of the rectifiers turn within a step.
        let batch = (0..<2).map {
            sample($0, height: 3, width: 2, queries: 2, scale: test.configuration.fixedScale)
        }
        let engine = BatchGradient(test.network, precision: .float32)
        engine.loss = loss
        let parameters = test.parameters
        _ = try engine(batch, parameters: AlignedBuffer(parameters))
        let gradient = engine.gradient.array(parameters.count)
        let indices = test.network.parameters.entries.flatMap { entry in
            sampledIndices(16, of: entry.count, seed: 3).map { entry.offset + $0 }
        }
        try checkGradient(
            of: { values in
                let buffer = AlignedBuffer(values)
                try engine.refresh(from: buffer)
                return try engine(batch, parameters: buffer)
            }, at: parameters, expected: gradient, indices: indices, step: 2e-3, absolute: 2e-4,
            relative: 5e-3, bend: 4e-7)
    }

    /// Of the same predictions: errors' squares are at the least their mean's square, (∑ |e| / n)².
    @Test func squaresAreMeasuredAsSuch() throws {
        let test = Self.cases[0]
        let engine = BatchGradient(test.network, precision: .float32)
        let (batch, parameters) = ([sample(1, queries: 1)], AlignedBuffer(test.parameters))
        let absolute = try engine(batch, parameters: parameters)
        engine.loss = .l2
        let squares = try engine(batch, parameters: parameters)
        #expect(squares >= absolute * absolute && squares < 3 * absolute * absolute)
    }

    /// More queries than a block holds: the last block is not full.
    @Test(arguments: cases) func blocksAddUp(_ test: Case) throws {
        let engine = BatchGradient(test.network, precision: .float32)
        let parameters = AlignedBuffer(test.parameters)
        let whole = sample(1, queries: 700, scale: test.configuration.fixedScale)
        let loss = try engine([whole], parameters: parameters)
        let gradient = engine.gradient.array(test.parameters.count)
        var sum = [Float](repeating: 0, count: gradient.count)
        var losses = 0.0
        for part in 0..<7 {
            var piece = whole
            piece.coordinates = Array(whole.coordinates[(part * 200)..<(part * 200 + 200)])
            piece.colours = Array(whole.colours[(part * 300)..<(part * 300 + 300)])
            losses += try engine([piece], parameters: parameters) / 7
            sum = zip(sum, engine.gradient.array(sum.count)).map { $0 + $1 / 7 }
        }
        #expect(abs(loss - losses) < 1e-6)
        assertClose(actual: gradient, expected: sum, absolute: 2e-6, relative: 1e-4)
    }

    @Test(arguments: Precision.supported, ["whole", "MetaSR", "EDSR ×3"])
    func workersDoNotChangeABit(_ precision: Precision, name: String) throws {
        let test = try #require(Self.cases.first { $0.testDescription == name })
        // More samples than lanes, so that some lanes have two.
        let scale = test.configuration.fixedScale
        let batch = (0..<19).map { sample($0, queries: 150, far: false, scale: scale) }
        var results: [[Float]] = []
        var losses: [Double] = []
        for workers in [1, 2, 3] {
            let engine = BatchGradient(test.network, precision: precision, workers: workers)
            _ = try engine(Array(batch.reversed()), parameters: AlignedBuffer(test.parameters))
            losses.append(try engine(batch, parameters: AlignedBuffer(test.parameters)))
            results.append(engine.gradient.array(test.parameters.count))
        }
        #expect(results[1] == results[0] && results[2] == results[0])
        #expect(losses[1] == losses[0] && losses[2] == losses[0])
    }

    @Test(.enabled(if: OneDNN.supportsBFloat16, "needs BF16 in hardware"), arguments: cases)
    func bfloat16GradientPointsTheSameWay(_ test: Case) throws {
        let batch = (0..<3).map { sample($0, queries: 100, scale: test.configuration.fixedScale) }
        func gradient(_ precision: Precision) throws -> [Float] {
            let engine = BatchGradient(test.network, precision: precision)
            _ = try engine(batch, parameters: AlignedBuffer(test.parameters))
            return engine.gradient.array(test.parameters.count)
        }
        let (exact, narrow) = (try gradient(.float32), try gradient(.bfloat16))
        func norm(_ values: [Float]) -> Double {
            values.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
        }
        // Some rectifiers open or close by rounding: the whole gradient stays within 10 %.
        #expect(norm(zip(narrow, exact).map { $0 - $1 }) < 0.1 * norm(exact))
    }

    @Test func anUpsamplingModuleLearnsFromItsScaleAlone() throws {
        let test = try #require(Self.cases.first { $0.testDescription == "EDSR ×3" })
        let engine = BatchGradient(test.network, precision: .float32)
        let other = sample(0, queries: 20, scale: 2)
        let error = #expect(throws: TrainerError.self) {
            try engine([other], parameters: AlignedBuffer(test.parameters))
        }
        #expect(
            error?.description.contains("scale 3, but a sample has an input of 6×5 and a truth of 12×10")
                == true)
    }

    @Test func theBatchsGradientIsTheMeanOfItsSamples() throws {
        let test = Self.cases[0]
        let engine = BatchGradient(test.network, precision: .float32)
        let parameters = AlignedBuffer(test.parameters)
        let batch = (0..<5).map { sample($0, queries: 40, far: false) }
        var sum = [Float](repeating: 0, count: test.parameters.count)
        var loss = 0.0
        for sample in batch {
            loss += try engine([sample], parameters: parameters) / 5
            sum = zip(sum, engine.gradient.array(sum.count)).map { $0 + $1 / 5 }
        }
        #expect(abs(try engine(batch, parameters: parameters) - loss) < 1e-7)
        assertClose(actual: engine.gradient.array(sum.count), expected: sum, absolute: 1e-6, relative: 1e-4)
    }

    @Test func anotherExtentMakesNewKernels() throws {
        let test = Self.cases[0]
        let engine = BatchGradient(test.network, precision: .float32)
        let parameters = AlignedBuffer(test.parameters)
        let small = sample(0, queries: 20)
        var wide = small
        wide.inputHeight = 3
        wide.inputWidth = 10
        let first = try engine([small], parameters: parameters)
        let other = try engine([wide], parameters: parameters)
        #expect(other != first)
        #expect(try engine([small], parameters: parameters) == first)
    }

    @Test func squaredErrorsAreOfClampedColours() throws {
        // A network of zeros predicts 0, which is 0.5 after de-normalisation.
        let network = Self.cases[0].network
        let engine = BatchGradient(network, precision: .float32)
        let sample = sample(0, queries: 30, far: false)
        let zero = try engine.squaredErrors(
            [sample], parameters: AlignedBuffer(floats: network.parameters.count))
        let expected = sample.colours.reduce(0.0) { $0 + (Double($1) - 0.5) * (Double($1) - 0.5) } / 90
        #expect(abs(zero[0] - expected) < 1e-6)
        // A bias of 5 predicts 3, which shows as 1.
        let bright = AlignedBuffer(floats: network.parameters.count)
        for i in 1...3 { bright.floats[network.parameters.count - i] = 5 }
        try engine.refresh(from: bright)
        let clamped = try engine.squaredErrors([sample], parameters: bright)
        let white = sample.colours.reduce(0.0) { $0 + (Double($1) - 1) * (Double($1) - 1) } / 90
        #expect(abs(clamped[0] - white) < 1e-6)
    }

    /// `eval_type` in validation. The oracle is the PSNR of the same pictures.
    @Test(arguments: [EvaluationProtocol.benchmark(scale: 2), .divided2K(scale: 1)])
    func validationMeasuresByTheRecipesProtocol(_ evaluation: EvaluationProtocol) throws {
        let network = Self.cases[0].network
        let engine = BatchGradient(network, precision: .float32)
        let (height, width) = (17, 19)
        var truth = Image<UInt8>(width: width, height: height, channels: 3)
        for (i, value) in randomFloats(height * width * 3, seed: 9, in: 0...255).enumerated() {
            truth[i / 3 / width, i / 3 % width, i % 3] = UInt8(value)
        }
        var whole = sample(0, queries: height * width, far: false)
        whole.colours = truth.samples.map { Float($0) / 255 }
        (whole.truthHeight, whole.truthWidth, whole.isWhole) = (height, width, true)
        let zero = AlignedBuffer(floats: network.parameters.count)
        let error = try engine.squaredErrors([whole], parameters: zero, evaluation: evaluation)[0]
        let grey = FloatImage(
            height: height, width: width, channels: 3,
            values: [Float](repeating: 0.5, count: height * width * 3))
        #expect(abs(-10 * log10(error) - evaluation.psnr(prediction: grey, truth: truth)) < 1e-5)
        // A part of a picture has no border to leave out, nor have its pixels in another order.
        whole.isWhole = false
        for part in [sample(0, queries: 30, far: false), whole] {
            let refusal = #expect(throws: TrainerError.self) {
                try engine.squaredErrors([part], parameters: zero, evaluation: evaluation)
            }
            #expect(
                refusal?.description.hasPrefix("eval_type: \(evaluation.name!) measures whole pictures")
                    == true)
        }
    }
}
