/// How one axis of a coordinate finds the latents that a decoder asks.
package enum LatentSearch: Sendable {
    /// The two nearest on either side (§3, local ensemble).
    case ensemble
    /// The nearest.
    case nearest
    /// The one whose cell holds the queried pixel's top left corner: MetaSR's.
    case corner

    /// Latents that a query asks.
    package var corners: Int { self == .ensemble ? 4 : 1 }

    /// The latents found with the shifts −1 and 1; without the ensemble the same twice.
    /// - Parameters:
    ///   - coordinate: The queried pixel's centre, −1…1.
    ///   - cell: The pixel's extent.
    ///   - count: Latents on the axis.
    package func neighbours(
        of coordinate: Float, cell: Float, count: Int
    ) -> (before: LocalEnsemble.Neighbour, after: LocalEnsemble.Neighbour) {
        switch self {
        case .ensemble, .nearest:
            return LocalEnsemble.neighbours(of: coordinate, ensemble: self == .ensemble, count: count)
        case .corner:
            let neighbour = MetaSRLayout.neighbour(of: coordinate, cell: cell, count: count)
            return (neighbour, neighbour)
        }
    }
}
