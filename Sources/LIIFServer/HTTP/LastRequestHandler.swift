import NIOCore
import NIOHTTP1

/// Marks requests that are their connection's last by `Connection: close`, in the one spelling that Hummingbird knows. It stands
/// behind the decoder: further on a request has no version.
final class LastRequestHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(var head) = unwrapInboundIn(data), Self.isLast(head) else {
            context.fireChannelRead(data)
            return
        }
        head.headers.replaceOrAdd(name: "Connection", value: "close")
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }

    /// Whether nothing is answered after a request: it says so (one word of a list, in any case; RFC 9110, §7.6.1); it is of
    /// HTTP/1.0, whose clients read until the end where a server does not promise to go on (RFC 9112, §9.3); or it would switch
    /// protocols, for which the decoder stops, whatever is answered.
    private static func isLast(_ head: HTTPRequestHead) -> Bool {
        head.version != .http1_1 || head.method == .CONNECT || head.headers.contains(name: "Upgrade")
            || head.headers[canonicalForm: "Connection"].contains { $0.lowercased() == "close" }
    }
}

@available(*, unavailable)
extension LastRequestHandler: Sendable {}
