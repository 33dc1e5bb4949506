import Foundation

/// Makes a folder, and those before it.
func makeFolder(_ path: String) throws {
    do {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
        throw ReproductionError.unwritable(path, reason: error.localizedDescription)
    }
}
