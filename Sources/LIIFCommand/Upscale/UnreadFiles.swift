import Files
import ImageCodecs

/// Files in folders that look like pictures of formats which are not read, counted by their extensions.
struct UnreadFiles {
    private var counts: [String: Int] = [:]

    /// How many there are.
    var count: Int { counts.values.reduce(0, +) }

    /// `2 .heic and 1 .gif`, what there is most of first; nil where there are none.
    var list: String? {
        let words = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.value) \($0.key)" }
        guard let last = words.last else { return nil }
        return words.count == 1 ? last : words.dropLast().joined(separator: ", ") + " and " + last
    }

    /// Counts a file, if its name is one's.
    mutating func add(_ name: String) {
        guard ImageFormat.isUnread(pathExtension: name), let pathExtension = PathName.pathExtension(of: name)
        else { return }
        counts["." + pathExtension.lowercased(), default: 0] += 1
    }

    mutating func add(_ others: UnreadFiles) {
        counts.merge(others.counts, uniquingKeysWith: +)
    }
}
