import CImageCodecs
import Hashing

/// The journal of a TIFF file that is written over several runs: what the job is, then one line for each finished row
/// of tiles. Every line ends with its own checksum, so that a line that a killed process left half-written ends the
/// journal instead of misleading it.
struct ResumableJournal: Equatable {
    /// A finished row of tiles.
    struct Row: Equatable {
        /// The position behind its bytes in the file.
        var end: UInt64
        /// CRC-32 of its bytes.
        var checksum: UInt32
        /// Compressed bytes of each tile.
        var sizes: [UInt64]
    }

    /// What must be the same to go on.
    var job: [String: String]
    /// The position of the first tile.
    var start: UInt64
    var rows: [Row] = []

    private static let title = "liif resumable tiff 1"

    init(job: [String: String], start: UInt64) {
        self.job = job
        self.start = start
    }

    /// Nil if not even the lines about the job are whole.
    init?(_ text: String) {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            .prefix { Self.isWhole($0) }.map { $0.dropLast(9) }[...]
        guard lines.popFirst() == Self.title[...] else { return nil }
        job = [:]
        while let line = lines.first, line.hasPrefix("job ") {
            let parts = line.dropFirst(4).split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { return nil }
            job[Self.plain(parts[0])] = Self.plain(parts[1])
            lines.removeFirst()
        }
        guard let line = lines.popFirst(), line.hasPrefix("start "), let start = UInt64(line.dropFirst(6))
        else {
            return nil
        }
        self.start = start
        for line in lines {
            let words = line.split(separator: " ")
            guard words.count == 5, words[0] == "row", Int(words[1]) == rows.count,
                let end = UInt64(words[2]),
                let checksum = UInt32(words[3], radix: 16)
            else { break }
            let sizes = words[4].split(separator: ",").compactMap { UInt64($0) }
            let previous = rows.last?.end ?? start
            guard end > previous, sizes.reduce(UInt128(0), { $0 + UInt128($1) }) == end - previous else {
                break
            }
            rows.append(Row(end: end, checksum: checksum, sizes: sizes))
        }
    }

    /// The lines before the rows.
    var header: String {
        let lines =
            [Self.title]
            + job.sorted { $0.key < $1.key }.map { "job \(Self.escaped($0.key))=\(Self.escaped($0.value))" }
            + ["start \(start)"]
        return lines.map(Self.line).joined()
    }

    /// The line of a row.
    func line(ofRow index: Int) -> String {
        let row = rows[index]
        let sizes = row.sizes.map { String($0) }.joined(separator: ",")
        return Self.line("row \(index) \(row.end) \(row.checksum.hexadecimal) \(sizes)")
    }

    /// What of the job is not the same, in words for an error.
    func differences(from other: [String: String]) -> [String] {
        Set(job.keys).union(other.keys).filter { job[$0] != other[$0] }.sorted()
    }

    private static func line(_ text: String) -> String { "\(text) \(checksum(text))\n" }

    private static func isWhole(_ line: Substring) -> Bool {
        line.utf8.count > 9 && line.suffix(9) == " " + checksum(String(line.dropLast(9)))
    }

    private static func checksum(_ text: String) -> String {
        Array(text.utf8).withUnsafeBytes { codec_crc32(0, $0.baseAddress, $0.count) }.hexadecimal
    }

    /// Line ends and the sign between key and value are written otherwise.
    private static func escaped(_ text: String) -> String {
        text.map { $0 == "%" ? "%25" : $0 == "=" ? "%3D" : $0.isNewline ? "%0A" : String($0) }.joined()
    }

    private static func plain(_ text: Substring) -> String {
        var result = ""
        var rest = text
        while let sign = rest.firstIndex(of: "%") {
            result += rest[..<sign]
            let code = rest[sign...].prefix(3)
            result += code == "%3D" ? "=" : code == "%0A" ? "\n" : "%"
            rest = rest[sign...].dropFirst(3)
        }
        return result + rest
    }
}
