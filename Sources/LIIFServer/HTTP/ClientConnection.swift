import NIOCore
import NIOHTTPTypes
import Synchronization

/// Whether a client is still there, for work that is done for it.
package final class ClientConnection: Sendable {
    private struct State {
        var isClosed = false
        var next = 0
        var handlers: [Int: @Sendable () -> Void] = [:]
    }

    private let state = Mutex(State())

    package init() {}

    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// Calls a function when the client goes away, at once if it is gone.
    /// - Returns: What `forget` takes.
    func onClose(_ handler: @escaping @Sendable () -> Void) -> Int {
        let (number, isClosed) = state.withLock { state -> (Int, Bool) in
            state.next += 1
            if !state.isClosed { state.handlers[state.next] = handler }
            return (state.next, state.isClosed)
        }
        if isClosed { handler() }
        return number
    }

    func forget(_ number: Int) { state.withLock { _ = $0.handlers.removeValue(forKey: number) } }

    package func close() {
        let handlers = state.withLock { state in
            state.isClosed = true
            defer { state.handlers = [:] }
            return Array(state.handlers.values)
        }
        for handler in handlers { handler() }
    }
}

/// Watches a connection: notices when its client goes away, and closes it when a body is sent that nobody asked for, or
/// when an answer is not taken in time.
final class ConnectionHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// Bytes of a request's body that are read and forgotten.
    private static let bodyLimit = 1 << 14

    let connection = ClientConnection()
    private let writeTimeout: TimeAmount
    private var bodyBytes = 0

    init(writeTimeout: TimeAmount) { self.writeTimeout = writeTimeout }

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
        guard case .end = unwrapOutboundIn(data) else {
            context.write(data, promise: promise)
            return
        }
        let done = promise ?? context.eventLoop.makePromise(of: Void.self)
        let channel = context.channel
        let timeout = context.eventLoop.scheduleTask(in: writeTimeout) { channel.close(promise: nil) }
        done.futureResult.whenComplete { _ in timeout.cancel() }
        context.write(data, promise: done)
    }
}

@available(*, unavailable)
extension ConnectionHandler: Sendable {}
