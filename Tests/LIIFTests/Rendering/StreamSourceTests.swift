import Imaging
import LIIF
import TestSupport
import Testing

/// What becomes of the source of an image that arrives in strips.
@Suite struct StreamSourceTests {
    private static let (height, width) = (400, 30)

    private struct Lost: Error, Equatable { let row: Int }

    private func rows(_ count: Int, after first: Int) -> FloatImage {
        FloatImage(
            height: count, width: Self.width, channels: 3,
            values: randomFloats(count * Self.width * 3, seed: UInt64(first), in: 0...1))
    }

    private func stream(_ source: @escaping (_ count: Int) throws -> FloatImage) throws -> UpscalingStream {
        try UpscalingStream(
            .random(.tiny), height: Self.height, width: Self.width, outputHeight: 2 * Self.height,
            outputWidth: 2 * Self.width, precision: .float32, source: source)
    }

    /// Rows are missing after an error, so that nothing that comes then could be right.
    @Test(arguments: [0, 100, 399]) func anErrorStaysAnError(row: Int) throws {
        var (next, asked) = (0, 0)
        let stream = try stream { count in
            asked += 1
            guard !(next..<next + count).contains(row) else { throw Lost(row: row) }
            defer { next += count }
            return rows(count, after: next)
        }
        #expect(throws: Lost(row: row)) { while try stream.next() != nil {} }
        let before = asked
        for _ in 0..<3 { #expect(throws: Lost(row: row)) { try stream.next() } }
        #expect(asked == before)
    }

    /// The network that made the features, with its working memory, leaves with the source.
    @Test func aSourceThatIsReadToItsEndIsLetGo() throws {
        final class Token { var next = 0 }
        var token: Token? = Token()
        weak let seen = token
        let stream = try stream { [token] count in
            defer { token!.next += count }
            return rows(count, after: token!.next)
        }
        token = nil
        #expect(seen != nil)
        while try stream.next() != nil {}
        #expect(seen == nil)
        withExtendedLifetime(stream) {}
    }
}
