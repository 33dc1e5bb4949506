import Foundation
import ImageCodecs
import Imaging
import LIIF
import LIIFServer
import Logging
import Synchronization
import TestSupport
import Testing

/// What is said before anything is served.
@Suite struct StartingTests {
    /// Hidden files and those that are no pictures are nobody's loss.
    @Test func picturesOfFormatsThatAreNotReadAreCounted() throws {
        try withTemporaryFolder { folder in
            try FileManager.default.createDirectory(
                atPath: folder + "/sub", withIntermediateDirectories: false)
            try picture(width: 8, height: 8, channels: 3).write(to: folder + "/photo.png")
            for name in ["a.heic", "sub/B.GIF", "note.txt", ".hidden.heic"] {
                try Data("x".utf8).write(to: URL(fileURLWithPath: folder + "/" + name))
            }
            let log = Log()
            let logger = Logger(label: "test") { _ in LogRecorder(log: log) }
            let server = try ImageServer(
                [folder], model: tinyModel(), options: ServerOptions(), logger: logger)
            #expect(server.imageCount == 1)
            let warnings = log.events.filter { $0.level == .warning }
            try #require(warnings.count == 1)
            #expect(warnings[0].message == "pictures of formats that are not read are left out")
            #expect(warnings[0].metadata?["files"] == "2")
            #expect(warnings[0].metadata?["folder"] == .string(folder))
        }
    }

    @Test func aFileIsNamedOnce() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/broken.png"
            try Data("no picture".utf8).write(to: URL(fileURLWithPath: path))
            let error = #expect(throws: ServerError.self) {
                try ImageServer(
                    [path], model: tinyModel(), options: ServerOptions(),
                    logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            }
            let text = try #require(error).description
            #expect(text.hasPrefix("\(path) is not a picture"), "\(text)")
            #expect(text.components(separatedBy: path).count == 2, "\(text)")
        }
        // A reason that names nothing.
        #expect(ServerError.notAnImage(path: "a.png", reason: "no.").description == "a.png: no.")
    }
}

/// What was logged.
private final class Log: Sendable {
    private let recorded = Mutex<[LogEvent]>([])

    var events: [LogEvent] { recorded.withLock { $0 } }

    func add(_ event: LogEvent) { recorded.withLock { $0.append(event) } }
}

private struct LogRecorder: LogHandler {
    let log: Log
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    init(log: Log) { self.log = log }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { log.add(event) }
}
