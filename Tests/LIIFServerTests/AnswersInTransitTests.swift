import Foundation
import ImageCodecs
import Imaging
import LIIFServer
import Testing

/// Memory of answers that are made and not yet sent.
@Suite(.serialized) struct AnswersInTransitTests {
    private typealias Answers = AnswersInTransit<String, Int>

    @Test func noMoreAreLetInOnceTheLimitIsReached() throws {
        let answers = Answers(limit: 100, clientLimit: 1000, share: 10)
        var holds = [
            try answers.hold(1, for: "a", bytes: 60, by: "x"),
            try answers.hold(2, for: "b", bytes: 60, by: "x"),
        ]
        #expect(answers.bytes == 120)
        #expect(throws: Overloaded.self) { try answers.hold(3, for: "c", bytes: 11, by: "x") }
        #expect(throws: Overloaded.self) { try answers.requireRoom(for: "x") }
        // Small ones are let in, and do not count.
        holds.append(try answers.hold(4, for: "d", bytes: 10, by: "x"))
        let small = try answers.hold("d", by: "x")
        #expect(answers.bytes == 120 && small == nil)
        holds.remove(at: 0)
        #expect(answers.bytes == 60)
        holds.append(try answers.hold(3, for: "c", bytes: 11, by: "x"))
        #expect(answers.bytes == 71 && holds.map(\.value) == [2, 4, 3])
        holds = []
        #expect(answers.bytes == 0)
    }

