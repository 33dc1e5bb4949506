import Foundation

/// Other programs that tests compare with: Python with the packages that Scripts/install-test-tools installs.
package enum TestTools {
    /// Why a test is skipped.
    package static let missing =
        "run Scripts/install-test-tools to compare with PyTorch and onnxruntime"

    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path
    private static let python = root + "/.build-test-tools/bin/python"

    /// Whether the tools are there.
    package static let areInstalled = FileManager.default.isExecutableFile(atPath: python)

    /// Runs a script of Scripts/ to its end.
    /// - Returns: Its exit status, and all that it printed.
    package static func run(_ script: String, _ arguments: [String]) throws -> (status: Int32, output: String)
    {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: python)
        process.arguments = ["-B", "\(root)/Scripts/\(script)"] + arguments
        let log = FileManager.default.temporaryDirectory.appendingPathComponent("liif-\(UUID().uuidString)")
        try Data().write(to: log)
        defer { try? FileManager.default.removeItem(at: log) }
        let handle = try FileHandle(forWritingTo: log)
        process.standardOutput = handle
        process.standardError = handle
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: try Data(contentsOf: log), as: UTF8.self))
    }
}
