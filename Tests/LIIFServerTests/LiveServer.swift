import Foundation
import ImageCodecs
import Imaging
import LIIF
import LIIFServer
import Logging
import NeuralNetwork
import PictureFixtures
import TensorFiles
import Tensors
import TestSupport
import Testing

/// A server over a folder with `photo.png` (96×64), `grey.png`, `alpha.png`, `sub/photo two.png` and a file that is no
/// picture, with a tiny model.
/// - Parameters:
///   - paths: What is served in place of the folder.
///   - files: Writes more pictures into the folder.
func withServer<Result: Sendable>(
    _ change: (inout ServerOptions) -> Void = { _ in },
    of paths: [String]? = nil,
    precision: InferencePrecision = .float32,
    adding files: (_ folder: String) throws -> Void = { _ in },
    _ body: @escaping @Sendable (Client) async throws -> Result
) async throws -> Result {
    try await withTemporaryFolder { folder in
        try FileManager.default.createDirectory(atPath: folder + "/sub", withIntermediateDirectories: true)
        try picture(width: 96, height: 64, channels: 3).write(to: folder + "/photo.png")
        try picture(width: 40, height: 30, channels: 1).write(to: folder + "/grey.png")
        try picture(width: 30, height: 40, channels: 4).write(to: folder + "/alpha.png")
        try picture(width: 20, height: 10, channels: 3).write(to: folder + "/sub/photo two.png")
        try Data("secret".utf8).write(to: URL(fileURLWithPath: folder + "/secret.txt"))
        try Data("no picture".utf8).write(to: URL(fileURLWithPath: folder + "/broken.png"))
        try files(folder)
        var options = ServerOptions()
        options.port = 0
        change(&options)
        var logger = Logger(label: "test") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .critical
        let server = try ImageServer(
            paths ?? [folder], model: tinyModel(), precision: precision, options: options, logger: logger)
        let (ports, port) = AsyncStream<Int>.makeStream()
        return try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask {
                try await server.run { port.yield($0) }
                return nil
            }
            group.addTask {
                for await number in ports { return try await body(Client(port: number, folder: folder)) }
                return nil
            }
            while let result = try await group.next() {
                guard let result else { continue }
                group.cancelAll()
                return result
            }
            throw CancellationError()
        }
    }
}

struct Client: Sendable {
    let port: Int
    let folder: String

    func get(_ target: String, method: String = "GET", _ headers: [String] = []) async throws -> Answer {
        try await raw(
            "\(method) \(target) HTTP/1.1\r\nHost: localhost:\(port)\r\n"
                + headers.map { $0 + "\r\n" }.joined() + "\r\n")
    }

    func raw(_ request: String) async throws -> Answer {
        let port = port
        // Sockets that block are none of the tasks' business.
        return try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(
                    with: Swift.Result { try exchange(request, port: port).first ?? Answer() })
            }
        }
    }

    /// Expects a picture, pixel by pixel.
    func expect(_ target: String, _ expected: Image<UInt8>) async throws {
        let actual = try await image(target)
        #expect(actual == expected, "\(target)")
    }

    /// Expects a picture of some channels.
    func expect(_ target: String, channels: Int) async throws {
        let actual = try await image(target)
        #expect(actual.channels == channels, "\(target)")
    }

    /// The picture of an answer.
    func image(_ target: String) async throws -> Image<UInt8> {
        let answer = try await get(target)
        #expect(answer.status == 200, "\(target): \(answer.text)")
        let path = folder + "/answer-\(UUID().uuidString)"
        try answer.body.write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try Image.read(from: path)
    }
}

/// Smooth colours with a few edges.
func picture(width: Int, height: Int, channels: Int) -> Image<UInt8> {
    .smoothWithEdges(width: width, height: height, channels: channels)
}

/// Colours behind a border of no alpha, through a band of half to full. The hidden ones are stripes of black and white.
func glass(width: Int, height: Int) -> Image<UInt8> {
    var image = picture(width: width, height: height, channels: 4)
    for y in 0..<height {
        for x in 0..<width {
            image[y, x, 3] = x + y < 24 ? 0 : x + y < 36 ? 128 : 255
            if image[y, x, 3] == 0 { for c in 0..<3 { image[y, x, c] = y % 2 == 0 ? 255 : 0 } }
        }
    }
    return image
}

/// A small model with initial weights of a fixed seed.
func tinyModel() -> LIIFModel {
    var configuration = LIIFConfiguration()
    configuration.encoder = .edsr(blocks: 2, channels: 8, residualScale: 1)
    configuration.hiddenWidths = [16, 16]
    configuration.inputSkip = true
    let network = LIIFNetwork(configuration)
    let parameters = AlignedBuffer(floats: network.parameters.count)
    for (index, value) in network.parameters.initialValues(seed: 1).enumerated() {
        parameters.floats[index] = value
    }
    return LIIFModel(network, parameters: parameters)
}
