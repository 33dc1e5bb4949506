import Files
import Foundation
import TestSupport
import Testing

/// Symbolic links to files that are not there yet: they are followed, as `tee` and the shell's `>` do.
@Suite struct DanglingLinkTests {
    private func link(_ path: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
    }

    private func subfolder(_ path: String) throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }

    @Test(arguments: ["relative", "absolute", "chain", "outwards"])
    func theFileAppearsBehindTheLink(kind: String) throws {
        try withTemporaryFolder { folder in
            try subfolder(folder + "/links")
            try subfolder(folder + "/files")
            let path = folder + "/links/a"
            switch kind {
            case "relative": try link(path, to: "../files/target")
            case "absolute": try link(path, to: folder + "/files/target")
            case "outwards":
                try link(folder + "/inwards", to: "files")
                try link(path, to: "../inwards/target")
            default:
                try link(path, to: "b")
                try link(folder + "/links/b", to: folder + "/files/c")
                try link(folder + "/files/c", to: "target")
            }
            try AtomicFile.write([1, 2], to: path)
            #expect(FileManager.default.contents(atPath: folder + "/files/target") == Data([1, 2]))
            #expect((try? FileManager.default.destinationOfSymbolicLink(atPath: path)) != nil)
            let links = try FileManager.default.contentsOfDirectory(atPath: folder + "/links").sorted()
            #expect(links == (kind == "chain" ? ["a", "b"] : ["a"]))
        }
    }

    @Test func aLinkInTheCurrentFolderIsFollowed() throws {
        let name = "swift-liif-link-\(UUID().uuidString)"
        defer {
            for name in [name, name + "-target"] { try? FileManager.default.removeItem(atPath: name) }
        }
        try link(name, to: name + "-target")
        try AtomicFile.write([3], to: name)
        #expect(FileManager.default.contents(atPath: name + "-target") == Data([3]))
    }

    @Test func theErrorNamesTheLink() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/a"
            for (target, reason) in [
                ("absent/target", "its folder does not exist"), ("absent/", "it is the name of a folder"),
            ] {
                try link(path, to: target)
                #expect(throws: UnwritableFile(path: path, reason: reason)) {
                    try AtomicFile.write([1], to: path)
                }
                #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a"])
                try FileManager.default.removeItem(atPath: path)
            }
        }
    }
}
