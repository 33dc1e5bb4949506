import Files
public import LIIF
import SwiftProtobuf

/// What of a model an ONNX file holds.
public enum ONNXPart: String, CaseIterable, Sendable {
    /// image [1, 3, H, W] in 0…1 and size [2] → pixels [1, 3, height, width] in 0…1.
    case whole
    /// image [1, 3, H, W] in 0…1 → features [1, D, H, W].
    case encoder
    /// features, coordinates [1, Q, 2] and cells [1, Q or 1, 2] (and image, with an input skip) → colours [1, Q, 3] in
    /// 0…1.
    case decoder
}

extension LIIFModel {
    /// Writes the model, or a part of it, as an ONNX file of opset 13 with dynamic sizes; the computation is in
    /// float32. The same model gives the same bytes.
    /// - Throws: `UnwritableFile`; `ONNXFileError.unsupported` for a baseline, MetaSR or an up-sampling
    ///   module.
    public func writeONNX(_ part: ONNXPart = .whole, to path: String) throws {
        try AtomicFile.write(onnx(part), to: path)
    }

    /// The bytes that `writeONNX` writes.
    package func onnx(_ part: ONNXPart = .whole) throws -> [UInt8] {
        guard case .liif(let liif) = configuration else {
            throw ONNXFileError.unsupported(model: configuration.methodName)
        }
        var message = ONNXModelProto()
        message.irVersion = 7
        message.producerName = "swift-liif"
        message.docString = Self.documentation
        message.opsetImport = [
            ONNXOperatorSetIdProto.with {
                $0.domain = ""
                $0.version = Int64(GraphWriter.opset)
            }
        ]
        message.graph = graph(part, liif).message
        let properties = fileMetadata.merging([ONNXKey.part: part.rawValue]) { $1 }
        message.metadataProps = properties.sorted { $0.key < $1.key }.map { key, value in
            ONNXStringStringEntryProto.with {
                $0.key = key
                $0.value = value
            }
        }
        return try message.serializedBytes()
    }

    private static let documentation = """
        A continuous image (LIIF, CVPR 2021). Coordinates are (y, x) from -1 to 1: the centre of pixel i of n is \
        -1 + (2 i + 1) / n. A cell is the extent (height, width) of a pixel in coordinates: 2 / the output's pixels.
        """

    private func graph(_ part: ONNXPart, _ configuration: LIIFConfiguration) -> GraphWriter {
        let writer = GraphWriter(name: "liif_\(part)")
        switch part {
        case .whole: writeWhole(writer, configuration)
        case .encoder: writeEncoder(writer)
        case .decoder: writeDecoder(writer, configuration)
        }
        return writer
    }

    private func writeEncoder(_ writer: GraphWriter) {
        let image = writer.normalized(writer.imageInput(), normalization.input)
        writer.output(
            "features", encode(image, writer),
            [.fixed(1), .fixed(configuration.encoder.featureChannels), .named("height"), .named("width")],
            "The latent codes, one per pixel.")
    }

    private func encode(_ image: Value, _ writer: GraphWriter) -> Value {
        writer.apply(network.encoder, to: image) { values(of: $0) }
    }

    private func writeDecoder(_ writer: GraphWriter, _ configuration: LIIFConfiguration) {
        let channels = configuration.encoder.featureChannels
        let features = writer.input(
            "features", .float, [.fixed(1), .fixed(channels), .named("height"), .named("width")],
            "What the encoder made of the image.")
        let coordinates = writer.input(
            "coordinates", .float, [.fixed(1), .named("queries"), .fixed(2)], "Centres (y, x), -1 to 1."
        ).reshaped([-1, 2])
        // The graphs without cell decoding or input skip have no such inputs: nothing there would read them.
        var cells = coordinates
        if configuration.cellDecoding {
            cells = writer.input(
                "cells", .float, [.fixed(1), .named("cells"), .fixed(2)],
                "Extents (height, width) of the queried pixels, one for each query or one for all."
            ).reshaped([-1, 2])
        }
        var image = features
        if configuration.inputSkip { image = writer.normalized(writer.imageInput(), normalization.input) }
        let queries = Queries(ys: coordinates.column(0), xs: coordinates.column(1), cells: cells)
        let colours = writer.denormalized(
            writer.decode(features, queries, image: image, model: self, configuration: configuration),
            normalization.truth)
        writer.output(
            "colours", colours.reshaped([1, -1, 3]), [.fixed(1), .named("queries"), .fixed(3)],
            "R, G and B in 0 to 1.")
    }

    private func writeWhole(_ writer: GraphWriter, _ configuration: LIIFConfiguration) {
        let image = writer.normalized(writer.imageInput(), normalization.input)
        let size = writer.input("size", .int64, [.fixed(2)], "Rows and columns of the output.")
        let rows = GraphWriter.Count(whole: size.element(0))
        let columns = GraphWriter.Count(whole: size.element(1))
        let cell = 2 / Value.joined([rows.double, columns.double], axis: 0)
        let queries = Queries(
            ys: writer.pixelCentres(of: rows).reshaped([-1, 1]),
            xs: writer.pixelCentres(of: columns).reshaped([1, -1]), cells: cell.cast(.float).reshaped([1, 2]))
        let colours = writer.denormalized(
            writer.decode(
                encode(image, writer), queries, image: image, model: self, configuration: configuration),
            normalization.truth)
        let shape = Value.joined(
            [writer.constant([1]), rows.whole, columns.whole, writer.constant([3])], axis: 0)
        writer.output(
            "pixels", colours.reshaped(shape).transposed([0, 3, 1, 2]),
            [.fixed(1), .fixed(3), .named("output height"), .named("output width")], "R, G and B in 0 to 1.")
    }
}

/// Metadata of our files beside the model's own keys.
enum ONNXKey {
    /// The `ONNXPart` that the file holds.
    static let part = "liif.part"
}

extension GraphWriter {
    fileprivate func imageInput() -> Value {
        input(
            "image", .float, [.fixed(1), .fixed(3), .named("height"), .named("width")],
            "R, G and B in 0 to 1.")
    }

    /// What the network sees of an image, [1, 3, H, W] in 0…1.
    fileprivate func normalized(_ image: Value, _ affine: PixelNormalization.Affine) -> Value {
        (image - constant(affine.subtract, shape: [affine.subtract.count, 1, 1]))
            / constant(affine.divide, shape: [affine.divide.count, 1, 1])
    }

    /// Colours in 0…1 of predictions, [Q, 3].
    fileprivate func denormalized(_ colours: Value, _ affine: PixelNormalization.Affine) -> Value {
        (colours * constant(affine.divide, shape: [affine.divide.count])
            + constant(affine.subtract, shape: [affine.subtract.count])).clamped(0, 1)
    }
}
