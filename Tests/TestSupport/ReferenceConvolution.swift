/// A convolution of stride 1 in plain loops and double precision: the reference for every fast one.
package struct ReferenceConvolution {
    package var height, width, inputChannels, outputChannels, kernel: Int
    /// Whether zeros stand above and below; at the sides they always do.
    package var padsRows = true

    package init(
        height: Int, width: Int, inputChannels: Int, outputChannels: Int, kernel: Int, padsRows: Bool = true
    ) {
        self.height = height
        self.width = width
        self.inputChannels = inputChannels
        self.outputChannels = outputChannels
        self.kernel = kernel
        self.padsRows = padsRows
    }

    package var outputHeight: Int { padsRows ? height : height - kernel + 1 }
    package var sourceCount: Int { height * width * inputChannels }
    package var outputCount: Int { outputHeight * width * outputChannels }
    package var weightCount: Int { outputChannels * inputChannels * kernel * kernel }

    /// Calls `body(source, weight, output)` for every product of a source element and a weight that is
    /// part of an output element: [H, W, C], [O, C, k, k] and [H', W, O].
    private func forEachProduct(_ body: (Int, Int, Int) -> Void) {
        let padding = padsRows ? kernel / 2 : 0
        for y in 0..<outputHeight {
            for x in 0..<width {
                for dy in 0..<kernel where (0..<height).contains(y + dy - padding) {
                    for dx in 0..<kernel where (0..<width).contains(x + dx - kernel / 2) {
                        let position = (y + dy - padding) * width + x + dx - kernel / 2
                        for o in 0..<outputChannels {
                            for c in 0..<inputChannels {
                                body(
                                    position * inputChannels + c,
                                    ((o * inputChannels + c) * kernel + dy) * kernel + dx,
                                    (y * width + x) * outputChannels + o)
                            }
                        }
                    }
                }
            }
        }
    }

    /// [initial +] source ∗ weights [+ bias], rectified on request.
    package func forward(
        _ source: [Float], weights: [Float], bias: [Float]? = nil, initial: [Float]? = nil, relu: Bool = false
    ) -> [Float] {
        var sums = [Double](repeating: 0, count: outputCount)
        for i in sums.indices {
            sums[i] = Double(initial?[i] ?? 0) + Double(bias?[i % outputChannels] ?? 0)
        }
        forEachProduct { s, w, o in sums[o] += Double(source[s]) * Double(weights[w]) }
        return sums.map { Float(relu ? max(0, $0) : $0) }
    }

    /// The source's gradient from the output's.
    package func sourceGradient(_ gradient: [Float], weights: [Float]) -> [Float] {
        var sums = [Double](repeating: 0, count: sourceCount)
        forEachProduct { s, w, o in sums[s] += Double(gradient[o]) * Double(weights[w]) }
        return sums.map { Float($0) }
    }

    /// The weights' gradient from the output's.
    package func weightGradient(_ source: [Float], _ gradient: [Float]) -> [Float] {
        var sums = [Double](repeating: 0, count: weightCount)
        forEachProduct { s, w, o in sums[w] += Double(source[s]) * Double(gradient[o]) }
        return sums.map { Float($0) }
    }

    /// The bias's gradient from the output's.
    package func biasGradient(_ gradient: [Float]) -> [Float] {
        var sums = [Double](repeating: 0, count: outputChannels)
        for (i, g) in gradient.enumerated() { sums[i % outputChannels] += Double(g) }
        return sums.map { Float($0) }
    }
}

/// [initial +] source [rows, inner] · weights [inner, columns] [+ bias], rectified on request, in double.
package func referenceProduct(
    _ source: [Float], _ weights: [Float], rows: Int, columns: Int, inner: Int, bias: [Float]? = nil,
    initial: [Float]? = nil, relu: Bool = false
) -> [Float] {
    (0..<rows * columns).map { i in
        let (row, column) = i.quotientAndRemainder(dividingBy: columns)
        var sum = Double(initial?[i] ?? 0) + Double(bias?[column] ?? 0)
        for k in 0..<inner { sum += Double(source[row * inner + k]) * Double(weights[k * columns + column]) }
        return Float(relu ? max(0, sum) : sum)
    }
}

/// Rows become columns.
package func transposed(_ values: [Float], rows: Int, columns: Int) -> [Float] {
    (0..<rows * columns).map { values[$0 % rows * columns + $0 / rows] }
}
