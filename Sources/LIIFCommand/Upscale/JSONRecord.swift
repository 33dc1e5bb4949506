import ArgumentParser
import Foundation
import ImageCodecs
import LIIF

/// One line of `--json`: what became of a picture.
struct JSONRecord: Encodable {
    var input: String
    var output: String?
    /// `done`, `skipped` or `failed`.
    var status: String
    /// Extent of the input and of the output in pixels.
    var inputWidth, inputHeight, width, height: Int?
    var scale: Double?
    var seconds: Double?
    var error: String?

    init(_ picture: PlannedPicture, _ outcome: UpscaleReport.Outcome) {
        let rendering = picture.rendering
        input = picture.input.name
        output = picture.output ?? "-"
        (inputWidth, inputHeight) = (rendering.info.width, rendering.info.height)
        (width, height) = (rendering.size.width, rendering.size.height)
        scale = picture.scale
        switch outcome {
        case .done(let seconds):
            status = "done"
            self.seconds = seconds
        case .skipped: status = "skipped"
        case .failed(let error):
            status = "failed"
            self.error = message(error, about: input)
        }
    }

    init(_ name: String, _ error: any Error) {
        input = name
        status = "failed"
        self.error = message(error, about: name)
    }
}

/// The last line of `--json` where there may be several pictures.
struct JSONSummary: Encodable {
    var pictures, done, skipped, failed: Int
    /// Files of folders that are no part of `pictures`, for their formats are not read.
    var unread: Int
    var seconds: Double
    var status = "summary"
}

/// Prints a value as one line, at once. Where that fails the pictures are made all the same, and `OutputLost` ends the program.
func printJSON(_ value: some Encodable) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    print(String(decoding: (try? encoder.encode(value)) ?? Data(), as: UTF8.self))
    OutputLost.flush()
}

/// An error as a sentence that names the picture.
func message(_ error: any Error, about name: String) -> String {
    let text = (error as? ValidationError)?.message ?? "\(error)"
    return text.contains(name) ? text : "\(name): \(text)"
}
