/// How the scaled image is mirrored and turned (Image API 3.0, §4.3); whole quarters only.
public struct Rotation: Sendable, Hashable {
    /// `!`: mirrored left to right, before it is turned.
    public var mirrored: Bool
    /// Quarters clockwise, 0…3.
    public var quarters: Int

    /// As it is.
    public static let none = Rotation(mirrored: false, quarters: 0)

    /// - Precondition: 0…3 quarters.
    public init(mirrored: Bool, quarters: Int) {
        precondition((0..<4).contains(quarters))
        self.mirrored = mirrored
        self.quarters = quarters
    }

    /// - Throws: `IIIFError.badRequest` for anything but 0, 90, 180, 270 and 360, alone or after an exclamation mark.
    public init(_ text: String) throws(IIIFError) {
        mirrored = text.first == "!"
        let angle = Double(decimal: text.dropFirst(mirrored ? 1 : 0))
        guard let angle, angle <= 360, angle.truncatingRemainder(dividingBy: 90) == 0 else {
            throw .badRequest(
                "The rotation \"\(text.shortened)\" is none of 0, 90, 180, 270, or one of them after a ! that mirrors."
            )
        }
        quarters = Int(angle / 90) % 4
    }

    /// The canonical form.
    public var text: String { (mirrored ? "!" : "") + "\(quarters * 90)" }
}
