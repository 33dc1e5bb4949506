import CImageCodecs
import Imaging

extension ImageMetadata {
    /// What a header brought; `extra` are PNG's chunks and `directories` TIFF's, which no library of theirs gives whole.
    init(
        _ header: codec_metadata, info: ImageInfo, isCMYK: Bool, extra: PNGMetadataChunks?,
        directories: ExifDirectories?
    ) {
        func bytes(_ kind: codec_block_kind) -> [UInt8]? {
            UnsafeBufferPointer(start: header.blocks, count: header.block_count)
                .first { $0.kind == kind }
                .map { Array(UnsafeBufferPointer(start: $0.bytes, count: $0.count)) }
        }
        let block = (extra?.exif ?? bytes(CODEC_BLOCK_EXIF)).flatMap { Exif($0) } ?? directories?.block()
        var density = block?.density
        if header.density_x > 0, header.density_y > 0 {
            density = PixelDensity(horizontal: header.density_x, vertical: header.density_y)
        }
        self.init(
            color: ColorEncoding(
                header, profile: bytes(CODEC_BLOCK_ICC), code: extra?.color, channels: info.channels,
                isCMYK: isCMYK),
            orientation: Orientation(rawValue: UInt16(clamping: header.orientation)) ?? block?.orientation
                ?? .up,
            density: density, exif: block, xmp: extra?.xmp ?? bytes(CODEC_BLOCK_XMP))
    }
}
