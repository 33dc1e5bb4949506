/// The candidate that a mistyped word most likely meant, nil when none is near.
///
/// Near: at most a third of the word's letters (at least one, two from four letters on) inserted, deleted,
/// replaced or swapped with the neighbour. Letter case, `-` and `_` do not count.
package func nearMiss(of word: String, in candidates: [String]) -> String? {
    let length = word.count
    let limit = max(length >= 4 ? 2 : 1, length / 3)
    // Each letter more or less is a change: of words out of files, which may have millions, none is near.
    let candidates = candidates.filter { abs($0.count - length) <= limit }
    guard !candidates.isEmpty else { return nil }
    let wanted = folded(word)
    let ranked = candidates.map { (name: $0, distance: editDistance(wanted, folded($0))) }
    guard let best = ranked.min(by: { $0.distance < $1.distance }), best.distance <= limit else { return nil }
    return best.name
}

private func folded(_ word: String) -> [Character] {
    word.lowercased().map { $0 == "-" ? "_" : $0 }
}

/// Optimal string alignment: insertions, deletions, replacements and swaps of neighbours, each of cost 1.
private func editDistance(_ a: [Character], _ b: [Character]) -> Int {
    var rows = [[Int]](repeating: [Int](repeating: 0, count: b.count + 1), count: a.count + 1)
    for i in 0...a.count { rows[i][0] = i }
    for j in 0...b.count { rows[0][j] = j }
    for i in a.indices {
        for j in b.indices {
            var cost = min(rows[i][j + 1], rows[i + 1][j]) + 1
            cost = min(cost, rows[i][j] + (a[i] == b[j] ? 0 : 1))
            if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, rows[i - 1][j - 1] + 1) }
            rows[i + 1][j + 1] = cost
        }
    }
    return rows[a.count][b.count]
}
