import ImageCodecs
import Imaging

/// The input's colours row by row, straight from the file. Only a picture with alpha is read whole at first,
/// for its alpha is enlarged by itself.
final class InputRows {
    /// The alpha plane, where there is one.
    let alpha: Image<UInt8>?
    private let nextRows: (_ count: Int) throws -> FloatImage

    init(_ source: any RowSource) throws {
        if source.info.channels % 2 == 1 {
            alpha = nil
            nextRows = { count in try Self.colours(of: source, count) }
        } else {
            let picture = try source.readRows(source.info.height, as: UInt16.self)!
            alpha = Image<UInt8>(depthOf: picture.channel(picture.channels - 1))
            let colours = picture.rgb()
            var row = 0
            nextRows = { count in
                defer { row += count }
                return FloatImage(colours.cropped(y: row, x: 0, height: count, width: colours.width))
            }
        }
    }

    /// The next rows, three channels in 0…1.
    func next(_ count: Int) throws -> FloatImage { try nextRows(count) }

    private static func colours(of source: any RowSource, _ count: Int) throws -> FloatImage {
        source.info.bitsPerSample == 16
            ? FloatImage(try source.readRows(count, as: UInt16.self)!.rgb())
            : FloatImage(try source.readRows(count, as: UInt8.self)!.rgb())
    }
}
