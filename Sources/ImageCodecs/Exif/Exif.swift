public import Imaging

/// A block of EXIF as files hold it: a TIFF structure of directories whose entries point into the block.
///
/// It is edited in place, so that everything that is not understood, maker notes with their own pointers above all,
/// stays byte for byte at its place. Every access is checked against the block's bounds: files may contain anything.
public struct Exif: Sendable, Equatable {
    /// The block, from the byte-order mark on.
    public internal(set) var bytes: [UInt8]
    let isBigEndian: Bool

    /// Nil if the bytes do not begin like EXIF with a directory.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count < 1 << 30 else { return nil }
        switch bytes.prefix(4) {
        case [0x49, 0x49, 0x2A, 0x00]: isBigEndian = false
        case [0x4D, 0x4D, 0x00, 0x2A]: isBigEndian = true
        default: return nil
        }
        self.bytes = bytes
        guard let first = integer(at: 4, size: 4), first >= 8, entryCount(of: first) != nil else {
            return nil
        }
    }

    /// A block without any entry.
    init() {
        bytes = [0x49, 0x49, 0x2A, 0x00, 8, 0, 0, 0] + [UInt8](repeating: 0, count: 6)
        isBigEndian = false
    }

    /// How the picture is to be turned; nil if the block does not say so or says something unknown.
    public var orientation: Orientation? {
        value(of: .orientation, in: imageDirectory).flatMap { Orientation(rawValue: UInt16(clamping: $0)) }
    }

    /// Pixels per inch; nil if the block does not say so.
    var density: PixelDensity? {
        guard let x = rational(of: .xResolution), let y = rational(of: .yResolution) else { return nil }
        let unit = value(of: .resolutionUnit, in: imageDirectory) ?? 2
        guard unit == 2 || unit == 3, x > 0, y > 0 else { return nil }
        let scale = unit == 3 ? 2.54 : 1
        return PixelDensity(horizontal: x * scale, vertical: y * scale)
    }

    /// The directory of the picture itself, IFD0.
    var imageDirectory: Int { integer(at: 4, size: 4) ?? 0 }

    /// The directory of what the camera did, or nil.
    var cameraDirectory: Int? { value(of: .exifDirectory, in: imageDirectory) }

    private func rational(of tag: TIFFTag) -> Double? {
        guard let entry = entry(tag, in: imageDirectory), entry.type == 5, entry.count == 1,
            let place = integer(at: entry.position + 8, size: 4),
            let numerator = integer(at: place, size: 4), let denominator = integer(at: place + 4, size: 4),
            denominator > 0
        else { return nil }
        return Double(numerator) / Double(denominator)
    }
}

/// Tags of TIFF and EXIF that are read or written here.
enum TIFFTag: Int, CaseIterable {
    case newSubfileType = 0xFE, subfileType = 0xFF
    case imageWidth = 0x100, imageLength = 0x101
    case imageDescription = 0x10E, make = 0x10F, model = 0x110
    case orientation = 0x112
    case xResolution = 0x11A, yResolution = 0x11B, resolutionUnit = 0x128
    case software = 0x131, dateTime = 0x132, artist = 0x13B, hostComputer = 0x13C, copyright = 0x8298
    case thumbnailOffset = 0x201, thumbnailLength = 0x202
    case makerNote = 0x927C
    case rating = 0x4746, ratingPercent = 0x4749
    case exifDirectory = 0x8769, gpsDirectory = 0x8825
    case pixelXDimension = 0xA002, pixelYDimension = 0xA003
    case interoperabilityDirectory = 0xA005
}
