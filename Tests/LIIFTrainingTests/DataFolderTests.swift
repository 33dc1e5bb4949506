import Foundation
import ImageCodecs
import Imaging
import LIIFTraining
import Testing

@Suite struct DataFolderTests {
    private func folder(_ names: [String]) throws -> PictureFolder {
        let folder = try PictureFolder()
        for (index, name) in names.enumerated() {
            try folder.add(positionPicture(height: 4 + index, width: 6, blue: UInt8(index)), as: name)
        }
        return folder
    }

    private func names(_ folder: ImageFolder) -> [String] {
        folder.files.map { String($0.split(separator: "/").last!) }
    }

    /// Oracle: Python's `sorted` of the names, by code point: capitals first.
    @Test func ordersFilesAsPythonSorts() throws {
        let pictures = try folder(["b.png", "a10.png", "a9.png", "Z.png", "é.png", "z.png"])
        try pictures.add(Data("no picture".utf8), as: "notes.txt")
        try pictures.add(Data(), as: ".hidden.png")
        try FileManager.default.createDirectory(
            atPath: pictures.path + "/folder.png", withIntermediateDirectories: true)
        let opened = try ImageFolder(path: pictures.path)
        #expect(names(opened) == ["Z.png", "a10.png", "a9.png", "b.png", "z.png", "é.png"])
        #expect(opened.sizes[0] == .init(height: 7, width: 6))
        #expect(names(try ImageFolder(path: pictures.path, firstCount: 2)) == ["Z.png", "a10.png"])
    }

