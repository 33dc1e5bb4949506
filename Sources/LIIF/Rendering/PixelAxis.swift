/// One axis of the pixels to render: their coordinates, the latents they ask, and their extent.
///
/// The paper's queries are separable, so a picture of h × w pixels needs h + w look-ups, not h·w.
struct PixelAxis: Sendable {
    /// Coordinates of pixel centres, −1…1.
    let coordinates: [Float]
    /// The latents found with the shifts −1 and 1; without the ensemble both are the unshifted one.
    let before, after: [LocalEnsemble.Neighbour]
    /// For the input skip.
    let spans: [InputSkip.Span]
    /// A pixel's extent in coordinates: 2 / pixels over the whole image.
    let cell: Float

    var count: Int { coordinates.count }

    /// - Parameters:
    ///   - start: Where the part begins, in source pixels, 0…latents.
    ///   - extent: Its length in source pixels.
    ///   - count: Pixels to show it with.
    ///   - latents: Latents on the whole axis.
    ///   - cell: Overrides a pixel's extent.
    init(start: Double, extent: Double, count: Int, latents: Int, ensemble: Bool, cell: Float? = nil) {
        let pixels = Double(latents) * Double(count) / extent
        let first = start * Double(count) / extent
        if pixels.isNearlyWhole && first.isNearlyWhole {
            // A part whose pixels are pixels of the whole picture: the very same coordinates.
            let all = Int(pixels.rounded()), offset = Int(first.rounded())
            coordinates = (0..<count).map { LocalEnsemble.pixelCentre(offset + $0, of: all) }
            self.cell = cell ?? Float(2 / Double(all))
        } else {
            let pitch = extent / Double(count)
            coordinates = (0..<count).map { i in
                let position = start + (Double(i) + 0.5) * pitch
                return Float(2 * position / Double(latents) - 1)
            }
            self.cell = cell ?? Float(2 / pixels)
        }
        let neighbours = coordinates.map {
            LocalEnsemble.neighbours(of: $0, ensemble: ensemble, count: latents)
        }
        before = neighbours.map(\.before)
        after = neighbours.map(\.after)
        spans = coordinates.map { InputSkip.span(of: $0, count: latents) }
    }

    private init(
        coordinates: [Float], before: [LocalEnsemble.Neighbour], after: [LocalEnsemble.Neighbour],
        spans: [InputSkip.Span], cell: Float
    ) {
        (self.coordinates, self.cell) = (coordinates, cell)
        (self.before, self.after, self.spans) = (before, after, spans)
    }

    /// Some of the pixels, with latents counted from another one than the image's first.
    func part(_ range: Range<Int>, origin: Int) -> PixelAxis {
        let origin = Int32(origin)
        func moved(_ neighbour: LocalEnsemble.Neighbour) -> LocalEnsemble.Neighbour {
            LocalEnsemble.Neighbour(index: neighbour.index - origin, relative: neighbour.relative)
        }
        return PixelAxis(
            coordinates: Array(coordinates[range]), before: before[range].map(moved),
            after: after[range].map(moved),
            spans: spans[range].map {
                InputSkip.Span(first: $0.first - origin, second: $0.second - origin, share: $0.share)
            }, cell: cell)
    }

    /// The latents that some of the pixels ask, with those next to them that the 3×3 neighbourhood and the input skip
    /// read.
    func neighbourhood(of range: Range<Int>, count: Int) -> Range<Int> {
        let asked = latents(of: range)
        let first = min(asked.lowerBound - 1, Int(spans[range].map(\.first).min()!))
        let last = max(asked.upperBound, Int(spans[range].map(\.second).max()!))
        return max(0, first)..<min(count, last + 1)
    }

    /// The latents that some of the pixels ask.
    func latents(of range: Range<Int>) -> Range<Int> {
        let indices = range.lazy.flatMap { [before[$0].index, after[$0].index] }
        return Int(indices.min()!)..<Int(indices.max()!) + 1
    }
}

extension Double {
    fileprivate var isNearlyWhole: Bool { abs(self - rounded()) < 1e-6 }
}
