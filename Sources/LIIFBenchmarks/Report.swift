import Foundation
import LIIF
import Tensors

extension Interleaved {
    /// A Markdown table under a few lines on the machine.
    package var table: String {
        var lines = ["\(Workers.count) cores, oneDNN \(OneDNN.version)"]
        for (precision, roof) in roofs.sorted(by: { $0.key.rawValue > $1.key.rawValue }) {
            lines.append(
                "roof, \(precision.rawValue): \(rounded(roof.oneCore, 0)) GFLOP/s on one core, "
                    + "\(rounded(roof.allCores, 0)) on all")
        }
        lines += ["", "| job | precision | median | spread | GFLOP/s | of the roof | peak memory |"]
        lines.append("|---|---|---:|---:|---:|---:|---:|")
        for r in results {
            let memory = r.peakMemory.map { "\($0 >> 20) MiB" } ?? "–"
            lines.append(
                "| \(r.name) | \(r.precision.rawValue) | \(time(r.median)) | \(time(r.fastest)) – "
                    + "\(time(r.slowest)) | \(rounded(r.rate, 0)) | \(rounded(100 * r.fraction, 0)) % | \(memory) |"
            )
        }
        return lines.joined(separator: "\n")
    }

    /// The same as one JSON object.
    package var json: String {
        let roofText = roofs.sorted { $0.key.rawValue > $1.key.rawValue }.map { precision, roof in
            "\"\(precision.rawValue)\": {\"one_core\": \(roof.oneCore), \"all_cores\": \(roof.allCores)}"
        }
        let jobText = results.map { r in
            "{\"job\": \"\(r.name)\", \"precision\": \"\(r.precision.rawValue)\", \"median_seconds\": \(r.median), "
                + "\"fastest_seconds\": \(r.fastest), \"slowest_seconds\": \(r.slowest), "
                + "\"gflop_per_second\": \(r.rate), \"fraction_of_roof\": \(r.fraction), "
                + "\"peak_memory_bytes\": \(r.peakMemory.map(String.init) ?? "null")}"
        }
        return "{\"cores\": \(Workers.count), \"onednn\": \"\(OneDNN.version)\", \"roof_gflop_per_second\": {"
            + roofText.joined(separator: ", ") + "}, \"jobs\": [\n  " + jobText.joined(separator: ",\n  ")
            + "\n]}"
    }

    private func time(_ seconds: Double) -> String {
        seconds < 1 ? "\(rounded(seconds * 1000, seconds < 0.1 ? 1 : 0)) ms" : "\(rounded(seconds, 2)) s"
    }

    private func rounded(_ value: Double, _ decimals: Int) -> String {
        String(format: "%.\(decimals)f", value)
    }
}
