/// A convolution of stride 1 on one channels-last map [H, W, C].
package struct ConvolutionShape: Hashable, Sendable {
    /// Extents of the source.
    package var height, width: Int
    package var inputChannels, outputChannels: Int
    /// Extent of the square kernel, odd.
    package var kernel: Int
    /// Whether zeros stand above and below the source, so that the height is kept. Columns always are.
    package var padsRows: Bool

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

    /// Numbers of the source and of the result.
    var sourceCount: Int { height * width * inputChannels }
    var outputCount: Int { outputHeight * width * outputChannels }

    var text: String {
        "convolution \(inputChannels)→\(outputChannels) \(kernel)×\(kernel) on \(height)×\(width)"
    }
}
