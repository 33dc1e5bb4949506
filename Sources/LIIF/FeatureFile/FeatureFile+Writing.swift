package import Imaging
import TensorFiles
package import Tensors

extension FeatureFile {
    /// Writes one tile as a picture of its own.
    /// - Parameter pixels: The part of the picture that the tile shows.
    /// - Returns: The file's size in bytes, but for its header.
    /// - Throws: `UnwritableFile`.
    package static func write<Sample: ImageSample>(
        _ tile: FeatureTile, pixels: Image<Sample>, modelDigest: String, to path: String
    ) throws -> Int {
        let rectangle = tile.rectangle
        precondition(pixels.height == rectangle.height && pixels.width == rectangle.width)
        let header = Header(
            tiling: FeatureTiling(
                height: rectangle.height, width: rectangle.width,
                side: max(rectangle.height, rectangle.width, 16)),
            featureChannels: tile.channels, channels: pixels.channels, bitsPerSample: Sample.bitWidth,
            modelDigest: modelDigest)
        try SafetensorsFile.write(to: path, metadata: header.metadata, tensors: header.tensors) { write in
            try write(UnsafeRawBufferPointer(start: tile.values.pointer, count: tile.byteCount))
            try pixels.samples.withUnsafeBytes { try write($0) }
            withExtendedLifetime(tile) {}
        }
        return header.tensors.reduce(0) { $0 + $1.byteCount }
    }

    /// Encodes a picture that arrives from the top and writes its `.liif` file, in memory that grows with the width only.
    /// - Parameters:
    ///   - path: Where the file appears when it is complete.
    ///   - height: Extent of the picture in pixels.
    ///   - width: Extent of the picture in pixels.
    ///   - channels: Its channels, 1…4.
    ///   - rows: Gives the next rows of the picture, as many as asked for.
    ///   - progress: Told the share that is done, 0…1.
    /// - Throws: `UnwritableFile`, or what `rows` throws.
    package static func write<Sample: ImageSample>(
        to path: String, model: LIIFModel, precision: Precision = .fastest, height: Int, width: Int,
        channels: Int,
        rows: (_ count: Int) throws -> Image<Sample>, progress: (Double) -> Void = { _ in }
    ) throws {
        if let scale = model.configuration.fixedScale {
            throw FeatureFileError.fixedScale(file: path, scale: scale)
        }
        let header = Header(
            tiling: FeatureTiling(height: height, width: width),
            featureChannels: model.configuration.encoder.featureChannels, channels: channels,
            bitsPerSample: Sample.bitWidth, modelDigest: model.digest())
        let tiling = header.tiling
        try SafetensorsFile.write(to: path, metadata: header.metadata, tensors: header.tensors) { write in
            // The picture's rows from the current row of tiles on; the encoder reads ahead of them.
            var kept: ArraySlice<Sample> = []
            var firstKept = 0
            let rowLength = width * channels
            try model.encodeTiles(tiling, precision: precision) { count in
                let image = try rows(count)
                precondition(image.height == count && image.width == width && image.channels == channels)
                kept.append(contentsOf: image.samples)
                return FloatImage(image.rgb())
            } tile: { position, tile in
                try write(UnsafeRawBufferPointer(start: tile.values.pointer, count: tile.byteCount))
                let rectangle = tile.rectangle
                for y in rectangle.y..<rectangle.bottom {
                    let start = kept.startIndex + (y - firstKept) * rowLength + rectangle.x * channels
                    try Array(kept[start..<start + rectangle.width * channels]).withUnsafeBytes {
                        try write($0)
                    }
                }
                if position.column == tiling.columns - 1 {
                    kept = Array(kept.dropFirst((rectangle.bottom - firstKept) * rowLength))[...]
                    firstKept = rectangle.bottom
                    progress(Double(rectangle.bottom) / Double(height))
                }
                withExtendedLifetime(tile) {}
            }
        }
    }
}
