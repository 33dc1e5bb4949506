/// The queue is full, or too many bytes are on their way to clients: 503.
package struct Overloaded: Error {
    /// Seconds until there may be room.
    package let retryAfter: Int
}
