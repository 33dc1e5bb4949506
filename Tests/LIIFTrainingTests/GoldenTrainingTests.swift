import Foundation
import LIIF
import LIIFTraining
import NeuralNetwork
import TensorFiles
import Tensors
import TestSupport
import Testing

/// Against `training.safetensors`, made with the released PyTorch implementation.
@Suite struct GoldenTrainingTests {
    let golden: SafetensorsFile
    let network = LIIFNetwork(.edsrBaseline)

    init() throws {
        golden = try SafetensorsFile(readingFrom: ProcessInfo.processInfo.environment["GOLDEN"]!)
    }

    /// The golden batch, [2, 3, 24, 24] planar in the file.
    var batch: [TrainingSample] {
        let input = golden["input"]!, coordinates = golden["coordinates"]!, colours = golden["colors"]!
        let cells = golden["cells"]!
        return (0..<2).map { n in
            var pixels = [Float](repeating: 0, count: 24 * 24 * 3)
            for c in 0..<3 {
                for i in 0..<(24 * 24) { pixels[i * 3 + c] = input.values[(n * 3 + c) * 576 + i] }
            }
            return TrainingSample(
                inputHeight: 24, inputWidth: 24, input: pixels,
                coordinates: Array(coordinates.values[(n * 512)..<((n + 1) * 512)]),
                cell: Cell(height: cells.values[n * 512], width: cells.values[n * 512 + 1]),
                colours: Array(colours.values[(n * 768)..<((n + 1) * 768)]))
        }
    }

    func parameters() -> AlignedBuffer {
        let buffer = AlignedBuffer(floats: network.parameters.count)
        for entry in network.parameters.entries {
            let values = formulaWeights(name: entry.name, shape: entry.shape, fanIn: entry.fanIn)
            for (i, v) in values.enumerated() { buffer.floats[entry.offset + i] = v }
        }
        return buffer
    }

    @Test func everyGradientEqualsPyTorchs() throws {
        FileHandle.standardError.write(Data("start\n".utf8))
        let engine = BatchGradient(network, precision: .float32)
        let loss = try engine(batch, parameters: parameters())
        FileHandle.standardError.write(Data("after \(loss)\n".utf8))
        #expect(abs(loss - Double(golden["losses"]!.values[0])) < 1e-5)
        for entry in network.parameters.entries {
            let got = (0..<entry.count).map { engine.gradient.floats[entry.offset + $0] }
            assertClose(
                actual: got, expected: golden["gradient.\(entry.name)"]!.values, absolute: 1e-5, relative: 1e-3,
                shape: entry.shape)
        }
    }

    @Test func tenStepsOfAdamFollowPyTorchs() throws {
        let engine = BatchGradient(network, precision: .float32)
        let values = parameters()
        let adam = Adam(count: network.parameters.count)
        var losses: [Float] = []
        for _ in 0..<10 {
            losses.append(Float(try engine(batch, parameters: values)))
            adam.step(values, gradient: engine.gradient, rate: 1e-4)
            try engine.refresh(from: values)
        }
        assertClose(actual: losses, expected: golden["losses"]!.values, absolute: 1e-4)
    }
}
