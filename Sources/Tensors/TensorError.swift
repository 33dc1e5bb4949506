/// What can go wrong below the networks.
public enum TensorError: Error, Equatable, CustomStringConvertible {
    /// oneDNN refused an operation; `status` is its code.
    case engine(operation: String, status: Int)

    /// A sentence that names the operation and what it found.
    public var description: String {
        switch self {
        case .engine(let operation, let status):
            "oneDNN \(OneDNN.version) cannot run \(operation): "
                + (status == 3 ? "no kernel for this processor and these extents" : "status \(status)")
        }
    }
}
