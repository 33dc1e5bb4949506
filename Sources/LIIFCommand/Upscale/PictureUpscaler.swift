import Foundation
import ImageCodecs
import Imaging
import LIIF
import Tensors

/// Carries out what is planned for a picture: file to file, row by row.
struct PictureUpscaler {
    /// Nil only where no picture is enlarged.
    let model: LIIFModel?
    let precision: Precision
    let pixelLimit: Int
    let encoding: EncodingOptions
    /// The format of what goes to the standard output.
    let streamFormat: ImageFormat

    /// - Parameter progress: Told how much of the output is there, 0…1.
    func upscale(_ picture: PlannedPicture, progress: (Double) -> Void) throws {
        let path = picture.output ?? StandardStreams.temporaryOutput(streamFormat.extensions[0])
        let format = ImageFormat(pathExtension: path)
        let rendering = picture.rendering
        let watch = ChangeWatch(picture.input.path)
        let sink = try ImageFile.sink(
            at: path,
            info: ImageInfo(
                width: rendering.size.width, height: rendering.size.height,
                channels: rendering.info.channels,
                bitsPerSample: format == .jpeg ? 8 : rendering.info.bitsPerSample),
            options: encoding)
        defer { sink.cancel() }
        let rows = try rows(of: picture)
        try write(rows, to: sink, progress: progress)
        try watch.check(name: picture.input.name)
        try sink.finish()
        if picture.output == nil { try StandardStreams.writeOutput(path) }
    }

    private func rows(of picture: PlannedPicture) throws -> OutputRows {
        let path = picture.input.path
        let rendering = picture.rendering
        func source() throws -> any RowSource {
            let source = try ImageFile.source(at: path, pixelLimit: pixelLimit)
            guard source.info == rendering.info else {
                throw UpscaleError.changedWhileRead(file: picture.input.name)
            }
            return source
        }
        guard rendering.isEnlargement else { return rendering.reduced(try source()) }
        let isTransparent = try source().isTransparent()
        return try rendering.enlarged(
            source(), isTransparent: isTransparent, by: model!, precision: precision)
    }

    private func write(_ rows: OutputRows, to sink: any RowSink, progress: (Double) -> Void) throws {
        let writer = BackgroundWriter()
        // Whatever happens, nothing is written after the output has been taken away.
        defer { try? writer.finish() }
        nonisolated(unsafe) let target = sink
        var done = 0
        while let strip = try rows() {
            try writer.submit { try target.writeRows(strip) }
            done += strip.height
            progress(Double(done) / Double(sink.info.height))
        }
        try writer.finish()
    }
}
