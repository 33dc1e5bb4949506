import LIIF

/// Where queries lie and which latents they ask (§3), with the roundings of `LocalEnsemble`: what is in double
/// precision there is so here, for ties decide which latent is nearest.
extension GraphWriter {
    /// The number of pixels or latents on one axis.
    struct Count {
        /// [1].
        let whole: Value

        var float: Value { whole.cast(.float) }
        var double: Value { whole.cast(.double) }
    }

    /// Centres of the pixels of an axis, −1…1, by their numbers, which are floats.
    func pixelCentres(_ numbers: Value, of count: Count) -> Value {
        let r = 1 / count.double
        return (r - 1).cast(.float) + (r * 2).cast(.float) * numbers
    }

    /// Centres of all pixels of an axis, [count].
    func pixelCentres(of count: Count) -> Value {
        let end = count.whole.reshaped([])
        let numbers = node("Range", [end.scalar(0), end, end.scalar(1)]).cast(.float)
        return pixelCentres(numbers, of: count)
    }

    /// The latent that one axis of coordinates finds after a shift of half a latent.
    struct Neighbour {
        /// Row or column of the latent, whole numbers.
        let index: Value
        /// Offset of the query from the latent's centre in half-latent spacings.
        let relative: Value
    }

    /// - Parameters:
    ///   - coordinates: −1…1, of any shape.
    ///   - shift: −1 or 1, or 0 without the ensemble.
    func neighbour(of coordinates: Value, shift: Int, count: Count) -> Neighbour {
        var moved = coordinates
        if shift != 0 { moved = moved + (Double(shift) / count.double + LocalEnsemble.nudge).cast(.float) }
        let limit = 1 - LocalEnsemble.nudge
        let fromEdge = (moved.clamped(-limit, limit) + 1) * count.float
        let position = (fromEdge - 1) / 2
        let index = position.rounded.clamped(position.scalar(0), count.float - 1)
        return Neighbour(
            index: index.cast(.int64),
            relative: (coordinates - pixelCentres(index, of: count)) * count.float)
    }
}
