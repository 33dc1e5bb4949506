public import Imaging

/// Up-scales as `UpscalingStream` does, but eight times, flipped and turned in each way that a square allows, and averages
/// the results turned back (geometric self-ensemble, Lim et al. 2017, §3.4). Eight times the work for about a tenth of
/// a dB.
///
/// It goes band by band; of each band all eight results are made of the part of the source that they depend on, which is in
/// memory at once: 256 rows, or as many as one row of the result shows, and the encoder's margin around them. Beyond that memory
/// grows with the widths but not with the heights, except of an up-sampling module, which sees all at once.
public final class SelfEnsembleStream: StripUpscaler {
    /// What a band's sum takes at the most, bytes, unless one row is more.
    static let bandBytes = 64 << 20
    /// Rows of the source that a band shows at the most.
    static let bandSourceRows = 256.0

    /// The rows and columns of the source that are encoded.
    package let window: (rows: Range<Int>, columns: Range<Int>)

    private let model: LIIFModel
    private let precision: InferencePrecision
    private let view: PixelView
    private let bandHeight: Int
    /// The next row of the result.
    private var row: Int
    private let source: (Int) throws -> FloatImage
    /// Rows of the source, of the window's columns, that the next bands need.
    private var kept: [Float] = []
    private var firstKept = 0, endKept = 0

    /// - Parameters:
    ///   - model: Encodes and decodes.
    ///   - height: Extent of the source in pixels.
    ///   - width: Extent of the source in pixels.
    ///   - region: The part to show, inside the source; nil for all.
    ///   - outputHeight: Rows of the result, at least 1.
    ///   - outputWidth: Columns of the result, at least 1.
    ///   - firstRow: The row of the result to begin with, below `outputHeight`; the others are the same to the bit,
    ///     wherever it begins.
    ///   - precision: What the networks multiply in; by default the fastest that the processor has.
    ///   - cell: The pixel's extent that the decoder is told (Figure 7's study); nil for the true one, within the model's limit.
    ///   - source: Gives the next rows of the source from its top, as many as asked for, of full width and three
    ///     channels, colours in 0…1. Rows below what the region needs are not asked for.
    public init(
        _ model: LIIFModel, height: Int, width: Int, region: Region? = nil, outputHeight: Int,
        outputWidth: Int, firstRow: Int = 0, precision: InferencePrecision = .fastest, cell: Cell? = nil,
        source: @escaping (_ count: Int) throws -> FloatImage
    ) {
        precondition((0..<outputHeight).contains(firstRow), "there is no row \(firstRow)")
        self.model = model
        self.precision = precision
        self.source = source
        view = PixelView(
            region, height: outputHeight, width: outputWidth, sourceHeight: height, sourceWidth: width,
            cell: cell)
        let rowsShown = Self.bandSourceRows * Double(outputHeight) / view.region.height
        bandHeight =
            model.configuration.fixedScale != nil
            ? outputHeight
            : max(1, min(Self.bandBytes / (12 * outputWidth), Int(min(rowsShown, 1e9)), outputHeight))
        row = firstRow
        var fromBand = view
        fromBand.firstRow = firstRow / bandHeight * bandHeight
        window = Self.window(of: fromBand, model)
    }

    /// What all eight views of a view depend on: turned back, they may differ by a row or a column, for they round elsewhere.
    private static func window(of view: PixelView, _ model: LIIFModel) -> (
        rows: Range<Int>, columns: Range<Int>
    ) {
        let window = model.window(of: view)
        func widened(_ range: Range<Int>, _ extent: Int) -> Range<Int> {
            max(0, range.lowerBound - 1)..<min(extent, range.upperBound + 1)
        }
        return (widened(window.rows, view.sourceHeight), widened(window.columns, view.sourceWidth))
    }

    /// The next strip of the result, colours in 0…1; nil after the last.
    /// - Throws: `RenderingError` where the model has one scale only and another is asked for; `TensorError` where oneDNN
    ///   refuses, as it does BF16 on a processor without it; what the source throws.
    public func next() throws -> FloatImage? {
        guard row < view.height else { return nil }
        let first = row / bandHeight * bandHeight
        let band = first..<min(first + bandHeight, view.height)
        let result = try average(band)
        defer { row = band.upperBound }
        return row == first ? result : result.cropped(rows: (row - first)..<band.count)
    }

