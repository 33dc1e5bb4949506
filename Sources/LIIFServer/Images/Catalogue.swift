import Files
import Foundation
import ImageCodecs
import LIIF
import Logging
import PictureFiles

/// The images that are served: a table made once, at the start. A request's identifier is looked up in it and never
/// becomes part of a path.
struct Catalogue: Sendable {
    /// In the order of their identifiers.
    let images: [ServedImage]
    private let byIdentifier: [String: ServedImage]

    subscript(identifier: String) -> ServedImage? { byIdentifier[identifier] }

    /// - Parameters:
    ///   - paths: Files, and folders of which all pictures are served, in folders inside of them too; hidden ones
    ///     are not, nor is the folder of feature tiles. What is named twice, or lies in a folder too, is served once.
    ///   - model: The one that made files of features.
    /// - Throws: `ServerError`; `ImageCodecError.tooManyPixels` of a named file. In a folder, files that are no pictures are left
    ///   out; named ones must be pictures.
    init(_ paths: [String], model: LIIFModel, options: ServerOptions, logger: Logger) throws {
        var found: [(name: String, path: String)] = []
        var images: [(name: String, image: (String) -> ServedImage)] = []
        var known: Set<String> = []
        func isNew(_ path: String) -> Bool {
            known.insert(URL(fileURLWithPath: path).resolvingSymlinksInPath().path).inserted
        }
        for path in paths {
            if PathName.isFolder(path) {
                let files = try Self.files(in: path, but: options.featureFolder, logger)
                Self.warn(ofUnreadOnes: files.map(\.name), in: path, logger)
                found += files
            } else if isNew(path) {
                images.append((PathName.fileName(of: path), try Self.open(path, model, options)))
            }
        }
        for (name, path) in found.sorted(by: { $0.name < $1.name })
        where PictureFile.isNamed(name) && isNew(path) {
            do {
                images.append((name, try Self.open(path, model, options)))
            } catch {
                logger.warning("not served", metadata: ["file": "\(path)", "reason": "\(error)"])
            }
        }
        guard !images.isEmpty else { throw ServerError.noImages(paths: paths) }
        // The name without its ending, unless two files would share it.
        let stems = Dictionary(grouping: images.map { Self.stem($0.name) }, by: { $0 }).mapValues(\.count)
        var table: [String: ServedImage] = [:]
        for (name, image) in images {
            let stem = Self.stem(name)
            var identifier = stems[stem] == 1 && !stem.isEmpty ? stem : name
            var number = 2
            while table[identifier] != nil {
                identifier = "\(name)-\(number)"
                number += 1
            }
            table[identifier] = image(identifier)
        }
        byIdentifier = table
        self.images = table.values.sorted { $0.identifier < $1.identifier }
    }

    /// Without the ending, folders kept.
    private static func stem(_ name: String) -> String {
        name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
    }

    /// Says how many pictures of a folder are not even tried, for nobody would look for them in vain.
    private static func warn(ofUnreadOnes names: [String], in folder: String, _ logger: Logger) {
        let count = names.count(where: { ImageFormat.isUnread(pathExtension: $0) })
        guard count > 0 else { return }
        logger.warning(
            "pictures of formats that are not read are left out",
            metadata: ["folder": "\(folder)", "files": "\(count)", "read": "\(ImageFormat.listOfNames)"])
    }

    /// Regular files below a folder that are not hidden, named from the folder on. Folders inside that cannot be read are
    /// left out, and the log says so.
    /// - Parameter excluded: A folder that may lie in it, with files of the server's own.
    /// - Throws: `ServerError.unreadable`.
    private static func files(
        in folder: String, but excluded: String?, _ logger: Logger
    ) throws -> [(name: String, path: String)] {
        // The folder itself may be named by a link; links inside are no regular files.
        let root = URL(fileURLWithPath: folder, isDirectory: true).resolvingSymlinksInPath()
        let excluded = excluded.flatMap { FileIdentity($0) }
        let manager = FileManager.default
        let keys: Set<URLResourceKey> = [.isRegularFileKey, .isDirectoryKey]
        guard (try? manager.contentsOfDirectory(atPath: root.path)) != nil,
            let walk = manager.enumerator(
                at: root, includingPropertiesForKeys: Array(keys), options: [.skipsHiddenFiles],
                errorHandler: { url, error in
                    logger.warning(
                        "folder not read",
                        metadata: ["folder": "\(url.path)", "reason": "\(systemReason(error))"])
                    return true
                })
        else { throw ServerError.unreadable(path: folder) }
        let depth = root.standardizedFileURL.pathComponents.count
        return walk.compactMap { entry in
            guard let url = entry as? URL, let kind = try? url.resourceValues(forKeys: keys) else {
                return nil
            }
            if kind.isDirectory == true, excluded != nil, FileIdentity(url.path) == excluded {
                walk.skipDescendants()
            }
            guard kind.isRegularFile == true else { return nil }
            let name = url.standardizedFileURL.pathComponents.dropFirst(depth).joined(separator: "/")
            return (name, url.path)
        }
    }

    /// Reads a file's header.
    private static func open(_ path: String, _ model: LIIFModel, _ options: ServerOptions) throws -> (String)
        -> ServedImage
    {
        let isFeatureFile = FeatureFile.isNamed(path)
        // Before it is read: what changes from here on is noticed.
        guard let state = FileState(path) else { throw ServerError.unreadable(path: path) }
        let (width, height, channels): (Int, Int, Int)
        do {
            if isFeatureFile {
                let file = try FeatureFile(path: path)
                try file.check(model)
                let header = file.header
                (width, height, channels) = (header.tiling.width, header.tiling.height, header.channels)
            } else {
                let info = try ImageFile.source(at: path, pixelLimit: options.pixelLimit, inSRGB: true).info
                (width, height, channels) = (info.width, info.height, info.channels)
            }
        } catch {
            // Only the caller knows whether there is an option that raises the limit.
            if case ImageCodecError.tooManyPixels = error { throw error }
            // The errors of both name the file.
            throw ServerError.notAnImage(reason: "\(error)")
        }
        let bytes = width * height * channels
        guard bytes <= options.pictureCacheBytes else {
            throw ServerError.largerThanCache(path: path, bytes: bytes, limit: options.pictureCacheBytes)
        }
        return { identifier in
            ServedImage(
                identifier: identifier, path: path, width: width, height: height, channels: channels,
                isFeatureFile: isFeatureFile, fingerprint: state.fingerprint)
        }
    }
}
