import Files

/// Names for paths: of each as many of its last parts as tell it from the others; nil for one that is there twice.
func distinctNames(_ paths: [[Substring]]) -> [String?] {
    var names = [String?](repeating: nil, count: paths.count)
    for depth in 1...max(1, paths.map(\.count).max() ?? 1) {
        let tails = paths.map { $0.suffix(depth).joined(separator: "/") }
        let counts = Dictionary(tails.map { ($0, 1) }, uniquingKeysWith: +)
        for (index, tail) in tails.enumerated() where names[index] == nil && counts[tail] == 1 {
            names[index] = tail
        }
    }
    return names
}

/// What tables call pictures: their files' names without extension; with it, or with folders before it, where two would
/// have one name.
func pictureNames(_ files: [String]) -> [String] {
    let stems = files.map { PathName.stem(of: $0) }
    let counts = Dictionary(stems.map { ($0, 1) }, uniquingKeysWith: +)
    let distinct = distinctNames(files.map { $0.split(separator: "/") })
    return files.indices.map { counts[stems[$0]] == 1 ? stems[$0] : distinct[$0] ?? stems[$0] }
}
