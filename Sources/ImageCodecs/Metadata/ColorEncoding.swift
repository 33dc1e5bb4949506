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

    /// What a header says. Profiles that are damaged or of another space than the pixels' are passed over, as
    /// programs that show pictures do. Of PNG's gAMA and cHRM a profile is made, unless they mean sRGB.
    init(_ header: codec_metadata, profile: [UInt8]?, channels: Int, isCMYK: Bool) {
        let wanted: Space = isCMYK ? .cmyk : channels < 3 ? .grey : .rgb
        if let profile, ColorEncoding.profile(profile).space == wanted {
            self = .profile(profile)
        } else if header.srgb != 0 {
            self = .sRGB
        } else if let made = Self.profile(gamma: header.gamma, header.chromaticities, isGrey: channels < 3) {
            self = .profile(made)
        } else {
            self = .unspecified
        }
    }

    /// sRGB's white, red, green and blue.
    private static let primaries = [0.3127, 0.329, 0.64, 0.33, 0.3, 0.6, 0.15, 0.06]

    private typealias Chromaticities = (Double, Double, Double, Double, Double, Double, Double, Double)

    private static func profile(gamma: Double, _ values: Chromaticities, isGrey: Bool) -> [UInt8]? {
        let given = withUnsafeBytes(of: values) { Array($0.bindMemory(to: Double.self)) }
        let chromaticities = given[1] > 0 && !isGrey ? given : primaries
        let usualGamma = gamma <= 0 || (gamma - 1 / 2.2).magnitude < 0.002
        let usualPrimaries = zip(chromaticities, primaries).allSatisfy { ($0 - $1).magnitude < 0.002 }
        guard !usualGamma || !usualPrimaries, gamma <= 0 || (0.1...10).contains(gamma) else { return nil }
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let exponent = gamma > 0 ? 1 / gamma : 2.2
        let count = codec_profile_make(isGrey ? 1 : 0, exponent, chromaticities, &bytes, bytes.count)
        return count > 0 ? Array(bytes[..<count]) : nil
    }
}
