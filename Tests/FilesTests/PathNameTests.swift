import Files
import Foundation
import TestSupport
import Testing

@Suite struct PathNameTests {
    @Test(arguments: [
        ("a.png", "a.png", "a"), ("/x/y/a.b.png", "a.b.png", "a.b"), ("x/a.png/", "a.png", "a"),
        ("x/a", "a", "a"), ("x.y/a", "a", "a"), (".hidden", ".hidden", ".hidden"),
        ("x/.a.png", ".a.png", ".a"), ("a.", "a.", "a"), ("", "", ""), ("//", "//", "//"),
    ]) func partsOfAPath(_ path: String, fileName: String, stem: String) {
        #expect(PathName.fileName(of: path) == fileName)
        #expect(PathName.stem(of: path) == stem)
    }

    @Test func whatIsAFolder() throws {
        try withTemporaryFolder { folder in
            try AtomicFile.write([1], to: folder + "/file")
            for (link, target) in [("link", "."), ("file link", "file"), ("dangling", "absent")] {
                try FileManager.default.createSymbolicLink(
                    atPath: "\(folder)/\(link)", withDestinationPath: target)
            }
            for name in ["", "/", "/.", "/link", "/link/"] {
                #expect(PathName.isFolder(folder + name), "\(name)")
            }
            for name in ["/file", "/file/", "/file link", "/dangling", "/absent"] {
                #expect(!PathName.isFolder(folder + name), "\(name)")
            }
            #expect(!PathName.isFolder(""))
            #expect(!PathName.isFolder("/dev/null"))
        }
    }
}
