import Synchronization

/// Answers on their way to clients. A slow client keeps one in memory long after the cache has let it go, so when all together
/// have reached a number of bytes, no more are let in; and when those of one client have reached its own, none for that one, so
/// that a few cannot keep the others out. What many clients take at once counts once. Small answers do not count: otherwise those
/// who download large images slowly would keep all others from their tiles.
package final class AnswersInTransit<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    /// A client's hold on an answer. With the last one the answer has left; whatever becomes of a request, its hold ends.
    package final class Hold: Sendable {
        package let value: Value
        private let end: @Sendable () -> Void

        fileprivate init(_ value: Value, end: @escaping @Sendable () -> Void) {
            (self.value, self.end) = (value, end)
        }

        deinit { end() }
    }

    private struct State {
        /// With the number of holds by client.
        var answers: [Key: (value: Value, bytes: Int, holds: [String: Int])] = [:]
        var bytes = 0
        /// Of the answers that a client has a hold on, each counted once.
        var bytesByClient: [String: Int] = [:]
    }

    private let state = Mutex(State())
    private let limit: Int
    private let clientLimit: Int
    private let share: Int

    /// - Parameters:
    ///   - limit: Bytes from which on no more are let in. Only the last answer passes it, so that one of any size has its turn.
    ///   - clientLimit: The same for the answers of one client.
    ///   - share: Bytes up to which an answer is let in always and does not count.
    package init(limit: Int, clientLimit: Int, share: Int) {
        self.limit = max(limit, 1)
        self.clientLimit = max(clientLimit, 1)
        self.share = share
    }

    /// Bytes of the answers that count.
    package var bytes: Int { state.withLock { $0.bytes } }

    /// Lets an answer in.
    /// - Parameters:
    ///   - key: Equal keys mean equal answers: where one is on its way, the hold is on that one.
    ///   - client: Who takes it (`ClientNetwork`).
    /// - Throws: `Overloaded`.
    package func hold(_ value: Value, for key: Key, bytes: Int, by client: String) throws -> Hold {
        guard bytes > share else { return Hold(value, end: {}) }
        let held = try state.withLock { state -> Value in
            if let other = try join(key, client, &state) { return other }
            guard hasRoom(for: client, state) else { throw Self.overload }
            state.answers[key] = (value, bytes, [client: 1])
            state.bytes += bytes
            state.bytesByClient[client, default: 0] += bytes
            return value
        }
        return Hold(held, end: { self.leave(key, client) })
    }

    /// A further hold on an answer that is on its way and counts; nil where there is none.
    /// - Throws: `Overloaded`.
    package func hold(_ key: Key, by client: String) throws -> Hold? {
        try state.withLock { try join(key, client, &$0) }.map { Hold($0, end: { self.leave(key, client) }) }
    }

    /// For work whose result will count: there is no use in it where nothing would be let in.
    /// - Throws: `Overloaded`.
    package func requireRoom(for client: String) throws {
        guard state.withLock({ hasRoom(for: client, $0) }) else { throw Self.overload }
    }

    /// How long the slowest client takes is not known: soon enough for a page that waits, seldom enough for the server.
    private static var overload: Overloaded { Overloaded(retryAfter: 5) }

    private func hasRoom(for client: String, _ state: borrowing State) -> Bool {
        state.bytes < limit && state.bytesByClient[client, default: 0] < clientLimit
    }

    private func join(_ key: Key, _ client: String, _ state: inout State) throws -> Value? {
        guard let answer = state.answers[key] else { return nil }
        if answer.holds[client] == nil {
            // It takes no more memory now, but would for this client alone when the others have theirs.
            let bytes = state.bytesByClient[client, default: 0]
            guard bytes < clientLimit else { throw Self.overload }
            state.bytesByClient[client] = bytes + answer.bytes
        }
        state.answers[key]!.holds[client, default: 0] += 1
        return answer.value
    }

    private func leave(_ key: Key, _ client: String) {
        state.withLock { state in
            guard let answer = state.answers[key], let holds = answer.holds[client] else { return }
            state.answers[key]!.holds[client] = holds > 1 ? holds - 1 : nil
            guard holds == 1 else { return }
            let bytes = state.bytesByClient[client]! - answer.bytes
            state.bytesByClient[client] = bytes > 0 ? bytes : nil
            guard answer.holds.count == 1 else { return }
            state.answers[key] = nil
            state.bytes -= answer.bytes
        }
    }
}
