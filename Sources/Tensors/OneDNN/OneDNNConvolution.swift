import COneDNN

extension ConvolutionShape {
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
}

/// destination = [destination +] source ∗ weights [+ bias], rectified on request.
final class OneDNNForward: Primitive {
    private let hasBias: Bool

    /// - Parameters:
    ///   - source: Element type of the source and the weights.
    ///   - accumulate: Adds to what the destination holds.
    init(
        _ shape: ConvolutionShape, source: Precision, destination: Precision, bias: Bool = true,
        accumulate: Bool = false, relu: Bool = false
    ) throws {
        hasBias = bias
        var specification = shape.specification(
            LIIF_FORWARD, source: source, destination: destination, accumulate: accumulate, relu: relu,
            bias: bias)
        try super.init(shape.text) { liif_convolution_create(&$0, &specification) }
    }

    func callAsFunction(
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
final class OneDNNBackwardData: Primitive {
    /// - Parameters:
    ///   - gradient: Element type of the destination's gradient and the weights.
    ///   - sourceGradient: Element type of the result.
    init(_ shape: ConvolutionShape, gradient: Precision, sourceGradient: Precision) throws {
        var specification = shape.specification(
            LIIF_BACKWARD_DATA, source: sourceGradient, destination: gradient, bias: false)
        try super.init("gradient of \(shape.text)") { liif_convolution_create(&$0, &specification) }
    }

    func callAsFunction(
        sourceGradient: UnsafeMutableRawPointer, weights: UnsafeMutableRawPointer,
        destinationGradient: UnsafeMutableRawPointer
    ) {
        withUnsafeArguments(sourceGradient, weights, destinationGradient, nil) { execute($0) }
    }
}

/// weightGradient = source ⋆ destinationGradient, in float32; the bias's is the sum over positions.
final class OneDNNBackwardWeights: Primitive {
    init(_ shape: ConvolutionShape, precision: Precision) throws {
        var specification = shape.specification(
            LIIF_BACKWARD_WEIGHTS, source: precision, destination: precision, bias: true)
        try super.init("weight gradient of \(shape.text)") { liif_convolution_create(&$0, &specification) }
    }

    func callAsFunction(
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
