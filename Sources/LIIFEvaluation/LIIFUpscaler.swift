public import Imaging
public import LIIF

/// A trained model among what is measured.
public struct LIIFUpscaler: SuperResolver, Sendable {
    /// As tables name it.
    public let name: String
    /// The one scale of an up-sampling module; nil for LIIF and MetaSR.
    public var fixedScale: Int? { model.configuration.fixedScale }
    /// The model's own.
    public var normalization: PixelNormalization? { model.normalization }
    private let model: LIIFModel
    private let precision: InferencePrecision
    private let selfEnsemble: Bool
    private let cellPart: Int?

    /// - Parameters:
    ///   - name: As tables are to name it; by default the method.
    ///   - precision: What the model multiplies in; by default the fastest that the processor has.
    ///   - selfEnsemble: Whether the eight flips and turns are averaged.
    ///   - cellPart: Tells the decoder that pixels have 1/n of the input's extent (Figure 7's study); nil tells the
    ///     truth. Not together with `selfEnsemble`.
    public init(
        _ model: LIIFModel, name: String? = nil, precision: InferencePrecision = .fastest,
        selfEnsemble: Bool = false, cellPart: Int? = nil
    ) {
        precondition(!selfEnsemble || cellPart == nil)
        self.model = model
        self.name = name ?? model.configuration.methodName + (selfEnsemble ? "+" : "")
        self.selfEnsemble = selfEnsemble
        self.precision = precision
        self.cellPart = cellPart
    }

    /// The picture encoded and rendered at the extent asked for.
    public func upscaled(_ image: Image<UInt8>, height: Int, width: Int) throws -> FloatImage {
        if selfEnsemble {
            return try model.upscaledBySelfEnsemble(
                FloatImage(image), height: height, width: width, precision: precision)
        }
        let cell = cellPart.map { Cell(ofImageHeight: image.height * $0, width: image.width * $0) }
        return try model.encode(image, precision: precision).rendered(
            height: height, width: width, cell: cell)
    }
}