    /// The mean of the eight for some rows of the result.
    private func average(_ rows: Range<Int>) throws -> FloatImage {
        var sum = [Float](repeating: 0, count: rows.count * view.width * 3)
        try read(Self.window(of: part(rows), model).rows)
        for symmetry in Symmetry.all {
            let turned = turned(part(rows), symmetry)
            let window = model.window(of: turned)
            let origin = symmetry.origin(of: window, inHeight: view.sourceHeight, width: view.sourceWidth)
            let source = symmetry.applied(to: pixels(origin.rows, origin.columns))
            var next = 0
            let stream = try UpscalingStream(model, view: turned, precision: precision) { count in
                defer { next += count }
                return source.cropped(rows: next..<next + count)
            }
            let extent = (height: turned.height, width: turned.width)
            var row = 0
            while let strip = try stream.next() {
                symmetry.addInverse(of: strip, at: row, of: extent, to: &sum)
                row += strip.height
            }
        }
        let share = 1 / Float(Symmetry.all.count)
        return FloatImage(height: rows.count, width: view.width, channels: 3, values: sum.map { $0 * share })
    }

    /// Some rows of the view.
    private func part(_ rows: Range<Int>) -> PixelView {
        let pitch = view.region.height / Double(view.height)
        var part = view
        part.region.y += Double(rows.lowerBound) * pitch
        let below = view.region.y + view.region.height - part.region.y
        part.region.height = min(Double(rows.count) * pitch, below)
        part.height = rows.count
        return part
    }

    /// A view as it is of the turned source.
    private func turned(_ view: PixelView, _ symmetry: Symmetry) -> PixelView {
        let source = symmetry.extent(ofHeight: view.sourceHeight, width: view.sourceWidth)
        let result = symmetry.extent(ofHeight: view.height, width: view.width)
        let cell = view.cell.map { symmetry.transposes ? Cell(height: $0.width, width: $0.height) : $0 }
        return PixelView(
            symmetry.applied(to: view.region, ofHeight: view.sourceHeight, width: view.sourceWidth),
            height: result.height, width: result.width, sourceHeight: source.height,
            sourceWidth: source.width, cell: cell)
    }

    /// Reads on until some rows of the source are there, and forgets those above them.
    private func read(_ rows: Range<Int>) throws {
        let length = window.columns.count * 3
        let dropped = max(0, min(rows.lowerBound, endKept) - firstKept)
        kept.removeFirst(dropped * length)
        firstKept += dropped
        while endKept < rows.upperBound {
            let isNeeded = endKept >= rows.lowerBound
            let count = min((isNeeded ? rows.upperBound : rows.lowerBound) - endKept, 64)
            let strip = try source(count)
            endKept += count
            if isNeeded { kept += strip.cropped(columns: window.columns).values } else { firstKept = endKept }
        }
    }

    /// A part of what is kept.
    private func pixels(_ rows: Range<Int>, _ columns: Range<Int>) -> FloatImage {
        let left = window.columns.lowerBound
        return FloatImage(height: endKept - firstKept, width: window.columns.count, channels: 3, values: kept)
            .cropped(rows: rows.lowerBound - firstKept..<rows.upperBound - firstKept)
            .cropped(columns: columns.lowerBound - left..<columns.upperBound - left)
    }
}

extension LIIFModel {
    /// Up-scales a whole image by the geometric self-ensemble; see `SelfEnsembleStream`.
    /// - Parameters:
    ///   - image: Colours in 0…1, three channels.
    ///   - height: Rows of the result, at least 1.
    ///   - width: Columns of the result, at least 1.
    ///   - precision: What the model computes in; by default the fastest that the processor has.
    /// - Throws: `RenderingError` where the model has one scale only and another is asked for; `TensorError` where oneDNN
    ///   refuses, as it does BF16 on a processor without it.
    public func upscaledBySelfEnsemble(
        _ image: FloatImage, height: Int, width: Int, precision: InferencePrecision = .fastest
    ) throws -> FloatImage {
        var next = 0
        let stream = SelfEnsembleStream(
            self, height: image.height, width: image.width, outputHeight: height, outputWidth: width,
            precision: precision
        ) { count in
            defer { next += count }
            return image.cropped(rows: next..<next + count)
        }
        var values: [Float] = []
        values.reserveCapacity(height * width * 3)
        while let strip = try stream.next() { values.append(contentsOf: strip.values) }
        return FloatImage(height: height, width: width, channels: 3, values: values)
    }
}
