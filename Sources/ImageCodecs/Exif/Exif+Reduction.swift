extension Exif {
    /// The most that JPEG's marker holds.
    static let markerLimit = 65_527

    /// The block within `limit` bytes, for JPEG: where it is larger, camera makers' notes, which only make sense at the place
    /// they were at, are left out, then the largest values, until the rest fits. Orientation, resolution and software stay.
    func reduced(to limit: Int = markerLimit) -> Exif {
        guard bytes.count > limit, var directories = TIFFStructure(bytes).flatMap({ ExifDirectories($0) })
        else {
            return self
        }
        directories.camera.removeAll { $0.tag == TIFFTag.makerNote.rawValue }
        while var result = directories.block() {
            orientation.map { result.set($0) }
            density.map { result.set($0, addsMissing: true) }
            if result.bytes.count <= limit || !directories.removeLargest() { return result }
        }
        return self
    }
}

extension ExifDirectories {
    /// Removes the entry with the largest value, but for what made the picture; false if nothing is left.
    fileprivate mutating func removeLargest() -> Bool {
        let all: [WritableKeyPath<ExifDirectories, [TIFFEntry]>] = [
            \.image, \.camera, \.gps, \.interoperability,
        ]
        var largest: (path: WritableKeyPath<ExifDirectories, [TIFFEntry]>, index: Int, size: Int)?
        for path in all {
            for (index, entry) in self[keyPath: path].enumerated()
            where entry.tag != TIFFTag.software.rawValue {
                if entry.value.count > largest?.size ?? -1 { largest = (path, index, entry.value.count) }
            }
        }
        guard let largest else { return false }
        self[keyPath: largest.path].remove(at: largest.index)
        return true
    }
}
