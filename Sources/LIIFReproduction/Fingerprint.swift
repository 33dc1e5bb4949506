import Foundation
import NeuralNetwork

/// Tells files from others, and from what they were before they were changed: of their names, sizes and dates, in order.
/// The folder does not count, nor does a link on the way to the file.
package func fingerprint(of files: [String]) -> String {
    let states = files.map { file in
        let target = URL(fileURLWithPath: file).resolvingSymlinksInPath().path
        let attributes = try? FileManager.default.attributesOfItem(atPath: target)
        let date = attributes?[.modificationDate] as? Date
        return [
            file.split(separator: "/").last.map(String.init) ?? file,
            (attributes?[.size] as? UInt64).map { "\($0)" } ?? "absent",
            date.map { "\($0.timeIntervalSince1970)" } ?? "",
        ].joined(separator: "\n")
    }
    return String(fnv1a(states.joined(separator: "\n\n")), radix: 16)
}
