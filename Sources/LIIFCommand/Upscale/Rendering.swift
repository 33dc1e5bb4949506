import ImageCodecs
import Imaging
import LIIF
import PictureFiles

/// A part of a picture and the size that it is shown at.
struct Rendering {
    var info: ImageInfo
    var region: Region
    var size: PixelSize
    /// `--cell`: the scale whose cell the decoder is told; nil for the true one.
    var cellScale: Double?
    /// Whether the eight flips and turns are averaged.
    var selfEnsemble = false
    /// Whether the file is not to hold the alpha, which is full everywhere.
    var dropsAlpha = false

    /// Whether the model is needed: where some axis grows.
    var isEnlargement: Bool {
        Double(size.width) > region.width + 1e-6 || Double(size.height) > region.height + 1e-6
    }

    /// The cell that the decoder is told; nil for the true one.
    private var cell: Cell? {
        cellScale.map {
            Cell(
                height: Float(2 / ($0 * Double(info.height))), width: Float(2 / ($0 * Double(info.width))))
        }
    }

    /// What the model makes: an axis that shrinks stays as it is, to be reduced afterwards.
    private var rendered: PixelSize {
        PixelSize(
            width: max(size.width, Int(region.width.rounded(.up))),
            height: max(size.height, Int(region.height.rounded(.up))))
    }

    /// What the file is to hold.
    func output(in format: ImageFormat) -> ImageInfo {
        ImageInfo(
            width: size.width, height: size.height, channels: info.channels - (dropsAlpha ? 1 : 0),
            bitsPerSample: format.bitsPerSample(for: info.bitsPerSample))
    }

    /// Shown by the model.
    /// - Parameters:
    ///   - source: At its first row.
    ///   - isTransparent: Whether some pixels are not opaque.
    ///   - firstRow: The row of the output to begin with.
    func enlarged(
        _ source: any RowSource, isTransparent: Bool, from firstRow: Int = 0, by model: LIIFModel,
        precision: InferencePrecision
    ) throws -> OutputRows {
        let rendered = rendered
        let firstRendered = rendered == size ? firstRow : 0
        var rows: SourceRows!
        let upscaler: any StripUpscaler.Type = selfEnsemble ? SelfEnsembleStream.self : UpscalingStream.self
        func stream(_ source: @escaping (SourceRows, Int) throws -> FloatImage) throws -> any StripUpscaler {
            try upscaler.init(
                model, height: info.height, width: info.width, region: region,
                outputHeight: rendered.height, outputWidth: rendered.width, firstRow: firstRendered,
                precision: precision, cell: cell
            ) { try source(rows, $0) }
        }
        let colours = try stream { try $0.colours($1) }
        let alpha = isTransparent ? try stream { try $0.alpha($1) } : nil
        rows = SourceRows(source, isTransparent: isTransparent, from: colours.window.rows.lowerBound)
        let channels = info.channels
        let enlarged = OutputRows {
            guard let strip = try colours.next() else { return nil }
            return strip.assembled(channels: channels, alpha: try alpha?.next())
        }
        guard rendered != size else { return enlarged }
        return reduced(enlarged, isTransparent: isTransparent).dropping(firstRow)
    }

    /// As the picture of a file of features, which need not be computed. They are the colours'; those of the alpha, a grey
    /// picture of its own, are computed here.
    /// - Parameters:
    ///   - source: At its first row.
    ///   - isTransparent: Whether some pixels are not opaque.
    func enlarged(
        _ source: FeatureFileSource, isTransparent: Bool, by model: LIIFModel, precision: InferencePrecision
    ) throws -> OutputRows {
        let rendered = rendered
        var colours = try model.open(source.file, precision: precision).strips(
            region, height: rendered.height, width: rendered.width, cell: cell)
        let alpha =
            isTransparent
            ? try UpscalingStream(
                model, height: info.height, width: info.width, region: region, outputHeight: rendered.height,
                outputWidth: rendered.width, precision: precision, cell: cell
            ) { try source.floatRows($0).alpha() } : nil
        var alphaRows = RowBuffer(width: rendered.width, channels: 3)
        let channels = info.channels
        let enlarged = OutputRows {
            guard let strip = try colours.next() else { return nil }
            guard let alpha else { return strip.assembled(channels: channels, alpha: nil) }
            while alphaRows.height < strip.height { alphaRows.push(try alpha.next()!) }
            return strip.assembled(channels: channels, alpha: alphaRows.take(strip.height))
        }
        guard rendered != size else { return enlarged }
        return reduced(enlarged, isTransparent: isTransparent)
    }

    /// Shown smaller, or as it is, by antialiased bicubic interpolation.
    /// - Parameters:
    ///   - source: At its first row.
    ///   - firstRow: The row of the output to begin with.
    func reduced(_ source: any RowSource, from firstRow: Int = 0) -> OutputRows {
        let reduction = BicubicStream(
            height: info.height, width: info.width, channels: info.channels, y: region.y, x: region.x,
            partHeight: region.height, partWidth: region.width, outputHeight: size.height,
            outputWidth: size.width)
        let rows = OutputRows { source.rowsLeft > 0 ? try source.floatRows(16) : nil }
        return reduced(reduction, rows, isTransparent: info.channels % 2 == 0 && !dropsAlpha)
            .dropping(firstRow)
    }

    /// What the model made, reduced where an axis shrinks.
    private func reduced(_ rows: OutputRows, isTransparent: Bool) -> OutputRows {
        let reduction = BicubicStream(
            height: rendered.height, width: rendered.width, channels: info.channels,
            outputHeight: size.height, outputWidth: size.width)
        return reduced(reduction, rows, isTransparent: isTransparent)
    }

    /// - Parameter isTransparent: Whether colours count by their alpha.
    private func reduced(_ reduction: BicubicStream, _ rows: OutputRows, isTransparent: Bool) -> OutputRows {
        OutputRows {
            while !reduction.isFinished, let strip = try rows.next() {
                if let result = reduction.push(isTransparent ? strip.premultiplied() : strip) {
                    return isTransparent ? result.unpremultiplied() : result
                }
            }
            return nil
        }
    }
}

extension FloatImage {
    /// RGB that the model made, with another count of channels: grey is the colours' mean.
    /// - Parameter alpha: What the model made of the alpha as a grey picture; nil where all is opaque.
    fileprivate func assembled(channels: Int, alpha: FloatImage?) -> FloatImage {
        guard channels != 3 else { return self }
        let colours = channels < 3 ? 1 : 3
        var result = [Float](repeating: 1, count: height * width * channels)
        for pixel in 0..<height * width {
            let (from, to) = (pixel * 3, pixel * channels)
            if colours == 1 {
                result[to] = (values[from] + values[from + 1] + values[from + 2]) / 3
            } else {
                for colour in 0..<3 { result[to + colour] = values[from + colour] }
            }
            if let alpha, channels % 2 == 0 {
                result[to + colours] =
                    (alpha.values[from] + alpha.values[from + 1] + alpha.values[from + 2]) / 3
            }
        }
        return FloatImage(height: height, width: width, channels: channels, values: result)
    }
}
