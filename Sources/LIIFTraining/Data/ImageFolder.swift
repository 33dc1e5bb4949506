import Files
import Foundation
import ImageCodecs
public import Imaging
import RecipeFormat
import Synchronization

/// The pictures of one folder in the order of their names, decoded when they are used.
///
/// Safe to use from several threads. Every header is read when the folder is opened, so a broken file is found then;
/// a file that breaks off later is found at its first use. Both errors name it.
public final class ImageFolder: Sendable {
    /// The folder.
    public let path: String
    /// The pictures' paths, sorted by the bytes of their names (see `isOfPairs`), or as the split lists them.
    public let files: [String]
    /// Each picture's extent.
    public let sizes: [DatasetError.Size]
    /// How often an epoch meets each picture.
    public let repetitions: Int

    /// Decoded pictures by file; nil where not yet decoded, or where nothing is kept.
    private let decoded: Mutex<[Image<UInt8>?]>
    private let cache: DatasetRecipe.Cache
    /// Of `cache: bin`.
    private let copies: DecodedCopies

    /// Opens a folder and reads the header of each picture in it.
    ///
    /// Hidden files, folders and names without a picture's extension are passed over, unless a split lists them. A link that leads
    /// nowhere is a picture that is missing.
    /// - Parameters:
    ///   - firstCount: takes only that many pictures.
    ///   - split: a JSON file and the key in it under which the names are listed; nil takes every picture.
    ///   - cache: what becomes of decoded pictures, 3 bytes a pixel.
    ///   - isOfPairs: whether names are sorted without the scale that those of low-resolution pictures end in, so that
    ///     `1x2.png` and `10x2.png` follow each other as `1.png` and `10.png` do.
    /// - Throws: `DatasetError`, or `ImageCodecError` for a picture that cannot be read.
    public init(
        path: String, firstCount: Int? = nil, split: DatasetRecipe.Split? = nil, repetitions: Int = 1,
        cache: DatasetRecipe.Cache = .none, isOfPairs: Bool = false
    ) throws {
        precondition(repetitions >= 1 && firstCount ?? 1 >= 1)
        guard FileManager.default.fileExists(atPath: path) else {
            throw DatasetError.missingFolder(path: path)
        }
        guard PathName.isFolder(path) else { throw DatasetError.notAFolder(path: path) }
        var names = try split.map(Self.names) ?? Self.names(in: path, isOfPairs: isOfPairs)
        if let firstCount { names = Array(names.prefix(firstCount)) }
        guard !names.isEmpty else { throw DatasetError.noPictures(path: path) }

        let folder = path.hasSuffix("/") ? path : path + "/"
        let files = names.map { folder + $0 }
        self.path = path
        self.files = files
        self.repetitions = repetitions
        self.cache = cache
        copies = DecodedCopies(of: path)
        sizes = try files.map { file in
            let info = try ImageFile.source(at: file, upright: false).info
            return DatasetError.Size(height: info.height, width: info.width)
        }
        decoded = Mutex([Image<UInt8>?](repeating: nil, count: files.count))
    }

    /// Pictures of an epoch, repetitions included.
    public var count: Int { files.count * repetitions }

    /// The file of a picture of the epoch: all files in turn, then again.
    package func fileIndex(_ index: Int) -> Int { index % files.count }

    /// A picture of the epoch, as three channels, of the extent that `sizes` says.
    ///
    /// - Throws: `ImageCodecError`, naming the file; `DatasetError.changed` where it has become one of another extent.
    public func image(at index: Int) throws -> Image<UInt8> {
        let file = fileIndex(index)
        if cache == .inMemory, let image = decoded.withLock({ $0[file] }) { return image }
        // Decoded outside the lock: two threads may do the same one at once, which costs time only.
        let image =
            cache == .bin
            ? try copies.image(of: files[file]) { try decode(files[file]) } : try decode(files[file])
        let size = DatasetError.Size(height: image.height, width: image.width)
        guard size == sizes[file] else {
            throw DatasetError.changed(file: files[file], from: sizes[file], to: size)
        }
        if cache == .inMemory { decoded.withLock { $0[file] = image } }
        return image
    }

    /// As stored, as the original's Image.open gives it.
    private func decode(_ file: String) throws -> Image<UInt8> {
        try Image<UInt8>.read(from: file, upright: false, inSRGB: false).rgb()
    }

    /// BMP and GIF are not read; a folder with some is refused, rather than trained on without them.
    private static let extensions = Set(ImageFormat.allCases.flatMap(\.extensions) + ["bmp", "gif"])

    private static func names(in folder: String, isOfPairs: Bool) throws -> [String] {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder)
        } catch {
            throw DatasetError.unreadableFolder(path: folder, reason: systemReason(error))
        }
        return names.filter { name in
            guard !name.hasPrefix("."), let pathExtension = PathName.pathExtension(of: name),
                extensions.contains(pathExtension.lowercased())
            else { return false }
            return !PathName.isFolder(folder + "/" + name)
        }
        // Names that differ in the scale alone still have an order.
        .map { (key: isOfPairs ? withoutScale($0) + "\0" + $0 : $0, name: $0) }
        .sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map(\.name)
    }

    /// `0801x2.png` as `0801.png`; other names as they are.
    private static func withoutScale(_ name: String) -> String {
        let stem = PathName.stem(of: name)
        let digits = stem.reversed().prefix { $0.isASCII && $0.isNumber }.count
        let rest = stem.dropLast(digits)
        guard digits > 0, rest.count > 1, rest.last == "x" else { return name }
        return "\(rest.dropLast())\(name.dropFirst(stem.count))"
    }

    private static func names(_ split: DatasetRecipe.Split) throws -> [String] {
        func unusable(_ reason: String) -> DatasetError { .unusableSplit(path: split.file, reason: reason) }
        guard let data = FileManager.default.contents(atPath: split.file) else {
            throw unusable("there is no such file, or it cannot be read")
        }
        let lists: [String: [String]]
        do {
            lists = try JSONDecoder().decode([String: [String]].self, from: data)
        } catch {
            throw unusable("the file does not hold lists of file names")
        }
        guard let names = lists[split.key] else {
            let keys = lists.keys.sorted()
            let near = nearMiss(of: split.key, in: keys).map { ", did you mean '\($0)'?" } ?? ""
            throw unusable(
                "there is no key '\(split.key)' (there are: \(keys.joined(separator: ", "))\(near))")
        }
        guard !names.isEmpty else { throw unusable("the list '\(split.key)' is empty") }
        return names
    }
}
