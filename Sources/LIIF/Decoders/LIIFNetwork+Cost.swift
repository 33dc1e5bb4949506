/// What the decoder costs beside the graph.
extension LIIFNetwork {
    /// Multiply-adds that a query needs after the work that is done once for each latent.
    package var multiplyAddsPerQuery: Int {
        switch decoder {
        case .implicit(let layout):
            (layout.hidden + [layout.last]).map { $0.inputs * $0.outputs }.reduce(0, +) * layout.corners
        case .metaSR(let layout): 6 * layout.width
        case .upsampling: 0
        }
    }

    /// Multiply-adds that are counted for each latent: MetaSR's tables. LIIF's first layer, which the paper's
    /// formulation has per query, does not count (Docs/Results.md).
    package var multiplyAddsPerLatent: Int {
        if case .metaSR(let layout) = decoder { layout.tableInputs * 3 * (layout.width + 1) } else { 0 }
    }

    /// Bytes of the latents that a query reads.
    package var bytesPerQuery: Int {
        switch decoder {
        case .implicit(let layout): layout.corners * layout.firstWidth * 4
        case .metaSR(let layout): layout.tableSize * 4
        case .upsampling: 0
        }
    }
}
