import CImageCodecs

/// Colours by the numbers of ITU-T H.273, as PNG's chunk cICP has them. Only those of RGB in full range.
struct ColorCode: Equatable {
    let primaries: UInt8
    let transfer: UInt8

    /// The chunk's contents: primaries, transfer, matrix, whether the range is full; nil for what is not RGB in full range.
    init?(chunk: [UInt8]) {
        guard chunk.count == 4, chunk[2] == 0, chunk[3] == 1 else { return nil }
        (primaries, transfer) = (chunk[0], chunk[1])
    }

    /// What it means; nil for numbers that are not known here, such as video's curves, of which programs disagree how they are to
    /// be shown.
    func encoding(isGrey: Bool) -> ColorEncoding? {
        let chromaticities: [Double]
        switch primaries {
        case 1: chromaticities = ColorEncoding.primaries
        case 9: chromaticities = [0.3127, 0.329, 0.708, 0.292, 0.17, 0.797, 0.131, 0.046]  // BT.2020
        case 12: chromaticities = [0.3127, 0.329, 0.68, 0.32, 0.265, 0.69, 0.15, 0.06]  // Display P3
        default:
            guard isGrey else { return nil }
            chromaticities = ColorEncoding.primaries
        }
        let (curve, gamma): (codec_curve, Double)
        switch transfer {
        case 4: (curve, gamma) = (CODEC_CURVE_GAMMA, 2.2)
        case 8: (curve, gamma) = (CODEC_CURVE_GAMMA, 1)
        case 13 where isGrey || primaries == 1: return .sRGB
        case 13: (curve, gamma) = (CODEC_CURVE_SRGB, 1)
        case 16: (curve, gamma) = (CODEC_CURVE_PQ, 1)
        case 18: (curve, gamma) = (CODEC_CURVE_HLG, 1)
        default: return nil
        }
        return ColorEncoding.made(curve, gamma: gamma, chromaticities: chromaticities, isGrey: isGrey)
            .map { .profile($0) }
    }
}
