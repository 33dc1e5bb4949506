import Hummingbird
import NIOCore

extension ResponseBody {
    /// What a client must take within `ServerOptions.idleSeconds`: 2 kB a second by default.
    static let pieceSize = 1 << 16

    /// Bytes that are sent in pieces, so that a slow client that goes on taking them is told from one that does not:
    /// `ConnectionHandler` times each piece, and Hummingbird waits for the next request when the last one is sent.
    /// - Parameter context: The request's.
    static func inPieces(_ bytes: ByteBuffer, to context: ServerContext) -> ResponseBody {
        guard bytes.readableBytes > pieceSize else { return ResponseBody(byteBuffer: bytes) }
        return ResponseBody(contentLength: bytes.readableBytes) { writer in
            // Looked for here: most answers are one piece and need not ask.
            guard let connection = await context.connection() else { throw CancellationError() }
            var rest = bytes
            let start = connection.sent
            while let piece = rest.readSlice(length: min(pieceSize, rest.readableBytes)),
                piece.readableBytes > 0
            {
                try await writer.write(piece)
                // Not left to the writer, which takes everything at once.
                try await connection.waitUntil(sent: start + rest.readerIndex - bytes.readerIndex - pieceSize)
            }
            try await writer.finish(nil)
        }
    }
}
