import Synchronization

/// Values by key, of which the least recently used leave when all together exceed a number of bytes.
package final class ByteBoundedCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    /// Bytes that all values may take.
    let limit: Int
    private let state = Mutex(State())

    /// Entries form a ring by recency, kept in two dictionaries: the oldest has the smallest number.
    private struct State {
        var entries: [Key: (value: Value, bytes: Int, used: UInt64)] = [:]
        var order: [UInt64: Key] = [:]
        var oldest: UInt64 = 0
        var clock: UInt64 = 0
        var bytes = 0

        mutating func touch(_ key: Key) {
            guard var entry = entries[key] else { return }
            order[entry.used] = nil
            entry.used = clock
            order[clock] = key
            clock += 1
            entries[key] = entry
        }

        mutating func removeOldest() {
            while let key = order[oldest] ?? nextKey() {
                let entry = entries.removeValue(forKey: key)!
                order[entry.used] = nil
                bytes -= entry.bytes
                return
            }
        }

        /// Numbers that were touched have left gaps.
        private mutating func nextKey() -> Key? {
            while oldest < clock {
                if let key = order[oldest] { return key }
                oldest += 1
            }
            return nil
        }
    }

    package init(limit: Int) { self.limit = limit }

    /// Bytes in use.
    package var bytes: Int { state.withLock { $0.bytes } }
    /// Values in it.
    package var count: Int { state.withLock { $0.entries.count } }

    /// A value, which counts as used.
    package func value(_ key: Key) -> Value? {
        state.withLock { state in
            state.touch(key)
            return state.entries[key]?.value
        }
    }

    /// Keeps a value; one that alone exceeds the limit is not kept.
    package func insert(_ value: Value, for key: Key, bytes: Int) {
        guard bytes <= limit else { return }
        state.withLock { state in
            if let old = state.entries.removeValue(forKey: key) {
                state.order[old.used] = nil
                state.bytes -= old.bytes
            }
            while state.bytes + bytes > limit { state.removeOldest() }
            state.entries[key] = (value, bytes, state.clock)
            state.order[state.clock] = key
            state.clock += 1
            state.bytes += bytes
        }
    }
}
