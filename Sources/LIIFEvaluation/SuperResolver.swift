public import Imaging
public import LIIF

/// Something that enlarges pictures: a model, or plain interpolation beside it.
public protocol SuperResolver {
    /// As tables name it.
    var name: String { get }

    /// The one scale that it knows; nil for any.
    var fixedScale: Int? { get }

    /// How a model's colours are scaled (`data_norm`); nil for what is no model.
    var normalization: PixelNormalization? { get }

    /// The picture at another resolution.
    ///
    /// - Parameter image: RGB.
    /// - Returns: RGB of the extent asked for, 0…1; clamped by the measure, never rounded.
    func upscaled(_ image: Image<UInt8>, height: Int, width: Int) throws -> FloatImage
}

extension SuperResolver {
    /// Any scale, unless it says otherwise.
    public var fixedScale: Int? { nil }

    /// No model, unless it says otherwise.
    public var normalization: PixelNormalization? { nil }

    /// Whether it enlarges by a scale.
    package func takes(scale: Int) -> Bool { (fixedScale ?? scale) == scale }
}

/// Pillow's bicubic on 8 bits: the row that every table begins with.
public struct BicubicUpscaler: SuperResolver, Sendable {
    /// "Bicubic".
    public let name = "Bicubic"

    /// There is nothing to choose.
    public init() {}

    /// The picture resampled and rounded to 8 bits.
    public func upscaled(_ image: Image<UInt8>, height: Int, width: Int) -> FloatImage {
        FloatImage(image.resizedBicubic(height: height, width: width))
    }
}
