/// EXIF's directories apart from their places: the step between a block and the directories of a TIFF file.
package struct ExifDirectories {
    var isBigEndian: Bool
    /// Of the picture's own entries those that describe it: texts, dates, names, ratings.
    var image: [TIFFEntry]
    var camera: [TIFFEntry]
    var gps: [TIFFEntry]
    var interoperability: [TIFFEntry]

    /// Those that libtiff knows as texts.
    static let texts: [TIFFTag] = [
        .imageDescription, .make, .model, .software, .dateTime, .artist, .hostComputer, .copyright,
    ]
    /// Tags of the picture that do not tell how its pixels are stored.
    static let describing = texts + [.rating, .ratingPercent]

    /// Nil if there is nothing to keep.
    package init?(_ structure: TIFFStructure) {
        let all = structure.imageDirectory
        let pointers = [
            TIFFTag.exifDirectory.rawValue, TIFFTag.gpsDirectory.rawValue,
            TIFFTag.interoperabilityDirectory.rawValue,
        ]
        func values(_ entries: [TIFFEntry]) -> [TIFFEntry] {
            entries.filter { !pointers.contains($0.tag) && $0.type < TIFFEntry.sizes.count }
        }
        isBigEndian = structure.isBigEndian
        image = all.filter { entry in Self.describing.contains { $0.rawValue == entry.tag } }
        let exif = structure.directory(.exifDirectory, of: all)
        camera = values(exif)
        gps = values(structure.directory(.gpsDirectory, of: all))
        interoperability = values(structure.directory(.interoperabilityDirectory, of: exif))
        guard !(image + camera + gps).isEmpty else { return nil }
    }

    /// As a block, or nil if that fails.
    package func block() -> Exif? {
        let start: [UInt8] = isBigEndian ? [0x4D, 0x4D, 0, 42, 0, 0, 0, 0] : [0x49, 0x49, 42, 0, 0, 0, 0, 0]
        var writer = TIFFDirectoryWriter(isBigEndian: isBigEndian, isBig: false, position: start.count)
        var entries = image
        for case (let place?, let tag) in [
            (addCamera(to: &writer), TIFFTag.exifDirectory), (writer.add(gps), .gpsDirectory),
        ] { entries.append(writer.pointer(tag, to: place)) }
        let first = writer.add(entries, evenIfEmpty: true)
        let bytes = start[..<4] + writer.number(first ?? 0, size: 4) + writer.bytes
        return Exif(Array(bytes))
    }

    /// As directories of a TIFF file that go right behind its header, and their places.
    func block(behindHeaderOfBigTIFF isBig: Bool) -> (bytes: [UInt8], camera: Int?, gps: Int?) {
        var writer = TIFFDirectoryWriter(isBigEndian: isBigEndian, isBig: isBig, position: isBig ? 16 : 8)
        let camera = addCamera(to: &writer)
        let gps = writer.add(gps)
        return (writer.bytes, camera, gps)
    }

    private func addCamera(to writer: inout TIFFDirectoryWriter) -> Int? {
        let place = writer.add(interoperability)
        return writer.add(camera + (place.map { [writer.pointer(.interoperabilityDirectory, to: $0)] } ?? []))
    }
}

/// Writes directories one after another, each followed by its longer values.
struct TIFFDirectoryWriter {
    let isBigEndian: Bool
    let isBig: Bool
    /// Where the first byte goes in the file or block.
    let position: Int
    private(set) var bytes: [UInt8] = []

    init(isBigEndian: Bool, isBig: Bool, position: Int) {
        self.isBigEndian = isBigEndian
        self.isBig = isBig
        self.position = position
    }

    /// Adds a directory and gives its place; nil without entries.
    mutating func add(_ entries: [TIFFEntry], evenIfEmpty: Bool = false) -> Int? {
        guard !entries.isEmpty || evenIfEmpty else { return nil }
        let place = position + bytes.count
        let field = isBig ? 8 : 4
        let sorted = entries.sorted { $0.tag < $1.tag }
        var table = number(sorted.count, size: isBig ? 8 : 2)
        var values: [UInt8] = []
        let valuesPlace = place + table.count + sorted.count * (4 + 2 * field) + field
        for entry in sorted {
            table +=
                number(entry.tag, size: 2) + number(entry.type, size: 2) + number(entry.count, size: field)
            if entry.value.count <= field {
                table += entry.value + [UInt8](repeating: 0, count: field - entry.value.count)
            } else {
                table += number(valuesPlace + values.count, size: field)
                values += entry.value
                if values.count % 2 == 1 { values.append(0) }
            }
        }
        bytes += table + number(0, size: field) + values
        return place
    }

    /// An entry that points to a directory: of type LONG, which holds every place behind a header.
    func pointer(_ tag: TIFFTag, to place: Int) -> TIFFEntry {
        TIFFEntry(tag: tag.rawValue, type: 4, count: 1, value: number(place, size: 4))
    }

    func number(_ value: Int, size: Int) -> [UInt8] {
        let bytes = (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        return isBigEndian ? bytes.reversed() : bytes
    }
}
