import NeuralNetwork

extension LIIFNetwork {
    /// What PyTorch's wrappers put before every name of a state: `module.` by `DataParallel`, `_orig_mod.` by `torch.compile`,
    /// one before the other by both.
    /// - Parameters:
    ///   - names: Of a state's tensors.
    ///   - ownPrefix: What this network's names begin with and the state's do not.
    /// - Returns: What all names begin with, when some are parameters' names behind it; empty when some are as they stand.
    package func wrapperPrefix(of names: [String], without ownPrefix: String = "") -> String {
        let parameters = Set(parameters.entries.map { String($0.name.dropFirst(ownPrefix.count)) })
        guard let first = names.first, !names.contains(where: parameters.contains) else { return "" }
        var prefix = ""
        // A name out of a file may have a million parts.
        for part in first.split(separator: ".", maxSplits: 4, omittingEmptySubsequences: false).dropLast() {
            prefix += "\(part)."
            let count = prefix.count
            guard names.allSatisfy({ $0.hasPrefix(prefix) }) else { return "" }
            if names.contains(where: { parameters.contains(String($0.dropFirst(count))) }) { return prefix }
        }
        return ""
    }
}
