/// What made a picture. It goes to the field "Software": PNG's text of that name, TIFF's and EXIF's tag 305 (in JPEG,
/// WebP and JPEG XL EXIF is begun for it where the input has none).
public struct Provenance: Sendable, Equatable, CustomStringConvertible {
    /// Name and version, "liif 0.3.0" for instance.
    public var program: String
    /// The model's name.
    public var model: String
    /// Output extent over input extent, across and down.
    public var scale: (horizontal: Double, vertical: Double)

    /// A note on a picture that `program` made with `model`.
    public init(program: String, model: String, scale: (horizontal: Double, vertical: Double)) {
        self.program = program
        self.model = model
        self.scale = scale
    }

    /// "liif 0.3.0; model default; scale 3.7", or "scale 2x1.5" where the two differ.
    public var description: String {
        let across = Self.short(scale.horizontal)
        let down = Self.short(scale.vertical)
        return "\(program); model \(model); scale \(across == down ? across : "\(across)x\(down)")"
    }

    /// Four decimals at most.
    private static func short(_ value: Double) -> String {
        let rounded = (value * 10_000).rounded() / 10_000
        return rounded == rounded.rounded() && rounded.magnitude < 1e15 ? "\(Int(rounded))" : "\(rounded)"
    }

    /// Whether all parts are equal.
    public static func == (a: Provenance, b: Provenance) -> Bool {
        a.program == b.program && a.model == b.model && a.scale == b.scale
    }
}
