import Files
import Hashing

/// Tells files from others, and from what they were before they were changed: of their names, sizes and dates, in order.
/// The folder does not count, nor does a link on the way to the file.
package func fingerprint(of files: [String]) -> String {
    let states = files.map { file in
        "\(PathName.fileName(of: file))\n\(FileState(file)?.fingerprint ?? "absent")"
    }
    return String(fnv1a(states.joined(separator: "\n\n")), radix: 16)
}
