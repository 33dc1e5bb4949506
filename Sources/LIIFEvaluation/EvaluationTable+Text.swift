import Foundation

extension EvaluationTable {
    /// One Markdown table for each set: a row for each method, a column for each scale, mean PSNR in dB.
    public var markdown: String {
        unique(results.map(\.set)).map { set in
            let rows = results.filter { $0.set == set }
            let scales = unique(rows.map(\.scale))
            return markdownTable(
                header: [set] + scales,
                rows: unique(rows.map(\.method)).map { method in
                    [method] + scales.map { decibels(psnr(method: method, set: set, scale: $0)) }
                })
        }.joined(separator: "\n")
    }

    /// One Markdown table for each set and scale: a row for each picture, for each method PSNR in dB and seconds.
    public var markdownByPicture: String {
        struct Column: Hashable {
            var set: String
            var scale: String
        }
        let measured = results.filter { !$0.pictures.isEmpty }
        return unique(measured.map { Column(set: $0.set, scale: $0.scale) }).map { column in
            let group = measured.filter { $0.set == column.set && $0.scale == column.scale }
            // A picture that is measured twice has two rows.
            let columns = group.map { numbered($0.pictures) }
            var rows = unique(columns.flatMap { $0.map(\.row) }).map { row in
                [row.name]
                    + columns.flatMap { pictures in
                        let picture = pictures.first { $0.row == row }?.picture
                        return [decibels(picture?.psnr), picture.map { seconds($0.seconds) } ?? ""]
                    }
            }
            rows.append(
                ["mean"]
                    + group.flatMap { result in
                        let total = result.pictures.reduce(0) { $0 + $1.seconds }
                        return [decibels(result.psnr), seconds(total / Double(result.pictures.count))]
                    })
            return markdownTable(
                header: ["\(column.set) \(column.scale)"] + group.flatMap { [$0.method, "s"] }, rows: rows)
        }.joined(separator: "\n")
    }

    /// Everything, keys sorted; an infinite PSNR is the text "inf".
    public var json: String {
        // Strings and numbers alone: nothing here can fail to encode.
        String(decoding: try! MeasurementCoding.data(of: self), as: UTF8.self)
    }

    /// Reads back what `json` wrote.
    /// - Throws: `DecodingError`.
    public init(json: String) throws {
        self = try MeasurementCoding.value(EvaluationTable.self, from: Data(json.utf8))
    }
}

/// A picture's row: its name, and how many of this name come before.
private struct Row: Hashable {
    var name: String
    var number: Int
}

private func numbered(
    _ pictures: [EvaluationTable.Picture]
) -> [(row: Row, picture: EvaluationTable.Picture)] {
    var counts: [String: Int] = [:]
    return pictures.map { picture in
        let number = counts[picture.name, default: 0]
        counts[picture.name] = number + 1
        return (Row(name: picture.name, number: number), picture)
    }
}

private func unique<T: Hashable>(_ values: [T]) -> [T] {
    var seen: Set<T> = []
    return values.filter { seen.insert($0).inserted }
}

private func decibels(_ value: Double?) -> String {
    guard let value else { return "" }
    return value.isInfinite ? "∞" : String(format: "%.2f", value)
}

private func seconds(_ value: Double) -> String {
    String(format: value < 0.1 ? "%.4f" : "%.2f", value)
}

private func markdownTable(header: [String], rows: [[String]]) -> String {
    func line(_ cells: [String]) -> String {
        "| " + cells.map { $0.replacingOccurrences(of: "|", with: "\\|") }.joined(separator: " | ") + " |\n"
    }
    let rule = "|---|" + String(repeating: "---:|", count: header.count - 1) + "\n"
    return line(header) + rule + rows.map(line).joined()
}
