import ArgumentParser
import Foundation
import ImageCodecs
import Imaging
import LIIF

/// `liif encode`
struct Encode: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write a picture's features, which liif upscale and liif serve then need not compute.",
        discussion: """
            A .liif file holds the features in BF16, 128 bytes a pixel for the default model, the pixels themselves and \
            the digest of the model; only that model decodes it. The container is safetensors.

            Example:
              liif encode photo.jpg -o photo.liif && liif upscale photo.liif -o poster.png --scale 8
            """)

    @Argument(help: ArgumentHelp("The picture to encode.", valueName: "input"))
    var input: String

    @Option(
        name: .shortAndLong, help: ArgumentHelp("Where the features go: a .liif file.", valueName: "file"))
    var output: String

    @OptionGroup(title: "Model") var model: ModelOptions

    func validate() throws {
        guard FeatureFile.isNamed(output) else {
            throw ValidationError("\(output): the name of a file of features ends in .liif.")
        }
    }

    func run() throws {
        let source = try ImageFile.source(at: input, inSRGB: true)
        let line = ProgressLine()
        defer { line.finish() }
        if source.info.bitsPerSample == 16 {
            try write(source, as: UInt16.self, line)
        } else {
            try write(source, as: UInt8.self, line)
        }
        line.show("\(output): the features of \(source.info.width)×\(source.info.height) pixels", keep: true)
    }

    private func write<Sample: ImageSample>(
        _ source: any RowSource, as type: Sample.Type, _ line: ProgressLine
    ) throws {
        let info = source.info
        try FeatureFile.write(
            to: output, model: model.open(), precision: model.precision.precision.features,
            height: info.height,
            width: info.width, channels: info.channels, rows: { try source.readRows($0, as: type)! },
            progress: { line.show("encoding \(info.width)×\(info.height) pixels  \(Int($0 * 100)) %") })
    }
}
