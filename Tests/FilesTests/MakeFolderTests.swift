import Files
import Foundation
import TestSupport
import Testing

@Suite struct MakeFolderTests {
    @Test func missingOnesAreMade() throws {
        try withTemporaryFolder { folder in
            try makeFolder("\(folder)//a/b/c/")
            #expect(PathName.isFolder("\(folder)/a/b/c"))
            // What is there stays as it is.
            try AtomicFile.write([1], to: "\(folder)/a/b/c/d")
            try makeFolder("\(folder)/a/b/c")
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/a/b/c") == ["d"])
        }
    }

    @Test func aFileIsNoFolder() throws {
        try withTemporaryFolder { folder in
            try AtomicFile.write([1], to: "\(folder)/file")
            let expected = UnwritableFile(path: "\(folder)/file", reason: "not a directory")
            #expect(throws: expected) { try makeFolder("\(folder)/file") }
            #expect(throws: expected) { try makeFolder("\(folder)/file/inside") }
        }
    }
}
