import Hummingbird
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Watches a connection: notices when its client goes away, and closes it when a body is sent that nobody asked for, or
/// when a piece of an answer is not taken in time.
final class ConnectionHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// Bytes of a request's body that are read and forgotten.
    private static let bodyLimit = 1 << 14

    let connection = ClientConnection()
    private let writeTimeout: TimeAmount
    private let bytesSent: Metrics.Counter
    private var bodyBytes = 0

    /// - Parameter bytesSent: Counts those of bodies that the system has taken for clients.
    init(writeTimeout: TimeAmount, bytesSent: Metrics.Counter) {
        self.writeTimeout = writeTimeout
        self.bytesSent = bytesSent
    }

    func handlerAdded(context: ChannelHandlerContext) {
        // Otherwise the system holds megabytes that the client has not taken, and says nothing while it takes the first of them.
        let option = ChannelOptions.Types.SocketOption(
            level: .tcp, name: .init(rawValue: TCP_NOTSENT_LOWAT))
        _ = context.channel.setOption(option, value: SocketOptionValue(ResponseBody.pieceSize))
        let pipeline = context.pipeline.syncOperations
        if let decoder = try? pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self) {
            try? pipeline.addHandler(LastRequestHandler(), position: .after(decoder))
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head: bodyBytes = 0
        case .body(let bytes):
            bodyBytes += bytes.readableBytes
            if bodyBytes > Self.bodyLimit {
                context.close(promise: nil)
                return
            }
        case .end: break
        }
        context.fireChannelRead(data)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? ChannelEvent, event == .inputClosed { connection.close() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        connection.close()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { connection.close() }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let bytes: Int
        switch unwrapOutboundIn(data) {
        case .head:
            context.write(data, promise: promise)
            return
        case .body(let piece): bytes = piece.readableBytes
        case .end: bytes = 0
        }
        let done = promise ?? context.eventLoop.makePromise(of: Void.self)
        let (channel, connection, bytesSent) = (context.channel, connection, bytesSent)
        connection.add(written: bytes)
        let timeout = context.eventLoop.scheduleTask(in: writeTimeout) { channel.close(promise: nil) }
        done.futureResult.whenComplete { result in
            timeout.cancel()
            connection.add(sent: bytes)
            if case .success = result { bytesSent.increment(by: bytes) }
        }
        context.write(data, promise: done)
    }
}

@available(*, unavailable)
extension ConnectionHandler: Sendable {}
