import Hummingbird
import NIOCore

/// What a request brings with it.
struct ServerContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The connection it came by.
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }

    /// The client's address, without the port.
    var address: String { channel.remoteAddress?.ipAddress ?? "unknown" }

    /// By what the client's requests and answers are counted (`ClientNetwork`).
    var client: String { ClientNetwork.name(of: address) }

    /// The connection, which says whether the client is still there.
    /// - Throws: `CancellationError` where it is gone already, and its handlers with it.
    func connection() async throws -> ClientConnection {
        let channel = channel
        do {
            return try await channel.eventLoop.submit {
                try channel.pipeline.syncOperations.handler(type: ConnectionHandler.self).connection
            }.get()
        } catch {
            throw CancellationError()
        }
    }

    /// Whether the client has gone of its own accord. Where the server gives a request up, it cancels its task and closes the
    /// connection itself.
    func clientHasLeft() async -> Bool {
        guard !Task.isCancelled else { return false }
        return (try? await connection().isClosed) ?? true
    }
}
