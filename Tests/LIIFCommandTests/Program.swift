import Foundation
import TestSupport
import Testing

/// What the program left behind.
struct Outcome {
    var status: Int32
    /// Standard output.
    var output: String
    /// Standard error.
    var errors: String
}

/// The program as a user runs it: the built binary, in a process of its own.
enum Program {
    /// SwiftPM puts the products of a build side by side.
    static let path: String = {
        let places = [Bundle.main] + Bundle.allBundles
        for folder in places.map({ $0.bundleURL }) + places.map({ $0.bundleURL.deletingLastPathComponent() })
        {
            let candidate = folder.appendingPathComponent("liif").path
            var isFolder: ObjCBool = false
            if FileManager.default.fileExists(atPath: candidate, isDirectory: &isFolder), !isFolder.boolValue
            {
                return candidate
            }
        }
        fatalError(
            "liif is not beside the tests in \(Bundle.main.bundlePath); build it with: swift build -c release"
        )
    }()

    /// A process that is ready to run in a folder, so that messages name files as they were given.
    /// - Parameters:
    ///   - environment: Variables beside those of the tests; the models folder is one that does not exist.
    ///   - seconds: Of the processors' time, after which the program is killed: on a busy machine they are as long as ever.
    static func process(
        _ arguments: [String], in folder: String, environment: [String: String] = [:],
        within seconds: Int? = nil
    ) -> Process {
        let process = Process()
        process.environment = ProcessInfo.processInfo.environment
            .merging(["LIIF_MODELS": "/nonexistent/models"]) { $1 }.merging(environment) { $1 }
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        if let seconds {
            process.executableURL = URL(fileURLWithPath: "/bin/sh")
            process.arguments =
                ["-c", "ulimit -c 0; ulimit -t \(seconds); exec \"$0\" \"$@\"", path] + arguments
        }
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        return process
    }
}

/// Runs `liif` in a folder to its end.
func liif(
    _ arguments: [String], in folder: String, environment: [String: String] = [:], within seconds: Int? = nil
) throws -> Outcome {
    let process = Program.process(arguments, in: folder, environment: environment, within: seconds)
    // Files rather than pipes: they never fill up.
    let streams = FileManager.default.temporaryDirectory.appendingPathComponent("liif-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: streams, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: streams) }
    func handle(_ name: String) throws -> FileHandle {
        let url = streams.appendingPathComponent(name)
        try Data().write(to: url)
        return try FileHandle(forWritingTo: url)
    }
    process.standardOutput = try handle("out")
    process.standardError = try handle("err")
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    func text(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: streams.appendingPathComponent(name)), as: UTF8.self)
    }
    let errors = try text("err")
    #expect(process.terminationReason == .exit, "\(arguments) crashed: \(errors.suffix(300))")
    return Outcome(status: process.terminationStatus, output: try text("out"), errors: errors)
}

/// Runs a script of the shell, to which `$0` is the program.
/// - Returns: The script's status, and all that it said.
func runScript(_ script: String, in folder: String) throws -> (status: Int32, output: String) {
    let process = Program.process([], in: folder)
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", script, Program.path]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationReason == .exit, "\(script): \(text)")
    return (process.terminationStatus, text)
}

/// Whether a program has begun a file below a folder.
func hasBegunAFile(_ process: Process, in folder: String) -> Bool {
    !unfinishedFiles(of: process.processIdentifier, in: folder).isEmpty
}

/// Runs `liif` in a folder and sends it a signal as soon as a condition holds.
/// - Parameter condition: Asked with the paths below the folder, until it holds or the program has ended; by default that it has
///   begun a file there.
/// - Returns: The process, ended, and whether the signal found it at work.
@discardableResult func liif(
    _ arguments: [String], in folder: String, interruptedBy number: Int32 = SIGINT,
    environment: [String: String] = [:], when condition: (([String: Int]) throws -> Bool)? = nil
) throws -> (process: Process, wasRunning: Bool) {
    let process = Program.process(arguments, in: folder, environment: environment)
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    // Whatever happens, it does not go on behind the tests.
    defer { process.terminate() }
    let deadline = ContinuousClock.now + .seconds(60)
    func isMet() throws -> Bool {
        try condition?(contents(of: folder)) ?? hasBegunAFile(process, in: folder)
    }
    while process.isRunning, .now < deadline, try !isMet() { usleep(500) }
    let wasRunning = try isMet() && process.isRunning
    kill(process.processIdentifier, number)
    process.waitUntilExit()
    return (process, wasRunning)
}

/// Runs `liif` and expects it to end with a status and, word for word, an error, to print nothing else, and to
/// leave the folder as it was, hidden files included.
func expectFailure(
    _ arguments: String..., status: Int32, error: String, in folder: String,
    sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let before = try contents(of: folder)
    let outcome = try liif(arguments, in: folder)
    #expect(outcome.status == status, sourceLocation: sourceLocation)
    // A wrong command line is followed by the usage.
    let message = outcome.errors.components(separatedBy: "\nUsage: ").first ?? ""
    let expected = "Error: \(error)"
    if status == 64 {
        #expect(message == expected || message == expected + "\n", sourceLocation: sourceLocation)
    } else {
        #expect(outcome.errors == expected + "\n", sourceLocation: sourceLocation)
    }
    #expect(outcome.output == "", sourceLocation: sourceLocation)
    #expect(try contents(of: folder) == before, sourceLocation: sourceLocation)
}

/// All paths below a folder with their sizes. What a program at work renames or removes meanwhile is left out.
func contents(of folder: String) throws -> [String: Int] {
    var sizes: [String: Int] = [:]
    for path in try FileManager.default.subpathsOfDirectory(atPath: folder) {
        do {
            sizes[path] = try FileManager.default.attributesOfItem(atPath: folder + "/" + path)[.size] as? Int
        } catch CocoaError.fileReadNoSuchFile {}
    }
    return sizes
}

/// A file of this target's fixtures.
func fixture(_ name: String) -> String { Bundle.module.bundlePath + "/Fixtures/" + name }

/// `liif upscale` refuses options: status 64, the error first, and nothing in the folder has changed.
func expectUsageError(of options: [String], _ error: String) throws {
    try withTemporaryFolder { folder in
        try writeInput(in: folder)
        let before = try contents(of: folder)
        let outcome = try liif(["upscale", "input.png", "-o", "out.png"] + options, in: folder)
        #expect(outcome.status == 64 && outcome.output == "")
        #expect(outcome.errors.components(separatedBy: "\n").first == "Error: \(error)")
        #expect(try contents(of: folder) == before)
    }
}
