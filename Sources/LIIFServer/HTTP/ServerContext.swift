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

    /// Whether the client is still there.
    func connection() async -> ClientConnection? {
        let channel = channel
        return try? await channel.eventLoop.submit {
            try channel.pipeline.syncOperations.handler(type: ConnectionHandler.self).connection
        }.get()
    }
}
