import Hummingbird
import NIOCore

extension ResponseBody {
    /// What a client must take within `ServerOptions.idleSeconds`: 2 kB a second by default.
    static let pieceSize = 1 << 16

    /// Bytes that are sent in pieces, so that a slow client that goes on taking them is told from one that does not:
    /// `ConnectionHandler` times each piece, and Hummingbird waits for the next request when the last one is sent.
    /// - Parameters:
    ///   - context: The request's.
    ///   - hold: What lives as long as all of the bytes are in memory for this client; of one piece it does not.
    static func inPieces(
        _ bytes: ByteBuffer, to context: ServerContext, while hold: (any Sendable)? = nil
    ) -> ResponseBody {
        guard bytes.readableBytes > pieceSize else { return ResponseBody(byteBuffer: bytes) }
        return ResponseBody(contentLength: bytes.readableBytes) { writer in
            defer { withExtendedLifetime(hold) {} }
            // Looked for here: most answers are one piece and need not ask.
            let connection = try await context.connection()
            var rest = bytes
            // Some of the answer before may not be sent yet.
            let start = connection.written
            while let piece = rest.readSlice(length: min(pieceSize, rest.readableBytes)),
                piece.readableBytes > 0
            {
                try await writer.write(piece)
                // Not left to the writer, which takes everything at once.
                try await connection.waitUntil(sent: start + rest.readerIndex - bytes.readerIndex - pieceSize)
            }
            // The last piece keeps all of them in memory.
            try await connection.waitUntil(sent: start + bytes.readableBytes)
            try await writer.finish(nil)
        }
    }
}
