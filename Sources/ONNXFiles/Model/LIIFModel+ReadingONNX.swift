import Files
import Foundation
public import LIIF
import SwiftProtobuf
import TensorFiles
import Tensors

extension LIIFModel {
    /// Reads a model out of an ONNX file that `writeONNX` wrote whole: its weights and what the file says of them.
    /// The graph itself is not looked at.
    /// - Throws: `TensorFileError.unreadable`, `ONNXFileError`, and what `init(contentsOf:)` throws of a model that
    ///   does not fit its description.
    public convenience init(onnx path: String) throws {
        try self.init(onnx: readWholeFile(path), named: path)
    }

    /// - Parameter file: What errors call the file.
    package convenience init(onnx bytes: [UInt8], named file: String) throws {
        let message: ONNXModelProto
        do {
            message = try ONNXModelProto(serializedBytes: bytes)
        } catch {
            throw ONNXFileError.malformed(file: file, reason: "it is no sound protobuf message")
        }
        var weights = SafetensorsFile()
        for property in message.metadataProps { weights.metadata[property.key] = property.value }
        let part = weights.metadata.removeValue(forKey: ONNXKey.part)
        guard weights.metadata[Key.model] != nil, let part, ONNXPart(rawValue: part) != nil else {
            let producer = message.producerName.isEmpty ? "" : " made by \(message.producerName.printable)"
            throw ONNXFileError.notOurs(file: file, found: "a network of another kind\(producer)")
        }
        guard part == ONNXPart.whole.rawValue else {
            throw ONNXFileError.notOurs(file: file, found: "the \(part) of a model alone")
        }
        var first: [String: Tensor] = [:]
        for initializer in message.graph.initializer
        where !initializer.name.hasPrefix(GraphWriter.constantPrefix) {
            let tensor = try initializer.tensor(file: file)
            guard initializer.name != "__metadata__", weights[initializer.name] == nil,
                first[initializer.name] == nil
            else {
                throw ONNXFileError.malformed(
                    file: file, reason: "the tensor \"\(initializer.name.printable)\" is there twice")
            }
            if initializer.name.hasPrefix(DecoderNames.firstLayer) {
                first[initializer.name] = tensor
            } else {
                weights[initializer.name] = tensor
            }
        }
        weights[DecoderNames.firstLayer] = try firstLayer(first, file: file)
        try self.init(weights, named: file)
    }
}

/// The first layer's weights, [width, inputs], out of the parts that the graph has.
private func firstLayer(_ parts: [String: Tensor], file: String) throws -> Tensor {
    func failure(_ reason: String) -> ONNXFileError { .malformed(file: file, reason: reason) }
    guard let latents = parts[DecoderNames.latents], let relative = parts[DecoderNames.relative],
        latents.shape.count == 4, let width = latents.shape.first, width > 0
    else { throw failure("the decoder's first layer is missing or has no kernel") }
    let columns = [relative] + (parts[DecoderNames.cell].map { [$0] } ?? [])
    guard columns.allSatisfy({ $0.shape == [2, width] }) else {
        throw failure("the parts of the decoder's first layer are of different widths")
    }
    let kernel = latents.count / width
    var values: [Float] = []
    values.reserveCapacity(width * (kernel + 2 * columns.count))
    for row in 0..<width {
        values += latents.values[row * kernel..<(row + 1) * kernel]
        for column in columns { values += [column.values[row], column.values[width + row]] }
    }
    return Tensor(shape: [width, kernel + 2 * columns.count], values: values)
}

extension ONNXTensorProto {
    /// The elements of a tensor of floats.
    fileprivate func tensor(file: String) throws -> Tensor {
        let shape = dims.map { Int($0) }
        guard dataType == ElementKind.float.number, let count = shape.product(), rawData.count / 4 == count,
            rawData.count.isMultiple(of: 4)
        else {
            throw ONNXFileError.malformed(
                file: file,
                reason:
                    "the tensor \"\(name.printable)\" of shape \(shape.description.printable) is no raw float32 of that shape"
            )
        }
        let values = rawData.withUnsafeBytes { bytes in
            (0..<count).map {
                Float(
                    bitPattern: UInt32(
                        littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self)))
            }
        }
        return Tensor(shape: shape, values: values)
    }
}
