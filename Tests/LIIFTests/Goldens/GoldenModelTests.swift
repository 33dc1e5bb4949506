import Foundation
import LIIF
import NeuralNetwork
import TensorFiles
import Tensors
import TestSupport
import Testing

/// Every model of the paper with the goldens' formula weights against the released PyTorch implementation: every
/// element of every feature and output, in float32.
@Suite struct GoldenModelTests {
    static let family = [
        "edsr-baseline-liif", "edsr-baseline-liif-c", "edsr-baseline-liif-u", "edsr-baseline-liif-d",
        "edsr-baseline-liif-e", "rdn-liif", "edsr-baseline-metasr", "rdn-metasr", "edsr-baseline-x2",
        "edsr-baseline-x3", "edsr-baseline-x4", "edsr-baseline-x8", "rdn-x2", "rdn-x3", "rdn-x4",
    ]

    @Test(arguments: family) func featuresAndOutputsEqualPyTorchs(_ name: String) throws {
        let golden = try Fixture.tensors("\(name).safetensors")
        let model = LIIFModel.formula(try ModelConfiguration(released: name))
        let count = model.configuration.fixedScale != nil ? 1 : name == "edsr-baseline-liif" ? 6 : 4
        #expect(golden.names.count == count)
        // The promised 1e-5 is for outputs of the order of 1, as MetaSR's are. LIIF's and the modules' vary by a few
        // thousandths only: a tenth says more.
        if case .metaSR = model.configuration {
            try expectEqual(model, golden, absolute: 1e-5)
        } else {
            try expectEqual(model, golden, absolute: 1e-6)
        }
    }

    @Test(arguments: family) func parameterCountsAreThePapers(_ name: String) throws {
        let network = LIIFNetwork(try ModelConfiguration(released: name))
        #expect(network.parameters.count == (try Fixture.released(name).parameters))
    }

    @Test func theCountsOfTable3() {
        func count(_ change: (inout LIIFConfiguration) -> Void) -> Int {
            var configuration = LIIFConfiguration.edsrBaseline
            change(&configuration)
            return LIIFNetwork(configuration).parameters.count
        }
        #expect(LIIFNetwork(.edsrBaseline).encoder.parameters.count == 1_220_416)
        #expect(count { _ in } == 1_567_299)
        #expect(count { $0.cellDecoding = false } == 1_566_787)
        #expect(count { $0.featureUnfolding = false } == 1_436_227)
        #expect(count { $0.localEnsemble = false } == 1_567_299)
        #expect(count { $0.hiddenWidths = [256, 256] } == 1_435_715)
    }

    /// Each output varies by 1.5e-3 about its mean, so that with more room an error would pass: relative coordinates that
    /// are exchanged make 1.7e-3, latents without shifts 2.4e-3. Roundings to BF16 make 1.7e-4.
    @Test(.enabled(if: OneDNN.supportsBFloat16, "needs BF16 in hardware"), arguments: ["x2", "stretch"])
    func bfloat16StaysNear(_ name: String) throws {
        let golden = try #require(try Fixture.tensors("edsr-baseline-liif.safetensors")[name])
        let image = try LIIFModel.formula(.liif(.edsrBaseline)).encode(Fixture.input(), precision: .bfloat16)
        assertClose(
            actual: try image.predictions(height: golden.shape[0], width: golden.shape[1]),
            expected: golden.values, absolute: 1e-3, shape: golden.shape)
    }
}

/// Features and outputs of a file of goldens: `features` [D, H, W] and any number of outputs [H, W, 3].
func expectEqual(
    _ model: LIIFModel, _ golden: SafetensorsFile, absolute: Float,
    sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let image = try model.encode(Fixture.input(), precision: .float32)
    for name in golden.names {
        let expected = try #require(golden[name])
        if name == "features" {
            let (channels, positions) = (expected.shape[0], expected.shape[1] * expected.shape[2])
            assertClose(
                actual: image.features,
                expected: transposed(expected.values, rows: channels, columns: positions),
                absolute: max(absolute, 5e-6), "features", sourceLocation: sourceLocation)
        } else {
            assertClose(
                actual: try image.predictions(height: expected.shape[0], width: expected.shape[1]),
                expected: expected.values, absolute: absolute, shape: expected.shape, "\(name)",
                sourceLocation: sourceLocation)
        }
    }
}
