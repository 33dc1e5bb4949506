import COneDNN

/// A convolution of stride 1 on one channels-last map [H, W, C].
package struct ConvolutionShape: Hashable, Sendable {
    /// Extents of the source.
    package var height, width: Int
    package var inputChannels, outputChannels: Int
    /// Extent of the square kernel, odd.
    package var kernel: Int
    /// Whether zeros stand above and below the source, so that the height is kept. Columns always are.
    package var padsRows = true

    package init(
        height: Int, width: Int, inputChannels: Int, outputChannels: Int, kernel: Int, padsRows: Bool = true
    ) {
        precondition(kernel % 2 == 1 && height > 0 && width > 0)
        self.height = height
        self.width = width
        self.inputChannels = inputChannels
        self.outputChannels = outputChannels
        self.kernel = kernel
        self.padsRows = padsRows
    }

    /// Rows of the result.
    package var outputHeight: Int { padsRows ? height : height - kernel + 1 }

    fileprivate func specification(
        _ direction: liif_direction, source: Precision, destination: Precision, accumulate: Bool = false,
        relu: Bool = false, bias: Bool
    ) -> liif_convolution {
        liif_convolution(
            height: Int64(height), width: Int64(width), inputChannels: Int64(inputChannels),
            outputChannels: Int64(outputChannels), kernel: Int64(kernel),
            padRows: padsRows ? Int64(kernel / 2) : 0, padColumns: Int64(kernel / 2), direction: direction,
            source: source.element, destination: destination.element, accumulate: accumulate ? 1 : 0,
            relu: relu ? 1 : 0, bias: bias ? 1 : 0)
    }

    fileprivate var text: String {
        "convolution \(inputChannels)→\(outputChannels) \(kernel)×\(kernel) on \(height)×\(width)"
    }
}

/// destination = [destination +] source ∗ weights [+ bias], rectified on request.
package final class ConvolutionForward: Primitive {
    private let hasBias: Bool

    /// - Parameters:
    ///   - source: Element type of the source and the weights.
    ///   - accumulate: Adds to what the destination holds.
    package init(
        _ shape: ConvolutionShape, source: Precision, destination: Precision, bias: Bool = true,
        accumulate: Bool = false, relu: Bool = false
    ) throws {
        hasBias = bias
        var specification = shape.specification(
            LIIF_FORWARD, source: source, destination: destination, accumulate: accumulate, relu: relu,
            bias: bias)
        try super.init(shape.text) { liif_convolution_create(&$0, &specification) }
    }

    package func callAsFunction(
        source: UnsafeMutableRawPointer, weights: UnsafeMutableRawPointer, bias: UnsafeMutableRawPointer?,
        destination: UnsafeMutableRawPointer
    ) {
        if hasBias {
            withUnsafeArguments(source, weights, bias, destination) { execute($0) }
        } else {
            withUnsafeArguments(source, weights, destination, nil) { execute($0) }
        }
    }
}

/// sourceGradient = destinationGradient ∗ᵀ weights
package final class ConvolutionBackwardData: Primitive {
    /// - Parameters:
    ///   - gradient: Element type of the destination's gradient and the weights.
    ///   - sourceGradient: Element type of the result.
    package init(_ shape: ConvolutionShape, gradient: Precision, sourceGradient: Precision) throws {
        var specification = shape.specification(
            LIIF_BACKWARD_DATA, source: sourceGradient, destination: gradient, bias: false)
        try super.init("gradient of \(shape.text)") { liif_convolution_create(&$0, &specification) }
    }

    package func callAsFunction(
        sourceGradient: UnsafeMutableRawPointer, weights: UnsafeMutableRawPointer,
        destinationGradient: UnsafeMutableRawPointer
    ) {
        withUnsafeArguments(sourceGradient, weights, destinationGradient, nil) { execute($0) }
    }
}

/// weightGradient = source ⋆ destinationGradient, in float32; the bias's is the sum over positions.
package final class ConvolutionBackwardWeights: Primitive {
    package init(_ shape: ConvolutionShape, precision: Precision) throws {
        var specification = shape.specification(
            LIIF_BACKWARD_WEIGHTS, source: precision, destination: precision, bias: true)
        try super.init("weight gradient of \(shape.text)") { liif_convolution_create(&$0, &specification) }
    }

    package func callAsFunction(
        source: UnsafeMutableRawPointer, weightGradient: UnsafeMutableRawPointer,
        biasGradient: UnsafeMutableRawPointer, destinationGradient: UnsafeMutableRawPointer
    ) {
        withUnsafeArguments(source, weightGradient, biasGradient, destinationGradient) { execute($0) }
    }
}

func withUnsafeArguments(
    _ a: UnsafeMutableRawPointer?, _ b: UnsafeMutableRawPointer?, _ c: UnsafeMutableRawPointer?,
    _ d: UnsafeMutableRawPointer?, _ body: (UnsafePointer<UnsafeMutableRawPointer?>) -> Void
) {
    withUnsafeTemporaryAllocation(of: UnsafeMutableRawPointer?.self, capacity: 4) { list in
        (list[0], list[1], list[2], list[3]) = (a, b, c, d)
        body(UnsafePointer(list.baseAddress!))
    }
}
