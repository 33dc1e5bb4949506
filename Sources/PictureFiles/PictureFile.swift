package import ImageCodecs
import Imaging
package import LIIF

/// Opens what `liif upscale` reads and `liif serve` shows: pictures, and `.liif` files of pictures that were encoded before.
package enum PictureFile {
    /// As `ImageFile.source`.
    package static func source(
        at path: String, pixelLimit: Int, inSRGB: Bool = false
    ) throws -> any RowSource {
        guard FeatureFile.isNamed(path) else {
            return try ImageFile.source(at: path, pixelLimit: pixelLimit, inSRGB: inSRGB)
        }
        return FeatureFileSource(try FeatureFile(path: path), path: path)
    }

    /// Whether a file in a folder is one, by its name.
    package static func isNamed(_ name: String) -> Bool {
        ImageFormat(pathExtension: name) != nil || FeatureFile.isNamed(name)
    }
}

/// The pixels of a `.liif` file.
package final class FeatureFileSource: RowSource {
    package let file: FeatureFile
    package let info: ImageInfo
    /// Without loss, as the pixels are kept.
    package let format = ImageFormat.png
    package let metadata = ImageMetadata()
    package private(set) var rowsRead = 0
    private let path: String
    /// What is left of the row of tiles that was read last: tiles are read once.
    private var band: ArraySlice<UInt8> = []
    private var rowsInBands = 0

    package init(_ file: FeatureFile, path: String) {
        self.file = file
        self.path = path
        let header = file.header
        info = ImageInfo(
            width: header.tiling.width, height: header.tiling.height, channels: header.channels,
            bitsPerSample: header.bitsPerSample)
    }

    package func readRows(
        _ count: Int, into buffer: UnsafeMutableRawBufferPointer
    ) throws(ImageCodecError) {
        precondition(count <= rowsLeft, "the picture has no more rows")
        var target = buffer[..<(count * info.rowSize)]
        while !target.isEmpty {
            if band.isEmpty { band = try nextBand()[...] }
            let part = band.prefix(target.count)
            UnsafeMutableRawBufferPointer(rebasing: target).copyBytes(from: part)
            band.removeFirst(part.count)
            target.removeFirst(part.count)
        }
        rowsRead += count
    }

    /// The rows of the next row of tiles, as stored.
    private func nextBand() throws(ImageCodecError) -> [UInt8] {
        let rows = rowsInBands..<min(rowsInBands + file.header.tiling.side, info.height)
        rowsInBands = rows.upperBound
        do {
            return info.bitsPerSample == 16
                ? try file.rows(rows, as: UInt16.self).samples.withUnsafeBytes { Array($0) }
                : try file.rows(rows, as: UInt8.self).samples
        } catch {
            throw .unreadable(path: path, reason: "\(error)")
        }
    }
}
