import Foundation

/// Files that a process has begun somewhere below a folder and not completed, under names that open them: Linux's are without one in
/// any folder, others are hidden.
/// - Parameter process: Its number.
package func unfinishedFiles(of process: Int32, in folder: String) -> [String] {
    let manager = FileManager.default
    let folder = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
    let hidden = (manager.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []).filter {
        $0.hasSuffix(".partial")
    }.map { "\(folder)/\($0)" }
    let descriptors = "/proc/\(process)/fd"
    let nameless = ((try? manager.contentsOfDirectory(atPath: descriptors)) ?? []).map {
        "\(descriptors)/\($0)"
    }.filter {
        guard let file = try? manager.destinationOfSymbolicLink(atPath: $0) else { return false }
        return file.hasPrefix(folder + "/") && file.hasSuffix(" (deleted)")
    }
    return hidden + nameless
}
