import CImageCodecs

/// Converts rows to sRGB: RGB and inks to RGB, grey to grey with sRGB's curve. Alpha and the depth stay.
///
/// Relative colorimetric, with black-point compensation, as programs that print and show pictures do by default. Inks
/// without a profile become (1 − ink) · (1 − black), which is what Pillow and others do.
final class ColorConversion {
    private let pixels: codec_info
    /// Nil for inks without a profile.
    private let transform: OpaquePointer?

    /// Nil if the rows need no conversion: they are not inks, and without a profile or of one that does not fit them.
    init?(from color: ColorEncoding, pixels: codec_info) {
        self.pixels = pixels
        var header = pixels
        if case .profile(let profile) = color {
            transform = codec_color_open(profile, profile.count, &header)
        } else {
            transform = nil
        }
        if transform == nil && pixels.cmyk == 0 { return nil }
    }

    deinit { codec_color_close(transform) }

    /// Converts `count` pixels.
    func apply(_ source: UnsafeRawPointer, to target: UnsafeMutableRawPointer, count: Int) {
        if let transform {
            codec_color_apply(transform, source, target, count)
        } else {
            var header = pixels
            codec_cmyk_to_rgb(source, target, count, &header)
        }
    }
}
