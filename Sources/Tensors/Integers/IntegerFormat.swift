import CTensorKernels

/// The integers of a layer whose activations and weights are whole steps; sums are 32-bit and exact.
package enum IntegerFormat: Sendable {
    /// Activations 0…255, weights −127…127.
    case eightBit
    /// Activations 0…4095, weights as fine as their sums allow.
    case sixteenBit

    /// Whether this processor adds up pairs or quadruples of such products in one instruction.
    package var isSupported: Bool {
        switch self {
        case .eightBit: OneDNN.supportsEightBit
        case .sixteenBit: liif_product_i16_fastest() > 0
        }
    }

    /// The greatest activation, in steps.
    package var greatestActivation: Float {
        switch self {
        case .eightBit: 255
        case .sixteenBit: Float(LIIF_I16_GREATEST)
        }
    }

    /// What a layer's range is multiplied by, so that hardly an activation exceeds it. 8 bits have none to spare.
    package var rangeMargin: Float { self == .eightBit ? 1 : 2 }

    /// Bytes of an activation.
    package var activationBytes: Int { self == .eightBit ? 1 : 2 }

    /// Steps of one output's weights per unit: the most at which neither a weight nor a sum overflows.
    /// - Parameter weights: Of one output.
    package func stepsPerUnit(of weights: some Collection<Float>) -> Float {
        let greatest = weights.reduce(1e-12) { max($0, abs($1)) }
        guard self == .sixteenBit else { return 127 / greatest }
        let sum = weights.reduce(1e-12) { $0 + Double(abs($1)) }
        // Every weight may be rounded up by half a step.
        let room = Double(Int32.max) / Double(greatestActivation) - Double(weights.count)
        precondition(room > 0, "\(weights.count) inputs are too many for 16-bit integers")
        return min(Float(Int16.max - 1) / greatest, Float(room / sum))
    }

    /// - Parameters:
    ///   - weights: [columns, inner], in steps.
    ///   - scales: Steps of the destination per unit of the integer sum, by column; above 0.
    ///   - bias: In steps of the destination, by column.
    package func product(rows: Int, inner: Int, weights: [Int16], scales: [Float], bias: [Float]) throws
        -> any IntegerProduct
    {
        precondition(scales.count == bias.count && weights.count == inner * bias.count)
        precondition(scales.allSatisfy { $0 > 0 })
        return switch self {
        case .eightBit:
            try EightBitProduct(rows: rows, inner: inner, weights: weights, scales: scales, bias: bias)
        case .sixteenBit:
            SixteenBitProduct(rows: rows, inner: inner, weights: weights, scales: scales, bias: bias)
        }
    }
}

/// destination = round(max(0, scales[column] · (source · weights) + bias)), at most the format's greatest activation.
/// Executed by one thread at a time, on that thread alone.
package protocol IntegerProduct: AnyObject {
    /// - Parameters:
    ///   - source: [rows, inner], and one activation more, which is read and does not count.
    ///   - destination: [rows, columns].
    func callAsFunction(source: UnsafeMutableRawPointer, destination: UnsafeMutableRawPointer)
}
