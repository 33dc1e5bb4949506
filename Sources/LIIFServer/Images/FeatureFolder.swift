import Files
import Foundation
import Hashing
import Imaging
import LIIF
import Logging
import Synchronization
import TensorFiles

/// Feature tiles on disk, each a small `.liif` file of the part of the picture that it shows. The files that were not
/// used for longest are removed when all together exceed a number of bytes.
final class FeatureFolder: Sendable {
    private let folder: String
    private let limit: Int
    private let logger: Logger
    private let files: Mutex<[String: (bytes: Int, used: Date)]>

    /// Makes the folder where there is none.
    /// - Throws: `UnwritableFile`, or `ServerError.unreadable`.
    init(_ folder: String, limit: Int, logger: Logger) throws {
        (self.folder, self.limit, self.logger) = (folder, limit, logger)
        let manager = FileManager.default
        try makeFolder(folder)
        try checkWritable(folder)
        guard let names = try? manager.contentsOfDirectory(atPath: folder) else {
            throw ServerError.unreadable(path: folder)
        }
        var files: [String: (bytes: Int, used: Date)] = [:]
        for name in names where Self.isOurs(name) {
            guard let attributes = try? manager.attributesOfItem(atPath: folder + "/" + name) else {
                continue
            }
            files[name] = (
                (attributes[.size] as? NSNumber)?.intValue ?? 0,
                attributes[.modificationDate] as? Date ?? .distantPast
            )
        }
        self.files = Mutex(files)
        shrink()
    }

    /// Only files of such names are ever removed.
    private static func isOurs(_ name: String) -> Bool {
        name.hasPrefix("tile-") && name.hasSuffix("." + FeatureFile.pathExtension)
    }

    private static func fileName(_ name: String) -> String {
        "tile-\(SHA256.hexadecimal(of: name.utf8)).\(FeatureFile.pathExtension)"
    }

    /// A tile that was kept; nil if it was not, or cannot be read.
    func tile(_ name: String, _ rectangle: LatentRectangle, channels: Int) -> FeatureTile? {
        let file = Self.fileName(name), path = folder + "/" + file
        guard files.withLock({ $0[file] != nil }) else { return nil }
        do {
            let stored = try FeatureFile(path: path).tile(.init(row: 0, column: 0))
            files.withLock { $0[file]?.used = Date() }
            try? FileManager.default.setAttributes([.modificationDate: Date()], ofItemAtPath: path)
            return stored.channels == channels ? stored.moved(to: rectangle) : nil
        } catch {
            logger.warning("feature tile not read", metadata: ["file": "\(path)", "reason": "\(error)"])
            files.withLock { _ = $0.removeValue(forKey: file) }
            try? FileManager.default.removeItem(atPath: path)
            return nil
        }
    }

    /// Keeps a tile. A disk that is full is no reason to fail.
    /// - Parameter pixels: What the tile shows.
    func keep(_ tile: FeatureTile, pixels: Image<UInt8>, name: String, modelDigest: String) {
        let file = Self.fileName(name), path = folder + "/" + file
        do {
            let bytes = try FeatureFile.write(tile, pixels: pixels, modelDigest: modelDigest, to: path)
            files.withLock { $0[file] = (bytes, Date()) }
            shrink()
        } catch {
            logger.warning("feature tile not kept", metadata: ["file": "\(path)", "reason": "\(error)"])
        }
    }

    private func shrink() {
        let removed = files.withLock { files -> [String] in
            var total = files.values.reduce(0) { $0 + $1.bytes }
            guard total > limit else { return [] }
            var removed: [String] = []
            for (name, file) in files.sorted(by: { $0.value.used < $1.value.used }) where total > limit {
                total -= file.bytes
                files[name] = nil
                removed.append(name)
            }
            return removed
        }
        for name in removed { try? FileManager.default.removeItem(atPath: folder + "/" + name) }
    }
}
