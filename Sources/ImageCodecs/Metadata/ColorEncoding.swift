import CImageCodecs

/// What the samples of a picture mean.
public enum ColorEncoding: Sendable, Equatable {
    /// The file does not say; everybody takes it as sRGB.
    case unspecified
    /// The file says that it is sRGB.
    case sRGB
    /// The file brings an ICC profile: its bytes.
    case profile([UInt8])

    /// The colours that a profile is for.
    enum Space: UInt32 {
        case grey = 0x4752_4159
        case rgb = 0x5247_4220
        case cmyk = 0x434D_594B
    }

    /// The profile's space; nil without a profile, or if it is damaged or for something else.
    var space: Space? {
        guard case .profile(let bytes) = self else { return nil }
        return Space(rawValue: codec_profile_space(bytes, bytes.count))
    }

    /// Whether a file of so many channels may hold it.
    func fits(channels: Int) -> Bool {
        guard case .profile = self else { return true }
        return space == (channels < 3 ? .grey : .rgb)
    }

    /// Whether these colours are sRGB's, stated or not, as far as 8 bits can tell.
    public var isSRGB: Bool {
        guard case .profile(let bytes) = self else { return true }
        return codec_profile_is_srgb(bytes, bytes.count) != 0
    }

    /// Whether the format's library writes it with such a picture. WebP has no grey, and so no place for a profile of grey;
    /// libpng and libjxl leave out what they object to.
    func isWritten(by format: ImageFormat, pixels: codec_info) -> Bool {
        guard case .profile(let bytes) = self else { return true }
        var pixels = pixels
        return switch format {
        case .png: codec_png_takes_profile(bytes, bytes.count, &pixels) != 0
        case .jpegXL: codec_jxl_takes_profile(bytes, bytes.count, &pixels) != 0
        case .webp: pixels.channels >= 3
        case .jpeg, .tiff: true
        }
    }

    /// What a header says. Profiles that are damaged or of another space than the pixels' are passed over, as
    /// programs that show pictures do. Of PNG's gAMA and cHRM a profile is made, unless they mean sRGB.
    /// - Parameter code: PNG's cICP, which goes before all others where it is understood.
    init(
        _ header: codec_metadata, profile: [UInt8]?, code: ColorCode? = nil, channels: Int, isCMYK: Bool
    ) {
        let wanted: Space = isCMYK ? .cmyk : channels < 3 ? .grey : .rgb
        let whole = profile.map(Self.whole)
        if let color = code.flatMap({ $0.encoding(isGrey: channels < 3) }) {
            self = color
        } else if let whole, ColorEncoding.profile(whole).space == wanted {
            self = .profile(whole)
        } else if header.srgb != 0 {
            self = .sRGB
        } else if let made = Self.profile(gamma: header.gamma, header.chromaticities, isGrey: channels < 3) {
            self = .profile(made)
        } else {
            self = .unspecified
        }
    }

    /// A profile of the length that its header says, without bytes that a file has behind it; from version 4 on with zeros up to a
    /// multiple of 4 bytes, as the format wants it. Otherwise libpng and others would refuse it.
    private static func whole(_ profile: [UInt8]) -> [UInt8] {
        let header = 128
        guard profile.count > header else { return profile }
        let announced = profile[..<4].reduce(0) { $0 << 8 | Int($1) }
        var whole = announced > header ? Array(profile.prefix(announced)) : profile
        guard whole[8] >= 4, announced == whole.count, announced % 4 != 0 else { return whole }
        whole += [UInt8](repeating: 0, count: 4 - announced % 4)
        for byte in 0..<4 { whole[byte] = UInt8(truncatingIfNeeded: whole.count >> (24 - 8 * byte)) }
        // The checksum of the whole: 0 where it was not computed.
        for byte in 84..<100 { whole[byte] = 0 }
        return whole
    }

    /// sRGB's white, red, green and blue.
    static let primaries = [0.3127, 0.329, 0.64, 0.33, 0.3, 0.6, 0.15, 0.06]

    private typealias Chromaticities = (Double, Double, Double, Double, Double, Double, Double, Double)

    private static func profile(gamma: Double, _ values: Chromaticities, isGrey: Bool) -> [UInt8]? {
        let given = withUnsafeBytes(of: values) { Array($0.bindMemory(to: Double.self)) }
        let chromaticities = given[1] > 0 && !isGrey ? given : primaries
        let usualGamma = gamma <= 0 || (gamma - 1 / 2.2).magnitude < 0.002
        let usualPrimaries = zip(chromaticities, primaries).allSatisfy { ($0 - $1).magnitude < 0.002 }
        guard !usualGamma || !usualPrimaries, gamma <= 0 || (0.1...10).contains(gamma) else { return nil }
        return made(
            CODEC_CURVE_GAMMA, gamma: gamma > 0 ? 1 / gamma : 2.2, chromaticities: chromaticities,
            isGrey: isGrey)
    }

    /// A profile of a curve and of white, red, green and blue, x and y of each; nil where that fails.
    static func made(
        _ curve: codec_curve, gamma: Double = 1, chromaticities: [Double], isGrey: Bool
    ) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = codec_profile_make(isGrey ? 1 : 0, curve, gamma, chromaticities, &bytes, bytes.count)
        return count > 0 ? Array(bytes[..<count]) : nil
    }
}
