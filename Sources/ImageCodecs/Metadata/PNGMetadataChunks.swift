import CImageCodecs

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The chunks of a PNG file that hold EXIF and XMP, and what tells of an animation. They may stand behind the picture's
/// data, which libpng, reading row by row, meets too late: orientation must be known before the first row. And cICP, which
/// libpng before 1.6.45 does not know.
struct PNGMetadataChunks {
    private(set) var exif: [UInt8]?
    private(set) var xmp: [UInt8]?
    /// Whether it is an animation of several frames (APNG).
    private(set) var isAnimated = false
    /// What the colours are by their numbers.
    private(set) var color: ColorCode?

    /// Larger chunks are passed over.
    private static let limit = 1 << 24

    /// Walks over the chunks; where the structure ends early, so does the search. The descriptor's position stays.
    init(descriptor: Int32) {
        var position = 8
        while let header = Self.read(descriptor, position, 8) {
            let length = Self.number(Array(header[..<4]))
            let kind = String(decoding: header[4...], as: UTF8.self)
            guard length <= Int(Int32.max), kind != "IEND" else { return }
            if length <= Self.limit {
                switch kind {
                case "eXIf": exif = exif ?? Self.read(descriptor, position + 8, length)
                case "cICP" where length == 4:
                    color =
                        color ?? Self.read(descriptor, position + 8, length).flatMap(ColorCode.init(chunk:))
                case "acTL" where length == 8:
                    isAnimated = Self.read(descriptor, position + 8, 4).map { Self.number($0) > 1 } ?? false
                case "iTXt": xmp = xmp ?? Self.read(descriptor, position + 8, length).flatMap(Self.packet)
                default: break
                }
            }
            position += length + 12
        }
    }

    /// The packet in an international text chunk, if it is one: keyword, 0, whether it is compressed, how (0: zlib), two texts
    /// that nobody needs here.
    private static func packet(_ chunk: [UInt8]) -> [UInt8]? {
        let keyword = Array("XML:com.adobe.xmp".utf8) + [0]
        guard chunk.starts(with: keyword), chunk.count > keyword.count + 2, chunk[keyword.count + 1] == 0
        else {
            return nil
        }
        let texts = chunk[(keyword.count + 2)...].split(
            separator: 0, maxSplits: 2, omittingEmptySubsequences: false)
        guard texts.count == 3 else { return nil }
        switch chunk[keyword.count] {
        case 0: return Array(texts[2])
        case 1: return inflated(Array(texts[2]))
        default: return nil
        }
    }

    /// Nil for what is damaged, or larger than a chunk may be.
    private static func inflated(_ bytes: [UInt8]) -> [UInt8]? {
        var capacity = max(1 << 12, 4 * bytes.count)
        while capacity <= limit {
            var count = 0
            var status = CODEC_INFLATED_DAMAGED
            let result = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, initialized in
                status = codec_inflate(bytes, bytes.count, buffer.baseAddress, capacity, &count)
                initialized = count
            }
            switch status {
            case CODEC_INFLATED: return result
            case CODEC_INFLATED_TOO_LARGE: capacity = capacity < limit ? min(4 * capacity, limit) : limit + 1
            default: return nil
            }
        }
        return nil
    }

    private static func number(_ bytes: [UInt8]) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }

    private static func read(_ descriptor: Int32, _ position: Int, _ count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        return pread(descriptor, &bytes, count, off_t(position)) == count ? bytes : nil
    }
}
