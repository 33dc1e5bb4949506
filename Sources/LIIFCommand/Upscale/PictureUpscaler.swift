import Foundation
import ImageCodecs
import Imaging
import LIIF
import PictureFiles

/// Carries out what is planned for a picture: file to file, row by row.
struct PictureUpscaler {
    /// Nil only where no picture is enlarged.
    let model: LIIFModel?
    let modelName: String
    let precision: InferencePrecision
    let pixelLimit: Int
    let encoding: EncodingOptions
    /// Whether metadata are dropped, and colours therefore converted to sRGB.
    let strips: Bool
    /// Whether unfinished outputs are kept and gone on with; all outputs are TIFF then.
    let resumes: Bool
    /// The format of what goes to the standard output.
    let streamFormat: ImageFormat

    /// - Parameter progress: Told how much of the output is there, 0…1.
    func upscale(_ picture: PlannedPicture, progress: (Double) -> Void) throws {
        let path = picture.output ?? StandardStreams.temporaryOutput(streamFormat.extensions[0])
        let format = ImageFormat(pathExtension: path) ?? streamFormat
        let watch = ChangeWatch(picture.input.path)
        let source = try source(of: picture)
        let info = picture.rendering.output(in: format)
        let metadata = metadata(of: source, picture)
        let sink =
            resumes
            ? try ResumableJob(picture, model: model, precision: precision, isInSRGB: strips)
                .sink(at: path, info: info, metadata: metadata, options: encoding.tiff)
            : try ImageFile.sink(at: path, info: info, metadata: metadata, options: encoding)
        defer { sink.cancel() }
        if sink.rowsWritten < info.height {
            let rows = try rows(of: picture, from: source, firstRow: sink.rowsWritten)
            try write(
                picture.rendering.dropsAlpha ? rows.withoutAlpha() : rows, to: sink, progress: progress)
        }
        try watch.check(name: picture.input.name)
        try sink.finish()
        if picture.output == nil { try StandardStreams.writeOutput(path) }
    }

    private func source(of picture: PlannedPicture) throws -> any RowSource {
        let source = try PictureFile.source(at: picture.input.path, pixelLimit: pixelLimit, inSRGB: strips)
        guard source.info == picture.rendering.info else {
            throw UpscaleError.changedWhileRead(file: picture.input.name)
        }
        return source
    }

    private func metadata(of source: any RowSource, _ picture: PlannedPicture) -> ImageMetadata {
        guard !strips else { return ImageMetadata() }
        let rendering = picture.rendering
        return source.metadata.produced(
            by: Provenance(
                program: Version.program, model: rendering.isEnlargement ? modelName : "bicubic",
                scale: (picture.scale, Double(rendering.size.height) / rendering.region.height)))
    }

    private func rows(of picture: PlannedPicture, from source: any RowSource, firstRow: Int) throws
        -> OutputRows
    {
        let rendering = picture.rendering
        guard rendering.isEnlargement else { return rendering.reduced(source, from: firstRow) }
        // Asked of a source of its own, for rows are read once.
        let isTransparent =
            source.info.channels % 2 == 0 && !rendering.dropsAlpha
            ? try self.source(of: picture).isTransparent() : false
        if let features = source as? FeatureFileSource {
            return try rendering.enlarged(
                features, isTransparent: isTransparent, by: model!, precision: precision
            ).dropping(firstRow)
        }
        return try rendering.enlarged(
            source, isTransparent: isTransparent, from: firstRow, by: model!, precision: precision)
    }

    private func write(_ rows: OutputRows, to sink: any RowSink, progress: (Double) -> Void) throws {
        let writer = BackgroundWriter()
        // Whatever happens, nothing is written after the output has been taken away.
        defer { try? writer.finish() }
        nonisolated(unsafe) let target = sink
        var done = sink.rowsWritten
        while let strip = try rows.next() {
            try writer.submit { try target.writeRows(strip) }
            done += strip.height
            progress(Double(done) / Double(sink.info.height))
        }
        try writer.finish()
    }
}
