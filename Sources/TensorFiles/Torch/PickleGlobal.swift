/// The classes and functions that a checkpoint may name; each is understood here, none is ever called.
enum PickleGlobal: Equatable {
    case orderedDictionary
    /// (storage, offset, shape, strides[, …])
    case rebuildTensor
    /// (tensor, requires_grad, hooks)
    case rebuildParameter
    /// A tuple of extents.
    case size
    case storage(ElementType)

    /// Nil for every name that is not on the list.
    init?(module: String, name: String) {
        switch (module, name) {
        case ("collections", "OrderedDict"): self = .orderedDictionary
        case ("torch._utils", "_rebuild_tensor"), ("torch._utils", "_rebuild_tensor_v2"):
            self = .rebuildTensor
        case ("torch._utils", "_rebuild_parameter"): self = .rebuildParameter
        case ("torch", "Size"): self = .size
        case ("torch", _):
            guard let type = ElementType.allCases.first(where: { Self.storageClass(of: $0) == name }) else {
                return nil
            }
            self = .storage(type)
        default: return nil
        }
    }

    /// The name that is written into a pickle.
    var qualifiedName: (module: String, name: String) {
        switch self {
        case .orderedDictionary: ("collections", "OrderedDict")
        case .rebuildTensor: ("torch._utils", "_rebuild_tensor_v2")
        case .rebuildParameter: ("torch._utils", "_rebuild_parameter")
        case .size: ("torch", "Size")
        case .storage(let type): ("torch", Self.storageClass(of: type))
        }
    }

    private static func storageClass(of type: ElementType) -> String {
        switch type {
        case .float64: "DoubleStorage"
        case .float32: "FloatStorage"
        case .float16: "HalfStorage"
        case .bfloat16: "BFloat16Storage"
        case .int64: "LongStorage"
        case .int32: "IntStorage"
        case .int16: "ShortStorage"
        case .int8: "CharStorage"
        case .uint8: "ByteStorage"
        case .bool: "BoolStorage"
        }
    }
}
