extension ModelConfiguration {
    /// On one line; of LIIF's decoder, what differs from the paper is said.
    package var summary: String {
        let skip = inputSkip ? ["input skip"] : []
        switch self {
        case .liif(let liif): return (liif.parts + skip).joined(separator: ", ")
        case .metaSR(let metaSR):
            let isThePapers = metaSR.hiddenWidth == MetaSRConfiguration().hiddenWidth
            let width = isThePapers ? [] : ["a hidden layer of \(metaSR.hiddenWidth)"]
            return ([encoder.summary, methodName] + width + skip).joined(separator: ", ")
        case .upsampling: return ([encoder.summary, methodName] + skip).joined(separator: ", ")
        }
    }
}

extension LIIFConfiguration {
    fileprivate var parts: [String] {
        var parts = [
            encoder.summary, "decoder \(hiddenWidths.map(String.init).joined(separator: "·"))",
        ]
        if !localEnsemble { parts.append("no local ensemble") }
        if !featureUnfolding { parts.append("no feature unfolding") }
        if !cellDecoding { parts.append("no cell decoding") }
        return parts
    }
}
