public import Imaging

/// A picture file that is read from the top, a few rows at a time.
///
/// Its memory does not grow with the picture's height, except for interlaced PNG, progressive JPEG, WebP and JPEG XL
/// files, and for pictures that are turned or mirrored top to bottom. Of a TIFF file it holds a strip or a row of tiles,
/// however tall that is.
public protocol RowSource: AnyObject {
    /// What the rows are. Palettes and samples of fewer than 8 bits arrive expanded to 8, inks as RGB.
    var info: ImageInfo { get }
    /// The format found.
    var format: ImageFormat { get }
    /// What the file says of the rows and of the picture.
    var metadata: ImageMetadata { get }
    /// Whether the file holds further pictures, which are not read: TIFF's pages, the frames of an animated PNG.
    var holdsMorePictures: Bool { get }
    /// Rows read so far.
    var rowsRead: Int { get }
    /// Reads the next `count` rows as stored: `info.rowSize` bytes each, 16-bit samples in native byte order.
    ///
    /// - Precondition: `count` rows are left, and `buffer` holds them.
    func readRows(_ count: Int, into buffer: UnsafeMutableRawBufferPointer) throws(ImageCodecError)
}

extension RowSource {
    /// The one that is read is the only one.
    public var holdsMorePictures: Bool { false }

    /// Rows not yet read.
    public var rowsLeft: Int { info.height - rowsRead }

    /// Reads up to `count` of the next rows; nil after the last one. Samples are converted to `type` if the file
    /// holds the other depth.
    ///
    /// - Precondition: `count` is positive.
    public func readRows<Sample: ImageSample>(
        _ count: Int, as type: Sample.Type = UInt8.self
    ) throws(ImageCodecError) -> Image<Sample>? {
        precondition(count > 0)
        let count = min(count, rowsLeft)
        guard count > 0 else { return nil }
        if info.bitsPerSample == Sample.bitWidth { return try strip(count) }
        // Concrete types, so that the conversion is compiled for them.
        if info.bitsPerSample == 16 {
            return Image<UInt8>(depthOf: try strip(count) as Image<UInt16>) as? Image<Sample>
        }
        return Image<UInt16>(depthOf: try strip(count) as Image<UInt8>) as? Image<Sample>
    }

    private func strip<Sample: ImageSample>(_ count: Int) throws(ImageCodecError) -> Image<Sample> {
        var failure: ImageCodecError?
        let total = count * info.width * info.channels
        let samples = [Sample](unsafeUninitializedCapacity: total) { buffer, filled in
            do throws(ImageCodecError) {
                try readRows(count, into: UnsafeMutableRawBufferPointer(buffer))
                filled = total
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return Image(width: info.width, height: count, channels: info.channels, samples: samples)
    }
}
