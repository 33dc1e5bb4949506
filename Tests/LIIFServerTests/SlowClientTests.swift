import Foundation
import ImageCodecs
import Imaging
import LIIFServer
import Testing

/// Clients that take an answer slowly, and one that stops.
@Suite(.serialized) struct SlowClientTests {
    /// More than the system takes from a server for a client that does not read.
    private static let noise: Image<UInt8> = {
        var generator = SystemRandomNumberGenerator()
        var image = Image<UInt8>(width: 2400, height: 2000, channels: 3)
        for index in image.samples.indices { image.samples[index] = .random(in: 0...255, using: &generator) }
        return image
    }()

    /// Bytes of a large answer that arrive, of those that its head announces.
    /// - Parameter pause: What the client does after each 64 kB, told their number.
    private func bytesTaken(pausing pause: @escaping @Sendable (Int) -> Void) async throws -> (Int, of: Int) {
        try await withServer({ $0.idleSeconds = 1 }) { folder in
            try Self.noise.write(to: folder + "/noise.png")
        } _: { client in
            let port = client.port
            return try await withCheckedThrowingContinuation { continuation in
                Thread.detachNewThread {
                    continuation.resume(
                        with: Result {
                            try readSlowly("/iiif/3/noise/full/max/0/default.png", port: port, pausing: pause)
                        })
                }
            }
        }
    }

    /// Takes 4 MB a second, for three times as long as nothing may happen.
    @Test func whoGoesOnReadingGetsAll() async throws {
        let (taken, announced) = try await bytesTaken { _ in Thread.sleep(forTimeInterval: 0.016) }
        #expect(announced > 14_000_000)
        #expect(taken == announced)
    }

    @Test func whoStopsReadingIsLeft() async throws {
        let (taken, announced) = try await bytesTaken { if $0 == 2 { Thread.sleep(forTimeInterval: 3) } }
        #expect(announced > 14_000_000)
        #expect(taken < announced)
    }

    /// Fails if all of an answer counts as sent whose client has read nothing and has gone.
    @Test func whatIsLeftDoesNotCountAsSent() async throws {
        try await withServer(adding: { try Self.noise.write(to: $0 + "/noise.png") }) { client in
            func wait(_ name: String, _ isRight: (Int) -> Bool) async throws -> Int {
                var value: Int?
                for _ in 0..<2000 where value.map(isRight) != true {
                    if value != nil { try await Task.sleep(for: .milliseconds(5)) }
                    value = try await client.get("/metrics").text.split(separator: "\n")
                        .first { $0.hasPrefix("liif_\(name) ") }.flatMap { Int($0.split(separator: " ")[1]) }
                }
                return try #require(value)
            }
            let stalled = try connection(
                sending: "GET /iiif/3/noise/full/max/0/default.png HTTP/1.1\r\nHost: x\r\n\r\n",
                port: client.port)
            let size = try await wait("sending_bytes") { $0 > 0 }
            // By polling it is answered too.
            let before = try await wait("http_sent_bytes_total") { $0 > 0 }
            close(stalled)
            #expect(try await wait("sending_bytes") { $0 == 0 } == 0)
            let after = try await wait("http_sent_bytes_total") { $0 > 0 }
            #expect(size > 14_000_000 && before > 0 && after < size)
        }
    }
}

/// Asks for an image and reads the answer in parts of 64 kB.
private func readSlowly(
    _ target: String, port: Int, pausing pause: (Int) -> Void
) throws -> (Int, of: Int) {
    let socket = try connection(
        sending: "GET \(target) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", port: port)
    defer { close(socket) }
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    var received = Data()
    var (taken, part) = (0, 0)
    while true {
        var filled = 0
        while filled < chunk.count {
            let got = recv(socket, &chunk, chunk.count - filled, 0)
            guard got > 0 else { break }
            if received.count < 4096 { received.append(contentsOf: chunk[..<got]) }
            filled += got
        }
        taken += filled
        if filled < chunk.count { break }
        part += 1
        pause(part)
    }
    let end = try #require(received.firstRange(of: Data("\r\n\r\n".utf8)))
    let head = String(decoding: received[..<end.lowerBound], as: UTF8.self).lowercased()
    let line = try #require(head.split(separator: "\r\n").first { $0.hasPrefix("content-length:") })
    let announced = try #require(Int(line.dropFirst(15).trimmingCharacters(in: .whitespaces)))
    return (taken - end.upperBound, of: announced)
}
