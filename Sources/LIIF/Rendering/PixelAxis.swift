/// One axis of the pixels to render: their coordinates, the latents they ask, and their extent.
///
/// The paper's queries are separable, so a picture of h × w pixels needs h + w look-ups, not h·w.
struct PixelAxis: Sendable {
    /// Coordinates of pixel centres, −1…1.
    private(set) var coordinates: [Float]
    /// The latents found with the shifts −1 and 1; without the ensemble both are the unshifted one.
    private(set) var before, after: [LocalEnsemble.Neighbour]
    /// For the input skip.
    private(set) var spans: [InputSkip.Span]
    /// A pixel's extent in coordinates: 2 / pixels over the whole image.
    let cell: Float

    var count: Int { coordinates.count }

    /// - Parameters:
    ///   - start: Where the part begins, in source pixels, 0…latents.
    ///   - extent: Its length in source pixels.
    ///   - count: Pixels to show it with.
    ///   - latents: Latents on the whole axis.
    ///   - cell: Overrides a pixel's extent.
    init(start: Double, extent: Double, count: Int, latents: Int, search: LatentSearch, cell: Float? = nil) {
        let pixels = Double(latents) * Double(count) / extent
        let first = start * Double(count) / extent
        if pixels < 0x1p53 && pixels.isNearlyWhole && first.isNearlyWhole {
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
        let extent = self.cell
        let neighbours = coordinates.map {
            search.neighbours(of: $0, cell: extent, count: latents)
        }
        before = neighbours.map(\.before)
        after = neighbours.map(\.after)
        spans = coordinates.map { InputSkip.span(of: $0, count: latents) }
    }

    /// The latents that some of the pixels ask.
    func latents(of range: Range<Int>) -> Range<Int> {
        let indices = range.lazy.flatMap { [before[$0].index, after[$0].index] }
        return Int(indices.min()!)..<Int(indices.max()!) + 1
    }

    /// The latents that some of the pixels need: those that are asked, those next to them, and the input skip's.
    /// - Parameter count: Latents on the axis.
    func window(of range: Range<Int>, count: Int) -> Range<Int> {
        let asked = latents(of: range)
        let first = min(asked.lowerBound, Int(spans[range].map(\.first).min()!))
        let end = max(asked.upperBound, Int(spans[range].map(\.second).max()!) + 1)
        return max(0, first - 1)..<min(count, end + 1)
    }

    /// Some of the pixels.
    func part(_ range: Range<Int>) -> PixelAxis {
        var axis = self
        axis.coordinates = Array(coordinates[range])
        axis.before = Array(before[range])
        axis.after = Array(after[range])
        axis.spans = Array(spans[range])
        return axis
    }

    /// The same pixels over a map that begins at `origin`: all but the indices stays as it is, to the bit.
    func shifted(to origin: Int) -> PixelAxis {
        guard origin != 0 else { return self }
        var axis = self
        for i in 0..<count {
            axis.before[i].index -= Int32(origin)
            axis.after[i].index -= Int32(origin)
            axis.spans[i].first -= Int32(origin)
            axis.spans[i].second -= Int32(origin)
        }
        return axis
    }
}

extension Double {
    fileprivate var isNearlyWhole: Bool { abs(self - rounded()) < 1e-6 }
}
