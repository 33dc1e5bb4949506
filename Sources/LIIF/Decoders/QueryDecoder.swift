/// A decoder that has a colour for any coordinate, made ready for maps of one width and precision. `QueryRenderer` feeds it: for a band of
/// rows `latents` is computed once for each latent, then workers decode the band's pixels in blocks.
protocol QueryDecoder: AnyObject {
    /// How a coordinate finds its latents.
    var search: LatentSearch { get }
    /// Queries of one block.
    var blockQueries: Int { get }
    /// The decoder's first step, a convolution of the feature map.
    var latents: LatentKernel { get }

    /// Tells the extent of the pixels to come, and the latents of the whole image.
    /// - Parameter isGiven: Whether somebody asks for this extent, so that no limit of the model's holds.
    /// - Throws: `TensorError` where oneDNN refuses.
    func setCell(_ cell: Cell, isGiven: Bool, latentHeight: Int, latentWidth: Int) throws

    /// Colours of a block of queries in normalised units, [queries, 3].
    /// - Parameters:
    ///   - latents: What `latents` computed; the block's indices count its positions.
    ///   - worker: Called by one thread at a time for each.
    func decode(
        _ block: QueryBlock, latents: UnsafePointer<Float>, worker: Int,
        into colours: UnsafeMutablePointer<Float>)
}
