import Foundation
import ImageCodecs
import Imaging
import TestSupport
import Testing

/// What the machine can do to a run: no disk, no permission, a file that changes. Nothing is lost.
@Suite struct UpscaleDamageTests {
    /// The shell's limit on the size of files makes every disk a small one.
    @Test(arguments: ["png", "jpg"]) func aFullDiskLeavesNothing(pathExtension: String) throws {
        try withTemporaryFolder { folder in
            try testPicture(width: 90, height: 90).write(to: folder + "/input.png")
            try testPicture(width: 5, height: 5).write(to: folder + "/out.\(pathExtension)")
            let before = try contents(of: folder)
            let process = Program.process([], in: folder)
            let errors = Pipe()
            process.executableURL = URL(fileURLWithPath: "/bin/sh")
            // Without the signal, writing fails as on a full disk, with another reason. Blocks of 512 bytes.
            process.arguments = [
                "-c", "trap '' XFSZ; ulimit -f 16; exec \"$0\" \"$@\"", Program.path, "upscale", "input.png",
                "-o",
                "out.\(pathExtension)", "--scale", "3",
            ]
            process.standardError = errors
            try process.run()
            let words = String(
                decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            process.waitUntilExit()
            #expect(process.terminationStatus == 1)
            #expect(words == "Error: out.\(pathExtension) cannot be written: file too large.\n")
            #expect(try contents(of: folder) == before)
            let old = try Image<UInt8>.read(from: folder + "/out.\(pathExtension)")
            #expect(old.width == 5)
        }
    }

    /// A file system of 64 KB, where the system lets us mount one.
    @Test(.enabled("mounting a small disk needs root and Linux") { SmallDisk.isPossible })
    func aDiskWithoutRoomLeavesNothing() throws {
        try withTemporaryFolder { folder in
            try testPicture(width: 90, height: 90).write(to: folder + "/input.png")
            let disk = folder + "/disk"
            try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: false)
            try SmallDisk.mount(disk)
            defer { SmallDisk.unmount(disk) }
            let outcome = try liif(
                ["upscale", "input.png", "-o", "disk/out.png", "--scale", "4"], in: folder)
            #expect(outcome.status == 1)
            #expect(outcome.errors == "Error: disk/out.png cannot be written: no space left on device.\n")
            #expect(try contents(of: disk).isEmpty)
        }
    }

    @Test func aFolderThatCannotBeWritten() throws {
        try withTemporaryFolder { folder in
            try writeInput(in: folder)
            // To root no folder of a file system that can be written is read-only; /proc is to everyone.
            try expectFailure(
                "upscale", "input.png", "-o", "none/out.png", "--scale", "2", status: 1,
                error: "none/out.png cannot be written: its folder does not exist.", in: folder)
            guard getuid() != 0 else { return }
            try FileManager.default.createDirectory(
                atPath: folder + "/locked", withIntermediateDirectories: false,
                attributes: [.posixPermissions: 0o555])
            try expectFailure(
                "upscale", "input.png", "-o", "locked/out.png", "--scale", "2", status: 1,
                error: "locked/out.png cannot be written: permission denied.", in: folder)
        }
    }

    @Test(.enabled("a read-only mount needs root and Linux") { SmallDisk.isPossible })
    func aReadOnlyDisk() throws {
        try withTemporaryFolder { folder in
            try writeInput(in: folder)
            let disk = folder + "/disk"
            try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: false)
            try SmallDisk.mount(disk, options: "ro,size=64k")
            defer { SmallDisk.unmount(disk) }
            for (output, error) in [
                ("disk/out.png", "disk/out.png cannot be written: read-only file system.")
            ] {
                try expectFailure(
                    "upscale", "input.png", "-o", output, "--scale", "2", status: 1, error: error, in: folder)
            }
            let batch = try liif(
                ["upscale", "input.png", "-o", "disk/new/", "--scale", "2", "-r"], in: folder)
            #expect(batch.status == 1)
            #expect(
                batch.errors.contains("The folder disk/new cannot be made: read-only file system."))
        }
    }

    /// The input grows while it is read; what was made of it is not kept.
    @Test(arguments: [["upscale", "-o", "out.png", "--scale", "3"], ["encode", "-o", "out.liif"]])
    func anInputThatChangesIsNotTrusted(arguments: [String]) throws {
        try withTemporaryFolder { folder in
            try testPicture(width: 160, height: 320).write(to: folder + "/input.png")
            let process = Program.process(arguments + ["input.png"], in: folder)
            let errors = Pipe()
            process.standardError = errors
            try process.run()
            let deadline = ContinuousClock.now + .seconds(30)
            while !hasBegunAFile(process, in: folder), process.isRunning, .now < deadline { usleep(2000) }
            let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: folder + "/input.png"))
            try handle.seekToEnd()
            try handle.write(contentsOf: Data("more".utf8))
            try handle.close()
            let words = String(
                decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            process.waitUntilExit()
            #expect(process.terminationStatus == 1)
            #expect(
                words
                    == "Error: input.png was changed while it was being read; nothing was written. Try again when "
                    + "it is complete.\n")
            #expect(try contents(of: folder).keys.sorted() == ["input.png"])
        }
    }
}

/// A file system in memory, of 64 KB.
enum SmallDisk {
    /// Whether this user may mount one: tried, not guessed.
    static let isPossible: Bool = {
        guard getuid() == 0 else { return false }
        let folder = NSTemporaryDirectory() + "/liif-disk-\(getpid())"
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        guard (try? mount(folder)) != nil else { return false }
        unmount(folder)
        return true
    }()

    static func mount(_ folder: String, options: String = "size=64k") throws {
        try run("/bin/mount", ["-t", "tmpfs", "-o", options, "tmpfs", folder])
    }

    static func unmount(_ folder: String) { try? run("/bin/umount", [folder]) }

    private static func run(_ program: String, _ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CocoaError(.fileWriteUnknown) }
    }
}
