import Foundation
import LIIF
import LIIFTraining
import NeuralNetwork
import TensorFiles
import Tensors
import TestSupport
import Testing

/// A batch with its losses and gradients, made with the released PyTorch implementation from formula weights.
struct GoldenTraining {
    let file: SafetensorsFile
    let network = LIIFNetwork(.edsrBaseline)

    /// - Parameter path: nil for the fixture, which holds every 7th element of gradients of more than 4096.
    init(_ path: String? = nil) throws {
        file = try SafetensorsFile(readingFrom: path ?? Self.fixture)
    }

    static var fixture: String {
        Bundle.module.resourceURL!.appendingPathComponent("Fixtures/training.safetensors").path
    }

    /// The golden batch, [2, 3, 24, 24] planar in the file.
    var batch: [TrainingSample] {
        let input = file["input"]!, coordinates = file["coordinates"]!, colours = file["colors"]!
        let cells = file["cells"]!
        return (0..<2).map { n in
            var pixels = [Float](repeating: 0, count: 24 * 24 * 3)
            for c in 0..<3 {
                for i in 0..<(24 * 24) { pixels[i * 3 + c] = input.values[(n * 3 + c) * 576 + i] }
            }
            return TrainingSample(
                input: pixels, inputHeight: 24, inputWidth: 24,
                coordinates: Array(coordinates.values[(n * 512)..<((n + 1) * 512)]),
                cell: Cell(height: cells.values[n * 512], width: cells.values[n * 512 + 1]),
                colours: Array(colours.values[(n * 768)..<((n + 1) * 768)]), truthHeight: 0, truthWidth: 0)
        }
    }

    var losses: [Float] { file["losses"]!.values }

    /// Formula weights.
    var parameters: AlignedBuffer {
        AlignedBuffer(
            network.parameters.entries.flatMap {
                formulaWeights(name: $0.name, shape: $0.shape, fanIn: $0.fanIn)
            })
    }

    /// Whether large gradients are thinned out.
    var isReduced: Bool { file.metadata["stride"] != nil }

    /// Compares the first step's loss and every gradient that the file holds.
    func expectFirstStep() throws {
        let engine = BatchGradient(network, precision: .float32)
        let loss = try engine(batch, parameters: parameters)
        #expect(abs(loss - Double(losses[0])) < 1e-5)
        let whole = file.metadata["whole"].flatMap { Int($0) } ?? .max
        let step = file.metadata["stride"].flatMap { Int($0) } ?? 1
        for entry in network.parameters.entries {
            let expected = try #require(file["gradient.\(entry.name)"])
            let stride = entry.count <= whole ? 1 : step
            let actual = Swift.stride(from: 0, to: entry.count, by: stride).map {
                engine.gradient.floats[entry.offset + $0]
            }
            assertClose(
                actual: actual, expected: expected.values, absolute: 1e-5, relative: 1e-3,
                "\(entry.name) \(entry.shape), every \(stride)th element")
        }
    }

    /// Ten steps of Adam at 1e-4.
    func trainedLosses() throws -> [Float] {
        let engine = BatchGradient(network, precision: .float32)
        let values = parameters
        let adam = Adam(count: network.parameters.count)
        return try (0..<10).map { _ in
            let loss = try engine(batch, parameters: values)
            adam.step(values, gradient: engine.gradient, rate: 1e-4)
            try engine.refresh(from: values)
            return Float(loss)
        }
    }
}