    /// A set is not measured without a picture of it.
    @Test func aLinkThatLeadsNowhereIsNamed() throws {
        let pictures = try folder(["a.png"])
        try FileManager.default.createSymbolicLink(
            atPath: pictures.path + "/b.png", withDestinationPath: "../elsewhere.png")
        #expect(throws: ImageCodecError.fileNotFound(path: pictures.path + "/b.png")) {
            _ = try ImageFolder(path: pictures.path)
        }
    }

    @Test(.enabled(if: geteuid() != 0, "root may read everything"))
    func aFolderThatCannotBeReadIsNamed() throws {
        let pictures = try folder(["a.png"])
        func permit(_ permissions: Int) throws {
            try FileManager.default.setAttributes(
                [.posixPermissions: permissions], ofItemAtPath: pictures.path)
        }
        try permit(0o300)
        defer { try? permit(0o700) }
        let error = DatasetError.unreadableFolder(path: pictures.path, reason: "permission denied")
        #expect(throws: error) { try ImageFolder(path: pictures.path) }
    }

    /// Fails if a copy is not read where it counts, or is read where it does not.
    @Test func copiesOnDiskStandForTheirPictures() throws {
        let parent = try folder([])
        let root = parent.path + "/pictures"
        let picture = root + "/a.png", copy = parent.path + "/_bin_pictures/a.png.rgb"
        func write(_ height: Int) throws {
            try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
            try positionPicture(height: height, width: 6, blue: 9).write(to: picture)
        }
        func opened() throws -> Image<UInt8> { try ImageFolder(path: root, cache: .bin).image(at: 0) }
        try write(5)
        let first = try opened()
        #expect(first == positionPicture(height: 5, width: 6, blue: 9))
        // What the copy holds is what comes.
        var bytes = try Data(contentsOf: URL(fileURLWithPath: copy))
        #expect(bytes.count == 32 + 5 * 6 * 3)
        bytes[32] ^= 255
        try bytes.write(to: URL(fileURLWithPath: copy))
        #expect(try opened()[0, 0, 0] == first[0, 0, 0] ^ 255)
        // A cut copy, and one of a picture that has changed since, are made anew.
        try bytes.dropLast().write(to: URL(fileURLWithPath: copy))
        #expect(try opened() == first)
        // So is one whose extent is absurd.
        for index in 24..<32 { bytes[index] = 255 }
        try bytes.write(to: URL(fileURLWithPath: copy))
        #expect(try opened() == first)
        try write(7)
        #expect(try opened().height == 7)
        #expect(try opened() == positionPicture(height: 7, width: 6, blue: 9))
        // Where there can be no copy.
        try FileManager.default.removeItem(atPath: parent.path + "/_bin_pictures")
        try Data().write(to: URL(fileURLWithPath: parent.path + "/_bin_pictures"))
        #expect(try opened().height == 7)
    }

    /// Fails if dates are rounded: a picture that is written again at once may have the size that it had.
    @Test func aCopyIsOfItsPicturesVeryMoment() throws {
        let parent = try folder([])
        let root = parent.path + "/pictures", picture = root + "/a.png"
        let copy = parent.path + "/_bin_pictures/a.png.rgb"
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        try positionPicture(height: 5, width: 6, blue: 9).write(to: picture)
        func opened(at nanoseconds: Int) throws -> UInt8 {
            var times = [timespec](
                repeating: timespec(tv_sec: 1_700_000_000, tv_nsec: nanoseconds), count: 2)
            #expect(utimensat(AT_FDCWD, picture, &times, 0) == 0)
            return try ImageFolder(path: root, cache: .bin).image(at: 0)[0, 0, 2]
        }
        #expect(try opened(at: 100) == 9)
        var bytes = try Data(contentsOf: URL(fileURLWithPath: copy))
        bytes[34] = 200
        try bytes.write(to: URL(fileURLWithPath: copy))
        #expect(try opened(at: 100) == 200)
        #expect(try opened(at: 101) == 9)
    }

    /// Fails if a link's own size and date stand for those of its picture.
    @Test func theCopyOfALinkedPictureIsOfThePicture() throws {
        let parent = try folder([])
        let root = parent.path + "/pictures", picture = parent.path + "/elsewhere.png"
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: root + "/a.png", withDestinationPath: "../elsewhere.png")
        for height in [5, 7] {
            try positionPicture(height: height, width: 6, blue: 9).write(to: picture)
            #expect(try ImageFolder(path: root, cache: .bin).image(at: 0).height == height)
        }
    }

    /// Fails if pictures of one name in two folders take each other's copy.
    @Test func copiesOfOneNameAreKeptApart() throws {
        let parent = try folder([])
        let root = parent.path + "/pictures", names = ["left/a.png", "right/a.png", "right%2Fa.png"]
        for (index, name) in names.enumerated() {
            let file = root + "/" + name
            try FileManager.default.createDirectory(
                atPath: URL(fileURLWithPath: file).deletingLastPathComponent().path,
                withIntermediateDirectories: true)
            try positionPicture(height: 5, width: 6, blue: UInt8(index)).write(to: file)
        }
        let split = DatasetRecipe.Split(file: parent.path + "/split.json", key: "train")
        try JSONEncoder().encode(["train": names]).write(to: URL(fileURLWithPath: split.file))
        for _ in 0..<2 {
            let opened = try ImageFolder(path: root, split: split, cache: .bin)
            #expect(try (0..<3).map { try opened.image(at: $0)[0, 0, 2] } == [0, 1, 2])
        }
        let copies = try FileManager.default.contentsOfDirectory(atPath: parent.path + "/_bin_pictures")
        #expect(copies.count == 3)
    }

    @Test func repeatsFilesInTurn() throws {
        let pictures = try folder(["a.png", "b.png", "c.png"])
        for cache in [DatasetRecipe.Cache.none, .inMemory] {
            let opened = try ImageFolder(path: pictures.path, repetitions: 3, cache: cache)
            #expect(opened.count == 9)
            let blues = try (0..<9).map { try opened.image(at: $0)[0, 0, 2] }
            #expect(blues == [0, 1, 2, 0, 1, 2, 0, 1, 2])
        }
    }

    @Test func takesTheSplitsNamesInItsOrder() throws {
        let pictures = try folder(["a.png", "b.png", "c.png"])
        try pictures.add(Data(#"{"train": ["c.png", "a.png"], "val": []}"#.utf8), as: "split.json")
        let split = pictures.path + "/split.json"
        let opened = try ImageFolder(path: pictures.path, split: .init(file: split, key: "train"))
        #expect(names(opened) == ["c.png", "a.png"])
        // The folder has pictures; it is the list that has none.
        #expect(throws: DatasetError.unusableSplit(path: split, reason: "the list 'val' is empty")) {
            _ = try ImageFolder(path: pictures.path, split: .init(file: split, key: "val"))
        }
        for (key, expected) in [
            ("trian", "there is no key 'trian' (there are: train, val, did you mean 'train'?)")
        ] {
            #expect {
                _ = try ImageFolder(path: pictures.path, split: .init(file: split, key: key))
            } throws: {
                "\($0)".hasPrefix(split) && "\($0)".contains(expected)
            }
        }
        try pictures.add(Data("[1".utf8), as: "wrong.json")
        for name in ["wrong.json", "absent.json"] {
            #expect {
                _ = try ImageFolder(
                    path: pictures.path, split: .init(file: pictures.path + "/" + name, key: "a"))
            } throws: {
                "\($0)".contains(name) && "\($0)".contains("expected JSON such as")
            }
        }
    }

    @Test func missingAndEmptyFoldersAreNamed() throws {
        let empty = try PictureFolder()
        #expect(throws: DatasetError.noPictures(path: empty.path)) { _ = try ImageFolder(path: empty.path) }
        #expect(
            DatasetError.noPictures(path: "a").description
                == "a: the folder holds no picture; expected files whose names end in .png, .jpg, .tif, .webp or .jxl."
        )
        #expect(throws: DatasetError.missingFolder(path: "/no/such")) {
            _ = try ImageFolder(path: "/no/such")
        }
        try empty.add(Data("x".utf8), as: "file")
        #expect(throws: DatasetError.notAFolder(path: empty.path + "/file")) {
            _ = try ImageFolder(path: empty.path + "/file")
        }
    }

    @Test func aBrokenHeaderIsFoundAtOpening() throws {
        let pictures = try folder(["a.png", "c.png"])
        try pictures.add(Data("this is no picture at all".utf8), as: "b.png")
        #expect(throws: ImageCodecError.notAnImage(path: pictures.path + "/b.png", found: nil)) {
            _ = try ImageFolder(path: pictures.path)
        }
    }

    @Test(arguments: ["whole.png", "whole.jpg"]) func aTruncatedPictureIsNamedAtItsFirstUse(name: String)
        throws
    {
        let pictures = try PictureFolder()
        try pictures.add(noisePicture(height: 64, width: 64), as: name)
        let bytes = try #require(FileManager.default.contents(atPath: "\(pictures.path)/\(name)"))
        try pictures.add(bytes.prefix(bytes.count / 2), as: name)
        let opened = try ImageFolder(path: pictures.path, cache: .inMemory)
        #expect {
            _ = try opened.image(at: 0)
        } throws: {
            "\($0)".contains("\(pictures.path)/\(name)")
        }
    }

    @Test func severalThreadsSeeTheSamePictures() async throws {
        let pictures = try folder(["a.png", "b.png", "c.png", "d.png"])
        let opened = try ImageFolder(path: pictures.path, cache: .inMemory)
        let blues = try await withThrowingTaskGroup(of: (Int, UInt8).self) { group in
            for index in 0..<64 {
                group.addTask { (index % 4, try opened.image(at: index)[0, 0, 2]) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(blues.count == 64 && blues.allSatisfy { $0.0 == Int($0.1) })
    }

    @Test func pairedFoldersMustCorrespond() throws {
        let (low, high) = (try folder(["a.png", "b.png"]), try folder(["a.png"]))
        let inputs = try ImageFolder(path: low.path)
        #expect(
            throws: DatasetError.unequalCounts(
                first: low.path, firstCount: 2, second: high.path, secondCount: 1)
        ) {
            _ = try PairedImageFolders(inputs: inputs, truths: ImageFolder(path: high.path))
        }
        // 4×6 beside 8×18: twice in height, thrice in width.
        let wide = try PictureFolder()
        try wide.add(positionPicture(height: 8, width: 18), as: "a.png")
        let pairs = try PairedImageFolders(
            inputs: ImageFolder(path: high.path), truths: ImageFolder(path: wide.path))
        #expect(
            throws: DatasetError.unequalScales(
                input: high.path + "/a.png", inputSize: .init(height: 4, width: 6),
                truth: wide.path + "/a.png", truthSize: .init(height: 8, width: 18))
        ) {
            _ = try pairs.scales()
        }
    }
}
