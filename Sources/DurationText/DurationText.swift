import Foundation

/// Seconds as `0.8 s`, `45 s`, `2.5 min`, `12 min`, `3 h 05 min`.
package func duration(_ seconds: Double) -> String {
    guard seconds < 1e10 else { return "unknown time" }
    if seconds < 9.95 { return String(format: "%.1f s", seconds) }
    let whole = Int(seconds.rounded())
    if whole < 90 { return "\(whole) s" }
    if whole < 597 { return String(format: "%.1f min", Double(whole) / 60) }
    if whole < 5400 { return "\((whole + 30) / 60) min" }
    return "\(whole / 3600) h \(String(format: "%02d", whole % 3600 / 60)) min"
}
