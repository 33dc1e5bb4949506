import Synchronization

/// Answers on their way to clients. A slow client keeps one in memory long after the cache has let it go, so when all together
/// have reached a number of bytes, no more are let in. What many clients take at once counts once. Small answers do not count:
/// otherwise a few who download large images slowly would keep all others from their tiles.
package final class AnswersInTransit<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    /// One client's hold on an answer. With the last one the answer has left; whatever becomes of a request, its hold ends.
    package final class Hold: Sendable {
        package let value: Value
        private let end: @Sendable () -> Void

        fileprivate init(_ value: Value, end: @escaping @Sendable () -> Void) {
            (self.value, self.end) = (value, end)
        }

        deinit { end() }
    }

    private struct State {
        var answers: [Key: (value: Value, bytes: Int, holds: Int)] = [:]
        var bytes = 0
    }

    private let state = Mutex(State())
    private let limit: Int
    private let share: Int

    /// - Parameters:
    ///   - limit: Bytes from which on no more are let in. Only the last answer passes it, so that one of any size has its turn.
    ///   - share: Bytes up to which an answer is let in always and does not count.
    package init(limit: Int, share: Int) {
        self.limit = max(limit, 1)
        self.share = share
    }

    /// Bytes of the answers that count.
    package var bytes: Int { state.withLock { $0.bytes } }

    /// Lets an answer in.
    /// - Parameter key: Equal keys mean equal answers: where one is on its way, the hold is on that one.
    /// - Throws: `Overloaded`.
    package func hold(_ value: Value, for key: Key, bytes: Int) throws -> Hold {
        guard bytes > share else { return Hold(value, end: {}) }
        let held = state.withLock { state -> Value? in
            if let other = Self.join(key, &state) { return other }
            guard state.bytes < limit else { return nil }
            state.answers[key] = (value, bytes, 1)
            state.bytes += bytes
            return value
        }
        guard let held else { throw Self.overload }
        return Hold(held, end: { self.leave(key) })
    }

    /// A further hold on an answer that is on its way and counts; nil where there is none.
    package func hold(_ key: Key) -> Hold? {
        state.withLock { Self.join(key, &$0) }.map { Hold($0, end: { self.leave(key) }) }
    }

    /// For work whose result will count: there is no use in it where nothing would be let in.
    /// - Throws: `Overloaded`.
    package func requireRoom() throws {
        guard bytes < limit else { throw Self.overload }
    }

    /// How long the slowest client takes is not known: soon enough for a page that waits, seldom enough for the server.
    private static var overload: Overloaded { Overloaded(retryAfter: 5) }

    private static func join(_ key: Key, _ state: inout State) -> Value? {
        state.answers[key]?.holds += 1
        return state.answers[key]?.value
    }

    private func leave(_ key: Key) {
        state.withLock { state in
            guard let answer = state.answers[key] else { return }
            state.answers[key]!.holds -= 1
            guard answer.holds == 1 else { return }
            state.answers[key] = nil
            state.bytes -= answer.bytes
        }
    }
}
