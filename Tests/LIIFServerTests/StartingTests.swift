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

    private func server(
        _ paths: [String], _ options: ServerOptions = ServerOptions(),
        _ logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    ) throws -> ImageServer {
        try ImageServer(paths, model: tinyModel(), options: options, logger: logger)
    }

    @Test func aFileIsNamedOnce() throws {
        try withTemporaryFolder { folder in
            for (name, words) in [
                ("broken.png", " is not a picture"), ("broken.liif", ": is not a sound safetensors file"),
            ] {
                let path = folder + "/" + name
                try Data("no pic".utf8).write(to: URL(fileURLWithPath: path))
                let error = #expect(throws: ServerError.self) { try server([path]) }
                let text = try #require(error).description
                #expect(text.hasPrefix(path + words), "\(text)")
                #expect(text.components(separatedBy: path).count == 2, "\(text)")
            }
        }
    }

    /// Its caller knows of the option that raises the limit.
    @Test func aNamedFileOfTooManyPixelsIsTheDecodersError() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/a.png"
            try picture(width: 20, height: 10, channels: 3).write(to: path)
            var options = ServerOptions()
            options.pixelLimit = 199
            #expect(throws: ImageCodecError.tooManyPixels(path: path, width: 20, height: 10, limit: 199)) {
                try server([path], options)
            }
            // In a folder it is left out.
            #expect(throws: ServerError.noImages(paths: [folder])) { try server([folder], options) }
        }
    }

    @Test func whatIsNamedTwiceIsServedOnce() throws {
        try withTemporaryFolder { folder in
            try FileManager.default.createDirectory(
                atPath: folder + "/sub", withIntermediateDirectories: false)
            for name in ["a", "sub/b"] {
                try picture(width: 8, height: 8, channels: 3).write(to: "\(folder)/\(name).png")
            }
            let a = folder + "/a.png"
            #expect(try server([folder, a, folder + "/sub", a, folder + "/sub/../a.png"]).imageCount == 2)
            // A named file must be a picture, also where its folder is served.
            let broken = folder + "/broken.png"
            try Data("no".utf8).write(to: URL(fileURLWithPath: broken))
            #expect(try server([folder]).imageCount == 2)
            #expect(throws: ServerError.self) { try server([folder, broken]) }
        }
    }

    @Test(.enabled(if: geteuid() != 0, "root may read everything"))
    func foldersThatCannotBeReadAreSaid() throws {
        try withTemporaryFolder { folder in
            let sub = folder + "/sub"
            try FileManager.default.createDirectory(atPath: sub, withIntermediateDirectories: false)
            try picture(width: 8, height: 8, channels: 3).write(to: folder + "/a.png")
            try picture(width: 8, height: 8, channels: 3).write(to: sub + "/b.png")
            try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: sub)
            defer { try? FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: sub) }
            let log = Log()
            let logger = Logger(label: "test") { _ in LogRecorder(log: log) }
            #expect(try server([folder], ServerOptions(), logger).imageCount == 1)
            let warning = try #require(log.events.first { $0.message == "folder not read" })
            #expect(warning.metadata?["reason"] == "permission denied")
            #expect(throws: ServerError.unreadable(path: sub)) { try server([sub]) }
        }
    }

    @Test func addressesThatCannotBeListenedOnAreSaid() async throws {
        try await withServer { client in
            func refusal(host: String, port: Int) async throws -> ServerError? {
                var options = ServerOptions()
                (options.host, options.port) = (host, port)
                let second = try server([client.folder + "/photo.png"], options)
                return await #expect(throws: ServerError.self) { try await second.run { _ in } }
            }
            let taken = try await refusal(host: "127.0.0.1", port: client.port)
            let reason = "address already in use"
            #expect(
                taken == ServerError.cannotListen(host: "127.0.0.1", port: client.port, reason: reason))
            // Longer than a name may be: nobody is asked for it.
            let unknown = try await refusal(host: String(repeating: "a", count: 300), port: 0)
            #expect(unknown?.description.contains("cannot be listened on") == true)
        }
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
