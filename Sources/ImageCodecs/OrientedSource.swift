import Imaging

/// Gives the rows of a picture upright that is stored in another orientation.
///
/// Pictures mirrored left to right are turned row by row. All others are read whole before the first row is given, for
/// it lies in the last row of the file or in all of them; the pixel limit bounds that.
final class OrientedSource: RowSource {
    let info: ImageInfo
    let metadata: ImageMetadata
    private(set) var rowsRead = 0
    private let source: any RowSource
    private let orientation: Orientation
    /// The picture turned; nil until the first row is asked for.
    private var whole: [UInt8]?

    var format: ImageFormat { source.format }
    var holdsMorePictures: Bool { source.holdsMorePictures }

    init(_ source: any RowSource) {
        self.source = source
        orientation = source.metadata.orientation
        var (info, metadata) = (source.info, source.metadata)
        metadata.orientation = .up
        metadata.exif?.set(.up)
        if orientation.exchangesExtents {
            (info.width, info.height) = (info.height, info.width)
            metadata.density = metadata.density.map {
                PixelDensity(horizontal: $0.vertical, vertical: $0.horizontal)
            }
        }
        self.info = info
        self.metadata = metadata
    }

    func readRows(_ count: Int, into buffer: UnsafeMutableRawBufferPointer) throws(ImageCodecError) {
        precondition(count >= 0 && count <= rowsLeft, "the picture has no more rows")
        precondition(buffer.count >= count * info.rowSize, "the buffer is too small")
        guard count > 0 else { return }
        if orientation == .mirrored {
            buffer.copyBytes(from: try turned(rows: count))
        } else {
            let turned: [UInt8]
            if let whole { turned = whole } else { turned = try self.turned(rows: source.info.height) }
            whole = rowsRead + count == info.height ? nil : turned
            let start = rowsRead * info.rowSize
            buffer.copyBytes(from: turned[start..<start + count * info.rowSize])
        }
        rowsRead += count
    }

    /// The next rows of the file, turned.
    private func turned(rows: Int) throws(ImageCodecError) -> [UInt8] {
        info.bitsPerSample == 16
            ? try turned(rows: rows, of: UInt16.self) : try turned(rows: rows, of: UInt8.self)
    }

    private func turned<Sample: ImageSample>(
        rows: Int, of type: Sample.Type
    ) throws(ImageCodecError) -> [UInt8] {
        guard let strip = try source.readRows(rows, as: type) else { preconditionFailure("no rows are left") }
        return strip.upright(from: orientation).samples.withUnsafeBytes { Array($0) }
    }
}
