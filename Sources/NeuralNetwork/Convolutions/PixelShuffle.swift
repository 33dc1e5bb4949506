/// Rearranges channels into pixels (Shi et al. 2016): [H, W, C·r²] → [r·H, r·W, C], where input channel
/// c·r² + i·r + j becomes channel c of the pixel (i, j) of its r × r square; PyTorch's order.
package struct PixelShuffle: Sendable {
    /// r.
    package let factor: Int
    /// C, of the result.
    package let channels: Int

    /// - Precondition: both are positive.
    package init(factor: Int, channels: Int) {
        precondition(factor > 0 && channels > 0)
        self.factor = factor
        self.channels = channels
    }

    /// - Parameters:
    ///   - source: [height, width, C·r²].
    ///   - destination: Overwritten, [r·height, r·width, C]; other memory than the source's.
    package func forward<Element: BitwiseCopyable>(
        _ source: UnsafePointer<Element>, height: Int, width: Int,
        into destination: UnsafeMutablePointer<Element>
    ) {
        forEach(height: height, width: width) { packed, spread in destination[spread] = source[packed] }
    }

    /// The same permutation backwards: its transpose is its inverse.
    /// - Parameters:
    ///   - destinationGradient: [r·height, r·width, C].
    ///   - sourceGradient: Overwritten, [height, width, C·r²]; other memory.
    package func backward<Element: BitwiseCopyable>(
        _ destinationGradient: UnsafePointer<Element>, height: Int, width: Int,
        into sourceGradient: UnsafeMutablePointer<Element>
    ) {
        forEach(height: height, width: width) { packed, spread in
            sourceGradient[packed] = destinationGradient[spread]
        }
    }

    /// Every element's place before and after, in the order of the result.
    @inline(__always)
    private func forEach(height: Int, width: Int, _ body: (_ packed: Int, _ spread: Int) -> Void) {
        let square = factor * factor
        var spread = 0
        for y in 0..<(height * factor) {
            let (row, i) = y.quotientAndRemainder(dividingBy: factor)
            for x in 0..<(width * factor) {
                let (column, j) = x.quotientAndRemainder(dividingBy: factor)
                let packed = (row * width + column) * channels * square + i * factor + j
                for c in 0..<channels {
                    body(packed + c * square, spread)
                    spread += 1
                }
            }
        }
    }
}
