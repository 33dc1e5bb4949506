import NeuralNetwork
import Tensors
import TestSupport
import Testing

/// Strips against the whole map: `GraphPass` on everything at once, and strips of another size.
@Suite struct GraphStreamTests {
    /// The output of a picture taken in strip by strip; every row must come once, in order.
    func streamed(
        _ graph: ConvolutionGraph, _ input: [Float], height: Int, width: Int, precision: Precision,
        positions: Int,
        workers: Int
    ) throws -> [Float] {
        let stream = try GraphStream(
            graph, parameters: AlignedBuffer(graph.parameters.initialValues(seed: 11)), height: height,
            width: width,
            precision: precision, positions: positions, workers: workers)
        let scale = graph.scales.last!
        let (inputRow, outputRow) = (width * graph.channels[0], width * scale * graph.channels.last!)
        var output: [Float] = []
        var entered = 0
        while !stream.isFinished {
            try stream.advance { rows, destination in
                #expect(rows.lowerBound == entered)
                entered = rows.upperBound
                for i in 0..<(rows.count * inputRow) {
                    destination[i] = input[rows.lowerBound * inputRow + i]
                }
            } take: { rows, source in
                #expect(rows.lowerBound * outputRow == output.count)
                output.append(contentsOf: UnsafeBufferPointer(start: source, count: rows.count * outputRow))
            }
        }
        #expect(entered == height && output.count == height * scale * outputRow)
        return output
    }

    @Test(arguments: GraphCase.all.filter { $0.testDescription != "a slice of a larger tensor's weights" })
    func stripsEqualTheWholeMap(_ test: GraphCase) throws {
        for precision in Precision.supported {
            for (height, width) in [(1, 1), (2, 5), (23, 4), (40, 3)] {
                let runner = try GraphRunner(test.graph, height: height, width: width, precision: precision)
                let input = runner.input(0)
                let whole = try runner.output(input, parameters: runner.parameters)
                let strips = try streamed(
                    test.graph, input, height: height, width: width, precision: precision, positions: 4,
                    workers: 2)
                assertClose(
                    actual: strips, expected: whole, absolute: precision == .float32 ? 2e-6 : 2e-2,
                    "\(height)×\(width) \(precision)")
                for (positions, workers) in [(1, 1), (16, 3), (64, 2), (4096, 2)] {
                    let other = try streamed(
                        test.graph, input, height: height, width: width, precision: precision,
                        positions: positions,
                        workers: workers)
                    #expect(
                        other == strips,
                        "strips of about \(positions) positions, \(height)×\(width) \(precision)")
                }
            }
        }
    }
}
