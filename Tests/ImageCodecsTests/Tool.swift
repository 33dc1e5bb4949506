import Foundation
import Testing

/// Programs that others wrote, as judges of our files. Scripts/install-test-tools installs them; without one its tests
/// are skipped and say so.
enum Tool {
    /// The comment of a test that is skipped.
    static func missing(_ name: String) -> Comment {
        "\(name) is missing; Scripts/install-test-tools installs it"
    }

    static func exists(_ name: String) -> Bool { path(name) != nil }

    /// A Python that has Pillow.
    static let pillow: String? = [path("python3"), "/usr/bin/python3"].compactMap { $0 }.first {
        (try? run($0, ["-c", "import PIL.Image"]))?.status == 0
    }

    private static func path(_ name: String) -> String? {
        (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin").split(separator: ":").map {
            "\($0)/\(name)"
        }
        .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// What a program prints; its status must be 0.
    static func output(_ name: String, _ arguments: [String]) throws -> String {
        let program = try #require(path(name))
        let result = try run(program, arguments)
        #expect(result.status == 0, "\(name) \(arguments): \(result.output)")
        return result.output
    }

    /// What a Python script prints that has Pillow.
    static func python(_ script: String, _ arguments: [String]) throws -> String {
        let result = try run(try #require(pillow), ["-c", script] + arguments)
        #expect(result.status == 0, "\(result.output)")
        return result.output
    }

    private static func run(_ path: String, _ arguments: [String]) throws -> (status: Int32, output: String) {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.standardOutput = pipe
        process.standardError = pipe
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: data, as: UTF8.self))
    }
}
