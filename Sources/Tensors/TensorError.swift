/// What can go wrong below the networks.
public enum TensorError: Error, Equatable, CustomStringConvertible {
    /// oneDNN refused an operation; `status` is its code.
    case engine(operation: String, status: Int)

    /// oneDNN's version, the operation, and why it is refused.
    public var description: String {
        switch self {
        case .engine(let operation, let status):
            "oneDNN \(OneDNN.version) cannot run \(operation): "
                + (status == 3 ? "no kernel for this processor and these extents" : "status \(status)")
        }
    }
}
