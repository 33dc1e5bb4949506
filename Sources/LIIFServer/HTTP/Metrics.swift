import Synchronization

/// What the server counts, in Prometheus' text format.
final class Metrics: Sendable {
    /// A number that only grows.
    final class Counter: Sendable {
        private let value = Atomic<Int>(0)
        func increment(by amount: Int = 1) { value.add(amount, ordering: .relaxed) }
        var current: Int { value.load(ordering: .relaxed) }
    }

    /// How many observations lie at or below each bound, as Prometheus counts them.
    final class Histogram: Sendable {
        static let bounds = [0.001, 0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
        private let state = Mutex(
            (counts: [Int](repeating: 0, count: Histogram.bounds.count), count: 0, sum: 0.0))

        func observe(_ seconds: Double) {
            state.withLock { state in
                state.count += 1
                state.sum += seconds
                for (index, bound) in Self.bounds.enumerated() where seconds <= bound {
                    state.counts[index] += 1
                }
            }
        }

        func text(_ name: String, _ help: String) -> String {
            let state = state.withLock { $0 }
            var text = "# HELP \(name) \(help)\n# TYPE \(name) histogram\n"
            for (bound, count) in zip(Self.bounds, state.counts) {
                text += "\(name)_bucket{le=\"\(bound)\"} \(count)\n"
            }
            return text + "\(name)_bucket{le=\"+Inf\"} \(state.count)\n\(name)_sum \(state.sum)\n"
                + "\(name)_count \(state.count)\n"
        }
    }

    let imageCacheHits = Counter()
    let imagesRendered = Counter()
    let rendersAbandoned = Counter()
    let requestsRefused = Counter()
    let featureTilesEncoded = Counter()
    let featureTilesRead = Counter()
    let bytesSent = Counter()
    let rendering = Histogram()
    let engine = Histogram()
    let responses = Histogram()
    private let byStatus = Mutex<[Int: Int]>([:])

    func count(status: Int) { byStatus.withLock { $0[status, default: 0] += 1 } }

    /// - Parameter gauges: Name, explanation and value of what goes up and down.
    func text(gauges: [(name: String, help: String, value: Int)]) -> String {
        var text =
            "# HELP liif_http_responses_total Responses by status; 499 are those whose client had left.\n"
            + "# TYPE liif_http_responses_total counter\n"
        for (status, count) in byStatus.withLock({ $0 }).sorted(by: { $0.key < $1.key }) {
            text += "liif_http_responses_total{status=\"\(status)\"} \(count)\n"
        }
        let counters: [(String, String, Counter)] = [
            ("liif_image_cache_hits_total", "Images answered from memory.", imageCacheHits),
            ("liif_images_rendered_total", "Images made.", imagesRendered),
            ("liif_renders_abandoned_total", "Renders that nobody waited for any more.", rendersAbandoned),
            (
                "liif_requests_refused_total",
                "Requests answered 503 for a full queue or for too much that is being sent.", requestsRefused
            ),
            ("liif_feature_tiles_encoded_total", "Feature tiles computed.", featureTilesEncoded),
            ("liif_feature_tiles_read_total", "Feature tiles read from disk.", featureTilesRead),
            ("liif_http_sent_bytes_total", "Bytes of bodies that clients have taken.", bytesSent),
        ]
        for (name, help, counter) in counters {
            text += "# HELP \(name) \(help)\n# TYPE \(name) counter\n\(name) \(counter.current)\n"
        }
        for gauge in gauges {
            text +=
                "# HELP \(gauge.name) \(gauge.help)\n# TYPE \(gauge.name) gauge\n\(gauge.name) \(gauge.value)\n"
        }
        return text + rendering.text("liif_render_seconds", "Time to make an image.")
            + engine.text("liif_engine_seconds", "Of this, time in the model: encoding and decoding.")
            + responses.text("liif_http_response_seconds", "Time from a request to its answer.")
    }
}
