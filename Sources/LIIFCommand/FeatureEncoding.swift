import Files
import ImageCodecs
import Imaging
import LIIF

/// Makes `.liif` files of pictures, for `liif encode` and `liif upscale`. Transparent pixels are kept with the colours of
/// visible ones.
struct FeatureEncoding {
    let model: ModelOptions
    /// As the command's `--pixel-limit` says.
    let pixelLimit: Int
    var isQuiet = false

    /// - Throws: what reading the picture and the model, and writing the file, throw; `ValidationError` if the file is the picture,
    ///   by a link; `UpscaleError.changedWhileRead`.
    func encode(_ input: String, to output: String) throws {
        try FileIdentity.check(output: output, isNot: input)
        let watch = ChangeWatch(input)
        let source = try PixelLimitError.explaining(hasOption: true) {
            try ImageFile.source(at: input, pixelLimit: pixelLimit, inSRGB: true)
        }
        let line = ProgressLine(isQuiet: isQuiet)
        defer { line.finish() }
        if source.holdsMorePictures && !isQuiet { line.note(noteOnMorePictures(in: input)) }
        if source.info.bitsPerSample == 16 {
            try write(source, as: UInt16.self, to: output, line) { try watch.check(name: input) }
        } else {
            try write(source, as: UInt8.self, to: output, line) { try watch.check(name: input) }
        }
        line.show("\(output): the features of \(source.info.width)×\(source.info.height) pixels", keep: true)
    }

    /// - Parameter check: Run when all of the source has been read; what it throws leaves no file.
    private func write<Sample: ImageSample>(
        _ source: any RowSource, as type: Sample.Type, to output: String, _ line: ProgressLine,
        whenRead check: () throws -> Void
    ) throws {
        let info = source.info
        let filled = FilledRows(source, isTransparent: info.channels % 2 == 0)
        var buffer = RowBuffer(width: info.width, channels: info.channels)
        try FeatureFile.write(
            to: output, model: model.open(), precision: model.precision.precision.features,
            height: info.height, width: info.width, channels: info.channels,
            rows: { count in
                while buffer.height < count { buffer.push(try filled.next(count)) }
                if source.rowsLeft == 0 { try check() }
                return buffer.take(count).rounded(to: type)
            },
            progress: { line.show("encoding \(info.width)×\(info.height) pixels  \(Int($0 * 100)) %") })
    }
}
