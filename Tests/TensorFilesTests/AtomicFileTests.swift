import Foundation
import TensorFiles
import TestSupport
import Testing

@Suite struct AtomicFileTests {
    private struct Interruption: Error {}

    @Test func replacesAFileAndLeavesNothingElse() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/model.bin"
            try AtomicFile.write([1, 2, 3], to: path)
            try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
            try AtomicFile.write([4], to: path)
            #expect(FileManager.default.contents(atPath: path) == Data([4]))
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["model.bin"])
            let permissions = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
            #expect((permissions as? NSNumber)?.intValue == 0o640)
        }
    }

    @Test func anInterruptedWriteLeavesTheOldFile() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/model.bin"
            try AtomicFile.write([1, 2, 3], to: path)
            #expect(throws: Interruption.self) {
                try AtomicFile.write(to: path) { file in
                    try [UInt8(9)].withUnsafeBytes { try file.write($0) }
                    #expect(FileManager.default.contents(atPath: path) == Data([1, 2, 3]))
                    throw Interruption()
                }
            }
            #expect(FileManager.default.contents(atPath: path) == Data([1, 2, 3]))
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["model.bin"])
        }
    }

    @Test func aSymbolicLinkStaysOne() throws {
        try withTemporaryFolder { folder in
            try AtomicFile.write([1], to: folder + "/target")
            try FileManager.default.createSymbolicLink(
                atPath: folder + "/link", withDestinationPath: folder + "/target")
            try AtomicFile.write([2], to: folder + "/link")
            #expect(FileManager.default.contents(atPath: folder + "/target") == Data([2]))
            #expect(
                try FileManager.default.destinationOfSymbolicLink(atPath: folder + "/link") == folder
                    + "/target")
        }
    }

    @Test func refusesWhereNoFileCanBe() throws {
        try withTemporaryFolder { folder in
            let homeless = folder + "/absent/model.bin"
            #expect(throws: TensorFileError.unwritable(file: homeless, reason: "its folder does not exist")) {
                try AtomicFile.write([1], to: homeless)
            }
            #expect(throws: TensorFileError.unwritable(file: folder, reason: "it is a folder")) {
                try AtomicFile.write([1], to: folder)
            }
            #expect(
                throws: TensorFileError.unwritable(file: folder + "/", reason: "it is the name of a folder")
            ) {
                try AtomicFile.write([1], to: folder + "/")
            }
            #expect(throws: TensorFileError.unwritable(file: "", reason: "its name is empty")) {
                try AtomicFile.write([1], to: "")
            }
            #expect(throws: TensorFileError.unwritable(file: "/dev/null", reason: "it is not a regular file"))
            {
                try AtomicFile.write([1], to: "/dev/null")
            }
            let left = try FileManager.default.contentsOfDirectory(atPath: folder)
            #expect(left == [])
        }
    }

    /// Root may write anywhere, so there is nothing to see when the tests run as root.
    @Test(.enabled(if: getuid() != 0)) func refusesAnUnwritableFolderAndFile() throws {
        try withTemporaryFolder { folder in
            try AtomicFile.write([1], to: folder + "/old")
            try FileManager.default.setAttributes([.posixPermissions: 0o400], ofItemAtPath: folder + "/old")
            #expect(throws: TensorFileError.self) { try AtomicFile.write([2], to: folder + "/old") }
            try FileManager.default.setAttributes([.posixPermissions: 0o500], ofItemAtPath: folder)
            defer { try? FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder) }
            #expect(throws: TensorFileError.self) { try AtomicFile.write([2], to: folder + "/new") }
        }
    }

    @Test func writesInTheCurrentFolderWithoutASlash() throws {
        let name = "swift-liif-atomic-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: name) }
        try AtomicFile.write([1, 2], to: name)
        #expect(FileManager.default.contents(atPath: name) == Data([1, 2]))
    }
}
