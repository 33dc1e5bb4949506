import Files
import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

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

    /// Where files without names are to be had, and where not.
    @Test(arguments: [true, false]) func hasItsNameOnlyWhenItIsComplete(withoutName: Bool) throws {
        try withTemporaryFolder { folder in
            let path = folder + "/model.bin"
            try AtomicFile.write([7], to: path)
            do {
                let file = try AtomicFile(path: path, withoutName: withoutName)
                try [UInt8](repeating: 3, count: 100_000).withUnsafeBytes { try file.write($0) }
                let hidden = try names(in: folder).filter {
                    $0.hasPrefix(".liif-") && $0.hasSuffix(".partial")
                }
                #expect(hidden.count == (withoutName && temporaryFolderHasNamelessFiles ? 0 : 1))
                #expect(FileManager.default.contents(atPath: path) == Data([7]))
                try file.commit()
                #expect(FileManager.default.contents(atPath: path) == Data(repeating: 3, count: 100_000))
                let abandoned = try AtomicFile(path: folder + "/abandoned", withoutName: withoutName)
                try [UInt8(1)].withUnsafeBytes { try abandoned.write($0) }
            }
            #expect(try names(in: folder) == ["model.bin"])
        }
    }

    /// What a library was given stays with the file when the library has closed it.
    @Test(arguments: [true, false]) func aLibraryMayCloseItsDescriptor(withoutName: Bool) throws {
        try withTemporaryFolder { folder in
            let path = folder + "/picture"
            let file = try AtomicFile(path: path, withoutName: withoutName)
            let handle = FileHandle(fileDescriptor: try file.duplicateDescriptor(), closeOnDealloc: true)
            try handle.write(contentsOf: Data([1, 2]))
            try handle.close()
            try file.commit()
            #expect(FileManager.default.contents(atPath: path) == Data([1, 2]))
        }
    }

    @Test(arguments: [true, false]) func isNotCompletedBehindTheProgramsEnd(withoutName: Bool) async {
        await #expect(processExitsWith: .success) { [withoutName] in
            try withTemporaryFolder { folder in
                let file = try AtomicFile(path: folder + "/a", withoutName: withoutName)
                AtomicFile.removeUnfinished()
                #expect(throws: UnwritableFile(path: folder + "/a", reason: "operation canceled")) {
                    try file.commit()
                }
                #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])
            }
        }
    }

    @Test(arguments: [true, false]) func whatCannotGetItsNameIsGivenUp(withoutName: Bool) throws {
        try withTemporaryFolder { folder in
            let file = try AtomicFile(path: folder + "/a", withoutName: withoutName)
            try FileManager.default.createDirectory(
                atPath: folder + "/a", withIntermediateDirectories: false)
            #expect(throws: UnwritableFile(path: folder + "/a", reason: "is a directory")) {
                try file.commit()
            }
            let left = try names(in: folder)
            withExtendedLifetime(file) { #expect(left == ["a"]) }
        }
    }

    @Test func aVanishedFolderIsSaidAtTheEnd() throws {
        try withTemporaryFolder { folder in
            let inner = folder + "/inner"
            try FileManager.default.createDirectory(atPath: inner, withIntermediateDirectories: false)
            let file = try AtomicFile(path: inner + "/a")
            try FileManager.default.removeItem(atPath: inner)
            #expect(throws: UnwritableFile(path: inner + "/a", reason: "its folder does not exist")) {
                try file.commit()
            }
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
            #expect(throws: UnwritableFile(path: homeless, reason: "its folder does not exist")) {
                try AtomicFile.write([1], to: homeless)
            }
            #expect(throws: UnwritableFile(path: folder, reason: "it is a folder")) {
                try AtomicFile.write([1], to: folder)
            }
            #expect(
                throws: UnwritableFile(path: folder + "/", reason: "it is the name of a folder")
            ) {
                try AtomicFile.write([1], to: folder + "/")
            }
            #expect(throws: UnwritableFile(path: "", reason: "its name is empty")) {
                try AtomicFile.write([1], to: "")
            }
            #expect(throws: UnwritableFile(path: "/dev/null", reason: "it is not a regular file")) {
                try AtomicFile.write([1], to: "/dev/null")
            }
            try FileManager.default.createSymbolicLink(
                atPath: folder + "/ring", withDestinationPath: folder + "/ring")
            #expect(throws: UnwritableFile.self) { try AtomicFile.write([1], to: folder + "/ring") }
            try FileManager.default.removeItem(atPath: folder + "/ring")
            let left = try FileManager.default.contentsOfDirectory(atPath: folder)
            #expect(left == [])
        }
    }

    /// Root may write anywhere, so there is nothing to see when the tests run as root.
    @Test(.enabled(if: getuid() != 0)) func refusesAnUnwritableFolderAndFile() throws {
        try withTemporaryFolder { folder in
            try AtomicFile.write([1], to: folder + "/old")
            try FileManager.default.setAttributes([.posixPermissions: 0o400], ofItemAtPath: folder + "/old")
            #expect(throws: UnwritableFile.self) { try AtomicFile.write([2], to: folder + "/old") }
            try FileManager.default.setAttributes([.posixPermissions: 0o500], ofItemAtPath: folder)
            defer { try? FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder) }
            #expect(throws: UnwritableFile.self) { try AtomicFile.write([2], to: folder + "/new") }
        }
    }

    private func names(in folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    }

    @Test func writesInTheCurrentFolderWithoutASlash() throws {
        let name = "swift-liif-atomic-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: name) }
        try AtomicFile.write([1, 2], to: name)
        #expect(FileManager.default.contents(atPath: name) == Data([1, 2]))
    }

    @Test(.enabled(if: temporaryFolderHasNamelessFiles, "this file system has no files without names"))
    func aKilledProgramLeavesNothing() async throws {
        try await withTemporaryFolder { (folder: String) in
            await #expect(processExitsWith: .signal(SIGKILL)) { [folder = folder as String] in
                let file = try AtomicFile(path: folder + "/a")
                try [UInt8](repeating: 3, count: 100_000).withUnsafeBytes { try file.write($0) }
                kill(getpid(), SIGKILL)
            }
            let left = try FileManager.default.contentsOfDirectory(atPath: folder)
            #expect(left == [])
        }
    }
}

/// Linux has files without names in ext4, XFS, Btrfs and tmpfs, where nearly all temporary folders are.
private let temporaryFolderHasNamelessFiles: Bool = {
    #if os(Linux)
        let descriptor = open(NSTemporaryDirectory(), 0o20_000_000 | O_DIRECTORY | O_WRONLY, 0o600)
        defer { if descriptor >= 0 { close(descriptor) } }
        return descriptor >= 0
    #else
        return false
    #endif
}()
