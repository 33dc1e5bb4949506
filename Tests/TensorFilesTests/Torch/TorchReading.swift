import TensorFiles
import Testing

/// Reads a checkpoint from memory under the name `model.pth`.
func readCheckpoint(_ bytes: [UInt8]) throws -> PickleValue {
    try bytes.withUnsafeBytes { try TorchCheckpoint.read(bytes: $0, named: "model.pth") }
}

/// Reads a pickle inside an otherwise sound checkpoint.
func readPickle(_ pickle: [UInt8], storages: [String: [UInt8]] = [:]) throws -> PickleValue {
    try readCheckpoint(ZipBuilder.checkpoint(pickle: pickle, storages: storages).bytes)
}

/// The words a checkpoint is refused with; nil when it was read.
func refusal(of bytes: [UInt8]) -> String? {
    do {
        _ = try readCheckpoint(bytes)
        return nil
    } catch let error as TensorFileError {
        #expect(error.description.hasPrefix("model.pth: "))
        return error.description
    } catch {
        Issue.record("\(error)")
        return nil
    }
}

/// The words a pickle is refused with; nil when it was read.
func refusal(ofPickle pickle: [UInt8], storages: [String: [UInt8]] = [:]) -> String? {
    refusal(of: ZipBuilder.checkpoint(pickle: pickle, storages: storages).bytes)
}

/// Protocol 2 around a body.
func pickle(_ parts: [UInt8]...) -> [UInt8] { [0x80, 2] + parts.joined() + [0x2E] }

/// Instructions that are printable, such as `cos\nsystem\n`.
func text(_ string: String) -> [UInt8] { Array(string.utf8) }

/// BINUNICODE.
func unicode(_ string: String) -> [UInt8] { text("X") + number(UInt32(string.utf8.count)) + string.utf8 }

/// BININT.
func integer(_ value: Int32) -> [UInt8] { text("J") + number(value) }

/// A tuple of integers.
func tuple(_ values: [Int32]) -> [UInt8] { text("(") + values.flatMap(integer) + text("t") }

/// `_rebuild_tensor_v2` over a storage.
func tensor(
    storage: String = "FloatStorage", key: String = "0", count: Int32, offset: Int32 = 0, shape: [Int32],
    strides: [Int32]
) -> [UInt8] {
    text("ctorch._utils\n_rebuild_tensor_v2\n((") + unicode("storage") + text("ctorch\n\(storage)\n")
        + unicode(key) + unicode("cpu") + integer(count) + text("tQ") + integer(offset) + tuple(shape)
        + tuple(strides) + [0x89] + text("ccollections\nOrderedDict\n)RtR")
}
