import Foundation
import ImageCodecs
import Imaging
import LIIFServer
import Testing

/// Memory of answers that are made and not yet sent.
@Suite(.serialized) struct AnswersInTransitTests {
    private typealias Answers = AnswersInTransit<String, Int>

    @Test func noMoreAreLetInOnceTheLimitIsReached() throws {
        let answers = Answers(limit: 100, share: 10)
        var holds = [try answers.hold(1, for: "a", bytes: 60), try answers.hold(2, for: "b", bytes: 60)]
        #expect(answers.bytes == 120)
        #expect(throws: Overloaded.self) { try answers.hold(3, for: "c", bytes: 11) }
        #expect(throws: Overloaded.self) { try answers.requireRoom() }
        // Small ones are let in, and do not count.
        holds.append(try answers.hold(4, for: "d", bytes: 10))
        #expect(answers.bytes == 120 && answers.hold("d") == nil)
        holds.remove(at: 0)
        #expect(answers.bytes == 60)
        holds.append(try answers.hold(3, for: "c", bytes: 11))
        #expect(answers.bytes == 71 && holds.map(\.value) == [2, 4, 3])
        holds = []
        #expect(answers.bytes == 0)
    }

    /// Fails if equal answers count twice, or if the first of two clients takes the answer with it.
    @Test func whatManyTakeCountsOnce() throws {
        let answers = Answers(limit: 100, share: 10)
        var holds = [try answers.hold(1, for: "a", bytes: 100)]
        // Made again meanwhile, the older one is sent.
        holds.append(try answers.hold(2, for: "a", bytes: 100))
        holds.append(try #require(answers.hold("a")))
        #expect(answers.bytes == 100 && holds.map(\.value) == [1, 1, 1])
        holds.removeFirst(2)
        #expect(answers.bytes == 100 && holds.count == 1)
        holds = []
        #expect(answers.bytes == 0 && answers.hold("a") == nil)
        holds.append(try answers.hold(2, for: "a", bytes: 100))
        #expect(holds[0].value == 2)
    }

    @Test(arguments: [0, 100]) func oneOfAnySizeHasItsTurn(limit: Int) throws {
        let answers = Answers(limit: limit, share: 10)
        var holds = [try answers.hold(1, for: "a", bytes: 1 << 40)]
        #expect(throws: Overloaded.self) { try answers.hold(2, for: "b", bytes: 1 << 40) }
        #expect(holds.count == 1)
        holds = []
        holds.append(try answers.hold(2, for: "b", bytes: 1 << 40))
        #expect(holds.count == 1 && answers.bytes == 1 << 40)
    }

    /// A server that has room for one image of more than 64 kB, and no cache. Fails if a client that does not read lets others
    /// take more, or keeps them from tiles, and if anything but a client that takes its answer holds one.
    @Test func whatSlowClientsHoldIsBounded() async throws {
        try await withServer(
            { $0.imageCacheBytes = 0 }, adding: { try noise(side: 500).write(to: $0 + "/noise.png") }
        ) { client in
            func value(_ name: String) async throws -> Int? {
                try await client.get("/metrics").text.split(separator: "\n").first {
                    $0.hasPrefix("liif_\(name) ")
                }.flatMap { Int($0.split(separator: " ")[1]) }
            }
            func wait(sending bytes: Int) async throws {
                var found: Int?
                for _ in 0..<2000 where found != bytes {
                    if found != nil { try await Task.sleep(for: .milliseconds(2)) }
                    found = try await value("sending_bytes")
                }
                #expect(found == bytes)
            }
            let large = "/iiif/3/noise/full/max/0/default.png"
            let other = "/iiif/3/noise/0,0,300,300/max/0/default.png"

            // What is not sent, and what is sent to the end.
            let head = try await client.get(large, method: "HEAD")
            #expect(head.status == 200)
            try await wait(sending: 0)
            #expect(try await client.get(large, ["If-None-Match: *"]).status == 304)
            #expect(try await value("sending_bytes") == 0)
            let whole = try await client.get(large)
            #expect(whole.status == 200 && whole.body.count > 700_000)
            try await wait(sending: 0)

            let stalled = try connection(
                sending: "GET \(large) HTTP/1.1\r\nHost: x\r\n\r\n", port: client.port)
            try await wait(sending: whole.body.count)
            for method in ["GET", "HEAD"] {
                let refused = try await client.get(other, method: method)
                #expect(refused.status == 503 && refused.headers["retry-after"] == "5")
            }
            #expect(try await client.get("/iiif/3/noise/0,0,100,100/max/0/default.png").status == 200)
            let rendered = try await value("images_rendered_total")
            // Equal to what is being sent, which is not made again; and what is not even begun.
            #expect(try await client.get(large).body == whole.body)
            let enlarged = "/iiif/3/noise~nearest/full/^1100,1100/0/default.png"
            #expect(try await client.get(enlarged).status == 503)
            #expect(try await value("images_rendered_total") == rendered)
            #expect(try await value("requests_refused_total") == 3)
            try await wait(sending: whole.body.count)

            close(stalled)
            try await wait(sending: 0)
            #expect(try await client.get(other).status == 200)
        }
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
