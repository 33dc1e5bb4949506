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
}
