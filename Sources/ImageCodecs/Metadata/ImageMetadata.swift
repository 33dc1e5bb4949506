public import Imaging

/// What a picture file holds beside its rows: how their colours are meant, and what is told about the picture.
///
/// A source's metadata describe the rows it gives: where it turns the picture upright, the orientation is `.up`. A sink
/// writes what its format can hold and corrects what speaks of pixels: extents in EXIF and XMP become the output's,
/// the thumbnail in EXIF is dropped, orientation and resolution agree everywhere.
public struct ImageMetadata: Sendable, Equatable {
    /// What the samples mean.
    public var color: ColorEncoding
    /// How the rows are to be turned to be seen.
    public var orientation: Orientation
    /// Pixels per inch; nil where unknown.
    public var density: PixelDensity?
    /// What the camera and programs noted; nil where there is nothing.
    public var exif: Exif?
    /// The XMP packet, as UTF-8; nil where there is none.
    public var xmp: [UInt8]?
    /// What made the file, for its field "Software"; nil leaves what EXIF says.
    public var software: String?

    /// No metadata: the colours are taken as sRGB, the first row is the top.
    public init(
        color: ColorEncoding = .unspecified, orientation: Orientation = .up, density: PixelDensity? = nil,
        exif: Exif? = nil, xmp: [UInt8]? = nil, software: String? = nil
    ) {
        self.color = color
        self.orientation = orientation
        self.density = density
        self.exif = exif
        self.xmp = xmp
        self.software = software
    }

    /// The same with a note on what made the picture.
    public func produced(by provenance: Provenance) -> ImageMetadata {
        var metadata = self
        metadata.software = provenance.description
        return metadata
    }

    /// The same for a picture of `info`: what speaks of pixels is corrected, a profile of other channels left out.
    package func fitted(to info: ImageInfo) -> ImageMetadata {
        var metadata = self
        if !color.fits(channels: info.channels) { metadata.color = .unspecified }
        if var exif {
            exif.removeThumbnail()
            exif.setExtent(width: info.width, height: info.height)
            exif.set(orientation)
            if let density { exif.set(density) }
            if let software { exif.setSoftware(software) }
            metadata.exif = exif
        }
        metadata.xmp = xmp.flatMap {
            XMPPacket($0)?.corrected(width: info.width, height: info.height, orientation: orientation)
        }
        return metadata
    }
}

/// Pixels per inch.
public struct PixelDensity: Sendable, Equatable {
    /// Along a row.
    public var horizontal: Double
    /// Along a column.
    public var vertical: Double

    /// - Precondition: both are positive.
    public init(horizontal: Double, vertical: Double) {
        precondition(horizontal > 0 && vertical > 0)
        self.horizontal = horizontal
        self.vertical = vertical
    }
}
