import CImageCodecs
import Imaging

/// Metadata in C's form: blocks in memory of their own, for one call that opens a writer.
final class CodecMetadata {
    private(set) var header = codec_metadata()
    private let blocks: UnsafeMutablePointer<codec_block>
    private let copies: [UnsafeMutableBufferPointer<UInt8>]

    /// What a file of this format can hold of the metadata, which fit its picture already.
    init(_ metadata: ImageMetadata, format: ImageFormat, isBigTIFF: Bool = false) {
        var list: [(kind: codec_block_kind, tag: Int, bytes: [UInt8])] = []
        if case .profile(let bytes) = metadata.color { list.append((CODEC_BLOCK_ICC, 0, bytes)) }
        if let xmp = metadata.xmp {
            // PNG's is a text of C, with an end.
            list.append((CODEC_BLOCK_XMP, 0, format == .png ? xmp + [0] : xmp))
        }
        header.srgb = metadata.color == .sRGB ? 1 : 0
        if let density = metadata.density {
            header.density_x = density.horizontal
            header.density_y = density.vertical
        }
        let exif = metadata.exif
        switch format {
        case .tiff:
            header.orientation = UInt32(metadata.orientation.rawValue)
            let directories = exif.flatMap { TIFFStructure($0.bytes) }.flatMap { ExifDirectories($0) }
            list += Self.texts(directories, software: metadata.software)
            if let behind = directories?.block(behindHeaderOfBigTIFF: isBigTIFF), !behind.bytes.isEmpty {
                list.append((CODEC_BLOCK_TIFF_DIRECTORIES, 0, behind.bytes))
                header.exif_position = UInt64(behind.camera ?? 0)
                header.gps_position = UInt64(behind.gps ?? 0)
            }
        case .png:
            if let software = metadata.software { list.append((CODEC_BLOCK_TEXT, 0, Self.text(software))) }
            if let exif = exif ?? Self.begun(metadata, withSoftware: false) {
                list.append((CODEC_BLOCK_EXIF, 0, exif.bytes))
            }
        case .jpeg:
            if let exif = exif ?? Self.begun(metadata, withSoftware: true) {
                list.append((CODEC_BLOCK_EXIF, 0, exif.reduced().bytes))
            }
        case .webp, .jpegXL:
            // JPEG XL has its own, and EXIF's is without effect there.
            if format == .jpegXL { header.orientation = UInt32(metadata.orientation.rawValue) }
            var exif = exif ?? Self.begun(metadata, withSoftware: true)
            // They have no other place for it.
            if let density = metadata.density {
                exif = exif ?? Exif()
                exif?.set(density, addsMissing: true)
            }
            if let exif { list.append((CODEC_BLOCK_EXIF, 0, exif.bytes)) }
        }
        copies = list.map { block in
            let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: block.bytes.count)
            _ = copy.initialize(from: block.bytes)
            return copy
        }
        blocks = .allocate(capacity: max(1, list.count))
        for (index, block) in list.enumerated() {
            (blocks + index).initialize(
                to: codec_block(
                    kind: block.kind, tag: UInt32(block.tag), bytes: copies[index].baseAddress,
                    count: block.bytes.count))
        }
        header.blocks = UnsafePointer(blocks)
        header.block_count = list.count
    }

    /// A hash of everything.
    var digest: String {
        var hash = ContentHash()
        let numbers = [header.density_x.bitPattern, header.density_y.bitPattern, UInt64(header.orientation)]
        hash.add("\(numbers)".utf8)
        for (index, copy) in copies.enumerated() {
            hash.add("\(blocks[index].kind.rawValue) \(blocks[index].tag) \(copy.count)".utf8)
            hash.add(copy)
        }
        return hash.digits
    }

    deinit {
        for copy in copies { copy.deallocate() }
        blocks.deallocate()
    }

    /// A block for a picture without one, where there is something that belongs there.
    private static func begun(_ metadata: ImageMetadata, withSoftware: Bool) -> Exif? {
        let software = withSoftware ? metadata.software : nil
        guard software != nil || metadata.orientation != .up else { return nil }
        var exif = Exif()
        exif.set(metadata.orientation)
        if let software { exif.setSoftware(software) }
        return exif
    }

    /// The tags of the type ASCII that libtiff knows; others, such as a rating in words, it does not write.
    private static func texts(
        _ directories: ExifDirectories?, software: String?
    ) -> [(kind: codec_block_kind, tag: Int, bytes: [UInt8])] {
        var texts: [(kind: codec_block_kind, tag: Int, bytes: [UInt8])] = []
        for entry in directories?.image ?? [] where entry.type == 2 {
            guard ExifDirectories.texts.contains(where: { $0.rawValue == entry.tag }) else { continue }
            if software != nil, entry.tag == TIFFTag.software.rawValue { continue }
            texts.append((CODEC_BLOCK_TEXT, entry.tag, entry.value.prefix { $0 != 0 } + [0]))
        }
        if let software { texts.append((CODEC_BLOCK_TEXT, TIFFTag.software.rawValue, text(software))) }
        return texts
    }

    private static func text(_ string: String) -> [UInt8] { string.utf8.filter { $0 != 0 } + [0] }
}
