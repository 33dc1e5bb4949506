import Files
import Foundation
import TestSupport
import Testing

@Suite struct PathNameTests {
    @Test(
        arguments: [
            ("a.png", "a.png", "a", "png"), ("/x/y/a.b.PNG", "a.b.PNG", "a.b", "PNG"),
            ("x/a.png/", "a.png", "a", "png"), ("x/a", "a", "a", nil), ("x.y/a", "a", "a", nil),
            (".hidden", ".hidden", ".hidden", nil), ("x/.a.png", ".a.png", ".a", "png"),
            ("a.", "a.", "a", ""),
            ("", "", "", nil), ("//", "//", "//", nil),
        ] as [(String, String, String, String?)])
    func partsOfAPath(_ path: String, fileName: String, stem: String, pathExtension: String?) {
        #expect(PathName.fileName(of: path) == fileName)
        #expect(PathName.stem(of: path) == stem)
        #expect(PathName.pathExtension(of: path) == pathExtension)
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
