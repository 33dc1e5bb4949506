public import Imaging

extension LIIFModel {
    /// Makes an image continuous.
    /// - Parameters:
    ///   - image: Any extent from 1×1. Grey becomes RGB; alpha is not looked at (`fillingHiddenColours` prepares for that).
    ///   - precision: What the networks multiply in; by default the fastest that the processor has.
    /// - Throws: `TensorError` where oneDNN refuses, as it does BF16 on a processor without it.
    public func encode<Sample: ImageSample>(_ image: Image<Sample>, precision: InferencePrecision = .fastest)
        throws
        -> ContinuousImage
    {
        try encode(FloatImage(image.rgb()), precision: precision)
    }

    /// Makes an image continuous.
    /// - Parameters:
    ///   - image: Colours in 0…1, three channels.
    ///   - precision: What the networks multiply in; by default the fastest that the processor has.
    /// - Throws: `TensorError` where oneDNN refuses, as it does BF16 on a processor without it.
    public func encode(_ image: FloatImage, precision: InferencePrecision = .fastest) throws
        -> ContinuousImage
    {
        precondition(image.channels == 3)
        let encoder = try ImageEncoder(self, image, precision: precision.features, keepsAll: true)
        try encoder.encode(before: encoder.features.height)
        return ContinuousImage(self, encoder: encoder, precision: precision)
    }

    /// Up-scales an image that arrives and leaves in strips of rows, in memory that grows with its width but
    /// not with its height; the result equals `encode` and `render` bit for bit. Of a region only its
    /// surroundings are encoded; `UpscalingStream` says how exact that is.
    /// - Parameters:
    ///   - height: Extent of the source in pixels.
    ///   - width: Extent of the source in pixels.
    ///   - region: The part to show; nil for all.
    ///   - outputHeight: Rows of the result, at least 1.
    ///   - outputWidth: Columns of the result, at least 1.
    ///   - precision: What the networks multiply in; by default the fastest that the processor has.
    ///   - cell: The pixel's extent that the decoder is told (Figure 7's study); nil for the true one, within the model's limit.
    ///   - source: Gives the next rows of the source, as many as asked for, colours in 0…1, three channels.
    ///   - strip: Receives consecutive strips of the result from the top, colours in 0…1.
    /// - Throws: `RenderingError` where the model has one scale only and another is asked for; `TensorError` where oneDNN
    ///   refuses, as it does BF16 on a processor without it; what `source` and `strip` throw.
    public func upscale(
        height: Int, width: Int, region: Region? = nil, outputHeight: Int, outputWidth: Int,
        precision: InferencePrecision = .fastest, cell: Cell? = nil,
        source: (_ count: Int) throws -> FloatImage,
        strip: (FloatImage) throws -> Void
    ) throws {
        try withoutActuallyEscaping(source) { source in
            let stream = try UpscalingStream(
                self, height: height, width: width, region: region, outputHeight: outputHeight,
                outputWidth: outputWidth, precision: precision, cell: cell, source: source)
            while let rows = try stream.next() { try strip(rows) }
        }
    }
}
