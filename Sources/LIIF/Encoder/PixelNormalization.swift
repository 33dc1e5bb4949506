import Imaging
package import RecipeFormat

/// `data_norm`: how colours in [0, 1] become what the network reads and predicts, (v − subtract) / divide.
public struct PixelNormalization: Sendable, Equatable {
    /// One direction of it. Each list holds one number for all channels, or one for each of R, G and B.
    public struct Affine: Sendable, Equatable {
        /// `sub`.
        public var subtract: [Float]
        /// `div`; no number is 0.
        public var divide: [Float]

        /// - Precondition: each list holds 1 or 3 numbers, `divide` no zero.
        public init(subtract: [Float], divide: [Float]) {
            precondition([1, 3].contains(subtract.count) && [1, 3].contains(divide.count))
            precondition(!divide.contains(0))
            self.subtract = subtract
            self.divide = divide
        }

        /// What the network sees of a colour sample in [0, 1].
        public func normalized(_ value: Float, channel: Int) -> Float {
            (value - subtract[subtract.count == 1 ? 0 : channel]) / divide[divide.count == 1 ? 0 : channel]
        }

        /// The inverse of `normalized`, not clamped.
        public func denormalized(_ value: Float, channel: Int) -> Float {
            value * divide[divide.count == 1 ? 0 : channel] + subtract[subtract.count == 1 ? 0 : channel]
        }
    }

    /// `inp`: the low-resolution input.
    public var input: Affine
    /// `gt`: the true colours, and inversely the prediction.
    public var truth: Affine

    /// A normalisation of inputs and one of true colours.
    public init(input: Affine, truth: Affine) {
        self.input = input
        self.truth = truth
    }

    /// Colours as they are: the released code's default where a recipe has no `data_norm`.
    public static let identity = PixelNormalization(
        input: Affine(subtract: [0], divide: [1]), truth: Affine(subtract: [0], divide: [1]))

    /// [0, 1] to [−1, 1]: every released recipe's.
    public static let signed = PixelNormalization(
        input: Affine(subtract: [0.5], divide: [0.5]), truth: Affine(subtract: [0.5], divide: [0.5]))
}

extension PixelNormalization.Affine {
    /// Predicted colours [height, width, 3] as an image: out of the network's units, clamped to 0…1.
    func image(_ colours: UnsafePointer<Float>, height: Int, width: Int) -> FloatImage {
        let count = height * width * 3
        let values = [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
            for c in 0..<3 {
                let scale = divide[divide.count == 1 ? 0 : c], offset = subtract[subtract.count == 1 ? 0 : c]
                for i in stride(from: c, to: count, by: 3) {
                    buffer[i] = min(max(colours[i] * scale + offset, 0), 1)
                }
            }
            initialized = count
        }
        return FloatImage(height: height, width: width, channels: 3, values: values)
    }
}

extension PixelNormalization {
    /// - Throws: `RecipeError` naming the key that is unknown, missing or wrong.
    package init(_ section: RecipeSection) throws {
        try section.allowOnly(["inp", "gt"])
        func affine(_ key: String) throws -> Affine {
            let inner = try section.require(try section.section(key), key, "{sub: [0.5], div: [0.5]}")
            try inner.allowOnly(["sub", "div"])
            // A pickle may hold infinities, and a Double be none to a Float.
            let subtract = try inner.numbers("sub", "1 or 3 finite numbers") {
                [1, 3].contains($0.count) && $0.allSatisfy { Float($0).isFinite }
            }
            let divide = try inner.numbers("div", "1 or 3 finite numbers, none of them 0") {
                [1, 3].contains($0.count) && $0.allSatisfy { Float($0).isFinite && Float($0) != 0 }
            }
            return Affine(
                subtract: try inner.require(subtract, "sub", "1 or 3 numbers").map { Float($0) },
                divide: try inner.require(divide, "div", "1 or 3 numbers").map { Float($0) })
        }
        self.init(input: try affine("inp"), truth: try affine("gt"))
    }

    /// As a recipe writes it.
    package var mapping: RecipeMapping {
        func mapping(_ affine: Affine) -> RecipeValue {
            // A Float's shortest text, so that 0.4488 is written as 0.4488.
            func list(_ values: [Float]) -> RecipeValue { .list(values.map { .number(Double("\($0)")!) }) }
            return .mapping(["sub": list(affine.subtract), "div": list(affine.divide)])
        }
        return ["inp": mapping(input), "gt": mapping(truth)]
    }
}