    /// Fails if equal answers count twice, or if the first of two clients takes the answer with it.
    @Test func whatManyTakeCountsOnce() throws {
        let answers = Answers(limit: 100, clientLimit: 1000, share: 10)
        var holds = [try answers.hold(1, for: "a", bytes: 100, by: "x")]
        // Made again meanwhile, the older one is sent.
        holds.append(try answers.hold(2, for: "a", bytes: 100, by: "x"))
        holds.append(try #require(try answers.hold("a", by: "x")))
        #expect(answers.bytes == 100 && holds.map(\.value) == [1, 1, 1])
        holds.removeFirst(2)
        #expect(answers.bytes == 100 && holds.count == 1)
        holds = []
        let gone = try answers.hold("a", by: "x")
        #expect(answers.bytes == 0 && gone == nil)
        holds.append(try answers.hold(2, for: "a", bytes: 100, by: "x"))
        #expect(holds[0].value == 2)
    }

    @Test(arguments: [0, 100]) func oneOfAnySizeHasItsTurn(limit: Int) throws {
        let answers = Answers(limit: limit, clientLimit: limit, share: 10)
        var holds = [try answers.hold(1, for: "a", bytes: 1 << 40, by: "x")]
        #expect(throws: Overloaded.self) { try answers.hold(2, for: "b", bytes: 1 << 40, by: "x") }
        #expect(holds.count == 1)
        holds = []
        holds.append(try answers.hold(2, for: "b", bytes: 1 << 40, by: "x"))
        #expect(holds.count == 1 && answers.bytes == 1 << 40)
    }

    /// Fails if one client may have all, if another is refused for it, or if what a client had counts after it is sent.
    @Test func aClientIsLetInUntilItsOwnLimit() throws {
        let answers = Answers(limit: 100, clientLimit: 30, share: 10)
        var holds = [
            try answers.hold(1, for: "a", bytes: 20, by: "x"),
            try answers.hold(2, for: "b", bytes: 20, by: "x"),
        ]
        #expect(throws: Overloaded.self) { try answers.hold(3, for: "c", bytes: 20, by: "x") }
        #expect(throws: Overloaded.self) { try answers.requireRoom(for: "x") }
        // Small ones, and what it takes already.
        holds.append(try answers.hold(4, for: "d", bytes: 10, by: "x"))
        holds.append(try #require(try answers.hold("a", by: "x")))
        try answers.requireRoom(for: "y")
        holds.append(try answers.hold(3, for: "c", bytes: 20, by: "y"))
        #expect(answers.bytes == 60)
        // One of two holds on an answer keeps it.
        holds.removeFirst()
        #expect(throws: Overloaded.self) { try answers.requireRoom(for: "x") }
        holds = []
        #expect(answers.bytes == 0)
        holds.append(try answers.hold(3, for: "c", bytes: 1 << 40, by: "x"))
        #expect(holds[0].value == 3)
    }

    /// Fails if a client could keep more than its own by taking what others take, or if what two take leaves with the first.
    @Test func whatOthersTakeCountsForEachOfThem() throws {
        let answers = Answers(limit: 100, clientLimit: 30, share: 10)
        var theirs = [try answers.hold(1, for: "a", bytes: 30, by: "x")]
        var ours = [try #require(try answers.hold("a", by: "y"))]
        #expect(answers.bytes == 30)
        #expect(throws: Overloaded.self) { try answers.hold(2, for: "b", bytes: 20, by: "y") }
        let other = try answers.hold(2, for: "b", bytes: 20, by: "z")
        #expect(throws: Overloaded.self) { try answers.hold("b", by: "y") }
        #expect(throws: Overloaded.self) { try answers.hold(2, for: "b", bytes: 20, by: "y") }
        theirs = []
        try answers.requireRoom(for: "x")
        #expect(answers.bytes == 50 && theirs.isEmpty)
        ours = []
        try answers.requireRoom(for: "y")
        #expect(answers.bytes == 20 && ours.isEmpty && other.value == 2)
    }

    /// A server that has room for one image of more than 64 kB, and no cache. Fails if a client that does not read lets others
    /// take more, or keeps them from tiles, and if anything but a client that takes its answer holds one.
    @Test func whatSlowClientsHoldIsBounded() async throws {
        try await withServer(
            { $0.imageCacheBytes = 0 }, adding: { try noise(side: 500).write(to: $0 + "/noise.png") }
        ) { client in
            let large = "/iiif/3/noise/full/max/0/default.png"
            let other = "/iiif/3/noise/0,0,300,300/max/0/default.png"

            // What is not sent, and what is sent to the end.
            let head = try await client.get(large, method: "HEAD")
            #expect(head.status == 200)
            try await client.wait(sending: 0)
            #expect(try await client.get(large, ["If-None-Match: *"]).status == 304)
            #expect(try await client.value("sending_bytes") == 0)
            let whole = try await client.get(large)
            #expect(whole.status == 200 && whole.body.count > 700_000)
            try await client.wait(sending: 0)

            let stalled = try connection(
                sending: "GET \(large) HTTP/1.1\r\nHost: x\r\n\r\n", port: client.port)
            try await client.wait(sending: whole.body.count)
            for method in ["GET", "HEAD"] {
                let refused = try await client.get(other, method: method)
                #expect(refused.status == 503 && refused.headers["retry-after"] == "5")
            }
            #expect(try await client.get("/iiif/3/noise/0,0,100,100/max/0/default.png").status == 200)
            let rendered = try await client.value("images_rendered_total")
            // Equal to what is being sent, which is not made again; and what is not even begun.
            #expect(try await client.get(large).body == whole.body)
            let enlarged = "/iiif/3/noise~nearest/full/^1100,1100/0/default.png"
            #expect(try await client.get(enlarged).status == 503)
            #expect(try await client.value("images_rendered_total") == rendered)
            #expect(try await client.value("requests_refused_total") == 3)
            try await client.wait(sending: whole.body.count)

            close(stalled)
            try await client.wait(sending: 0)
            #expect(try await client.get(other).status == 200)
        }
    }

    /// Room for 4 MB of images of more than 64 kB. Fails if one address may have all of it, if the address of a proxy, which is
    /// that of all clients, may not, or if what the cache has passes the limit by.
    @Test(arguments: [nil, "https://example.org"] as [String?])
    func oneAddressHasAPartOfIt(publicURL: String?) async throws {
        try await withServer(
            {
                $0.imageCacheBytes = 8_000_000
                $0.publicURL = publicURL
            }, adding: { try noise(side: 500).write(to: $0 + "/noise.png") }
        ) { client in
            let other = "/iiif/3/noise/0,0,300,300/max/0/default.png"
            #expect(try await client.get(other).status == 200)
            try await client.wait(sending: 0)
            let stalled = try connection(
                sending: "GET /iiif/3/noise/full/max/0/default.png HTTP/1.1\r\nHost: x\r\n\r\n",
                port: client.port)
            var held = 0
            for _ in 0..<2000 where held == 0 {
                try await Task.sleep(for: .milliseconds(2))
                held = try await client.value("sending_bytes") ?? 0
            }
            #expect(held > 700_000)
            let second = try await client.get(other)
            #expect(second.status == (publicURL == nil ? 503 : 200))
            #expect(second.headers["retry-after"] == (publicURL == nil ? "5" : nil))
            #expect(try await client.get("/iiif/3/noise/0,0,100,100/max/0/default.png").status == 200)
            close(stalled)
            try await client.wait(sending: 0)
            #expect(try await client.get(other).status == 200)
        }
    }
}

extension Client {
    /// What a metric says.
    fileprivate func value(_ name: String) async throws -> Int? {
        try await get("/metrics").text.split(separator: "\n").first { $0.hasPrefix("liif_\(name) ") }
            .flatMap { Int($0.split(separator: " ")[1]) }
    }

    /// Waits until so much is on its way.
    fileprivate func wait(sending bytes: Int) async throws {
        var found: Int?
        for _ in 0..<2000 where found != bytes {
            if found != nil { try await Task.sleep(for: .milliseconds(2)) }
            found = try await value("sending_bytes")
        }
        #expect(found == bytes)
    }
}

/// Nothing that could be compressed.
private func noise(side: Int) -> Image<UInt8> {
    var image = Image<UInt8>(width: side, height: side, channels: 3)
    var state: UInt32 = 1
    for index in image.samples.indices {
        state = state &* 1_664_525 &+ 1_013_904_223
        image.samples[index] = UInt8(state >> 24)
    }
    return image
}
