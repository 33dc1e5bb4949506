import NeuralNetwork

extension ConvolutionGraph {
    /// EDSR (Lim et al. 2017, figure 3) up to its last feature map: a convolution, residual blocks without
    /// batch normalisation, a convolution, and a skip around them all.
    mutating func edsr(blocks: Int, channels: Int, residualScale: Float) -> Value {
        let head = convolution("encoder.head.0", of: [input], outputChannels: channels)
        var x = head
        for block in 0..<blocks {
            let inner = convolution(
                "encoder.body.\(block).body.0", of: [x], outputChannels: channels, rectified: true)
            x = convolution(
                "encoder.body.\(block).body.2", of: [inner], outputChannels: channels, addedTo: x,
                scale: residualScale)
        }
        return convolution("encoder.body.\(blocks)", of: [x], outputChannels: channels, addedTo: head)
    }
}
