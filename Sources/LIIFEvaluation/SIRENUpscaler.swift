public import Imaging
public import LIIF

/// The baseline 1-SIREN among what is measured: a network fitted to each picture.
public struct SIRENUpscaler: SuperResolver, Sendable {
    /// As tables name it.
    public let name: String
    private let settings: SIREN.Fitting

    /// - Parameters:
    ///   - name: As tables are to name it.
    ///   - settings: How each network is fitted.
    public init(name: String = "1-SIREN", settings: SIREN.Fitting = SIREN.Fitting()) {
        self.name = name
        self.settings = settings
    }

    /// A network fitted to the picture, shown at the extent asked for.
    public func upscaled(_ image: Image<UInt8>, height: Int, width: Int) throws -> FloatImage {
        try SIREN(fitting: image, settings: settings).rendered(height: height, width: width)
    }
}
