/// Which latents a query asks, and with what weight (§3, equations 2–4).
///
/// Everything is separable: a coordinate's y finds rows, its x finds columns. Arithmetic is in float32 in
/// the released code's order, because ties decide which latent is nearest.
package enum LocalEnsemble {
    /// Moves shifted queries off the border between two latents.
    package static let nudge: Double = 1e-6

    /// The latent row (or column) that one axis of a coordinate finds.
    package struct Neighbour: Sendable, Equatable {
        /// Row or column of the latent.
        package var index: Int32
        /// Offset of the query from the latent's centre in half-latent spacings, −2…2.
        package var relative: Float
    }

    /// Centre of pixel `i` of `n`, −1…1, rounded as the released `make_coord` rounds.
    @inlinable package static func pixelCentre(_ i: Int, of n: Int) -> Float {
        let r = 1 / Double(n)
        return Float(-1 + r) + Float(2 * r) * Float(i)
    }

    /// The latents that one axis of a coordinate asks: shifted by −1 and 1, or without the ensemble the same
    /// unshifted one twice.
    package static func neighbours(
        of coordinate: Float, ensemble: Bool, count: Int
    ) -> (before: Neighbour, after: Neighbour) {
        (
            neighbour(of: coordinate, shift: ensemble ? -1 : 0, count: count),
            neighbour(of: coordinate, shift: ensemble ? 1 : 0, count: count)
        )
    }

    /// The latent nearest to a coordinate after a shift of half a latent, as the released code finds it.
    /// - Parameters:
    ///   - shift: −1 or 1, or 0 without the ensemble.
    ///   - count: Latents on the axis.
    package static func neighbour(of coordinate: Float, shift: Int, count: Int) -> Neighbour {
        let half = 1 / Double(count)
        // §3 mirror-pads; released weights expect the clamp.
        let offset = shift == 0 ? 0 : Float(Double(shift) * half + nudge)
        let latent = index(of: coordinate + offset, count: count)
        let centre = pixelCentre(latent, of: count)
        return Neighbour(index: Int32(latent), relative: (coordinate - centre) * Float(count))
    }

    /// The latent nearest to a coordinate that was moved already; beyond the image's border the outermost.
    static func index(of moved: Float, count: Int) -> Int {
        let limit = Float(1 - nudge)
        let position = ((min(max(moved, -limit), limit) + 1) * Float(count) - 1) / 2
        return Int(min(max(position.rounded(.toNearestOrEven), 0), Float(count - 1)))
    }
}
