package import Tensors

/// A safetensors file in memory: named tensors in order, and text about them.
package struct SafetensorsFile: Sendable, Equatable {
    /// Free text by key; swift-liif keeps a model's configuration here.
    package var metadata: [String: String]
    /// Names of all tensors, in the order of the file or of insertion.
    package private(set) var names: [String] = []
    private var tensors: [String: StoredTensor] = [:]

    /// A file without tensors.
    package init(metadata: [String: String] = [:]) { self.metadata = metadata }

    /// A tensor's elements as floats, whatever type the file holds; nil when there is none of that name.
    /// A tensor that is set is stored as F32; setting nil removes it.
    package subscript(name: String) -> Tensor? {
        get { tensors[name]?.tensor }
        set { self[stored: name] = newValue.map { StoredTensor($0) } }
    }

    /// A tensor with the type it has in the file.
    /// - Precondition: a name that is set is not `__metadata__`, which the format reserves.
    package subscript(stored name: String) -> StoredTensor? {
        get { tensors[name] }
        set {
            precondition(name != "__metadata__", "the format reserves this name")
            if let newValue {
                if tensors.updateValue(newValue, forKey: name) == nil { names.append(name) }
            } else if tensors.removeValue(forKey: name) != nil {
                names.removeAll { $0 == name }
            }
        }
    }
}
