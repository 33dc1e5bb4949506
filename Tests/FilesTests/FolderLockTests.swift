import Files
import Foundation
import TestSupport
import Testing

@Suite struct FolderLockTests {
    @Test func keepsAnotherOutUntilItEnds() throws {
        try withTemporaryFolder { folder in
            try FileManager.default.createDirectory(
                atPath: folder + "/a", withIntermediateDirectories: false)
            try FileManager.default.createSymbolicLink(
                atPath: folder + "/link", withDestinationPath: "a")
            var lock = FolderLock(folder + "/a")
            #expect(lock != nil)
            #expect(FolderLock(folder + "/a/") == nil)
            #expect(FolderLock(folder + "/link") == nil)
            // Neither the folder that it is in, nor for those who were refused.
            #expect(FolderLock(folder) != nil)
            #expect(FolderLock(folder + "/a") == nil)
            withExtendedLifetime(lock) {}
            lock = nil
            #expect(FolderLock(folder + "/link") != nil)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/a").isEmpty)
        }
    }

    @Test func whatIsNoFolderKeepsNobodyOut() throws {
        try withTemporaryFolder { folder in
            try AtomicFile.write([1], to: folder + "/file")
            for name in ["/missing", "/file"] {
                let lock = FolderLock(folder + name)
                #expect(lock != nil && FolderLock(folder + name) != nil)
                withExtendedLifetime(lock) {}
            }
        }
    }
}
