import LIIF
import TestSupport
import Testing

/// Neighbours, relative coordinates and weights (§3, equations 2 to 4).
@Suite struct LocalEnsembleTests {
    static let extents = [1, 2, 3, 24, 32, 47]

    /// Coordinates of pixel grids of many sizes and random ones.
    static func coordinates(latents: Int) -> [Float] {
        var all: [Float] = []
        for size in [1, 2, 3, 5, latents, 2 * latents, 3 * latents + 1, 8 * latents] {
            all += (0..<size).map { LocalEnsemble.pixelCentre($0, of: size) }
        }
        return all + randomFloats(200, seed: 5) + [-1, 1]
    }

    /// Where a centre is, in double.
    func centre(_ i: Int, of n: Int) -> Double { -1 + Double(2 * i + 1) / Double(n) }

    @Test(arguments: extents) func theNearestLatentIsFoundBySearch(_ count: Int) {
        for coordinate in Self.coordinates(latents: count) {
            for shift in [-1, 0, 1] {
                let found = LocalEnsemble.neighbour(of: coordinate, shift: shift, count: count)
                let moved = Double(coordinate) + Double(shift) / Double(count) + (shift == 0 ? 0 : 1e-6)
                let clamped = min(max(moved, -1), 1)
                let distances = (0..<count).map { abs(centre($0, of: count) - clamped) }
                // Two may be equally near, up to float32's resolution of coordinates.
                #expect(distances[Int(found.index)] <= distances.min()! + 5e-7)
                let relative = (Double(coordinate) - centre(Int(found.index), of: count)) * Double(count)
                #expect(abs(Double(found.relative) - relative) < 1e-6 * Double(count) + 1e-6)
            }
        }
    }

    @Test func tiesGoToTheEvenLatent() {
        // Without the ensemble a query midway between two latents has no nudge: half to even, as torch rounds.
        #expect(LocalEnsemble.neighbour(of: 0, shift: 0, count: 2).index == 0)
        #expect(LocalEnsemble.neighbour(of: 0, shift: 0, count: 4).index == 2)
        #expect(LocalEnsemble.neighbour(of: 0.5, shift: 0, count: 4).index == 2)
        #expect(LocalEnsemble.neighbour(of: -0.5, shift: 0, count: 4).index == 0)
        // With it, the nudge of 1e-6 decides for the later one, which half to even would not take here.
        #expect(LocalEnsemble.neighbour(of: 0.75, shift: -1, count: 4).index == 3)
        #expect(LocalEnsemble.neighbour(of: -0.25, shift: -1, count: 4).index == 1)
        #expect(LocalEnsemble.neighbour(of: 0.25, shift: 1, count: 4).index == 3)
    }

    /// The cell plays no part in LIIF's search.
    func fill(_ block: QueryBlock, _ coordinates: [Float], latentHeight: Int, latentWidth: Int) {
        block.fill(
            coordinates, count: coordinates.count / 2, search: block.corners == 4 ? .ensemble : .nearest,
            cell: Cell(height: .nan, width: .nan), latentHeight: latentHeight, latentWidth: latentWidth)
    }

    @Test(arguments: extents, [1, 7, 24]) func weightsSumToOneAndFollowTheAreas(_ height: Int, width: Int) {
        let ys = Self.coordinates(latents: height), xs = Self.coordinates(latents: width)
        let block = QueryBlock(capacity: ys.count, corners: 4)
        fill(
            block, ys.indices.flatMap { [ys[$0], xs[$0 * 7 % xs.count]] }, latentHeight: height,
            latentWidth: width)
        #expect(block.count == ys.count)
        for q in 0..<block.count {
            let rows = (4 * q)..<(4 * q + 4)
            let weights = rows.map { Double(block.weights[$0]) }
            #expect(abs(weights.reduce(0, +) - 1) < 1e-6)
            #expect(weights.allSatisfy { $0 >= 0 })
            // Latent k's weight is the area of the rectangle to the latent at the opposite corner.
            let areas = rows.map { abs(Double(block.relativeY[$0]) * Double(block.relativeX[$0])) + 1e-9 }
            for k in 0..<4 { #expect(abs(weights[k] - areas[3 - k] / areas.reduce(0, +)) < 1e-6) }
            // The corners are (−,−) (−,+) (+,−) (+,+).
            let latents = rows.map { Int(block.index[$0]).quotientAndRemainder(dividingBy: width) }
            #expect(latents[0].quotient == latents[1].quotient && latents[2].quotient == latents[3].quotient)
            #expect(
                latents[0].remainder == latents[2].remainder && latents[1].remainder == latents[3].remainder)
            #expect(
                latents[0].quotient <= latents[2].quotient && latents[0].remainder <= latents[1].remainder)
        }
    }

    /// y finds rows with the cell's height, x columns with its width: on a map, and with a cell, that are not square.
    @Test(arguments: [LatentSearch.ensemble, .nearest, .corner])
    func eachAxisFindsItsOwnLatents(_ search: LatentSearch) {
        let (height, width) = (3, 8)
        let cell = Cell(height: 0.5, width: 0.03)
        let coordinates = randomFloats(2 * 40, seed: 17)
        let block = QueryBlock(capacity: 40, corners: search.corners)
        block.fill(
            coordinates, count: 40, search: search, cell: cell, latentHeight: height, latentWidth: width)
        /// The latent nearest to a coordinate, and the coordinate's offset from it.
        func find(
            _ coordinate: Float, _ shift: Double, _ extent: Float, _ n: Int
        ) -> (index: Int, offset: Double) {
            let isCorner = search == .corner
            let point = Double(coordinate) - (isCorner ? Double(extent) / 2 : 0)
            let moved = point + shift / Double(n) + (search == .nearest ? 0 : 1e-6)
            let index = (0..<n).min { abs(centre($0, of: n) - moved) < abs(centre($1, of: n) - moved) }!
            let offset = (point - centre(index, of: n)) * Double(n)
            return (index, isCorner ? (offset + 1) / 2 : offset)
        }
        let shifts: [(Double, Double)] =
            search == .ensemble ? [(-1, -1), (-1, 1), (1, -1), (1, 1)] : [(0, 0)]
        for q in 0..<40 {
            for (k, shift) in shifts.enumerated() {
                let y = find(coordinates[2 * q], shift.0, cell.height, height)
                let x = find(coordinates[2 * q + 1], shift.1, cell.width, width)
                let row = q * shifts.count + k
                #expect(Int(block.index[row]) == y.index * width + x.index)
                #expect(abs(Double(block.relativeY[row]) - y.offset) < 1e-5)
                #expect(abs(Double(block.relativeX[row]) - x.offset) < 1e-5)
            }
        }
        withExtendedLifetime(block) {}
    }

    @Test func aQueryOnALatentAsksThatLatentOnly() {
        let block = QueryBlock(capacity: 1, corners: 4)
        let query = [LocalEnsemble.pixelCentre(3, of: 8), LocalEnsemble.pixelCentre(5, of: 8)]
        fill(block, query, latentHeight: 8, latentWidth: 8)
        let share = (0..<4).filter { block.index[$0] == 3 * 8 + 5 }.reduce(Float(0)) {
            $0 + block.weights[$1]
        }
        #expect(share > 0.999)
    }

    @Test func withoutTheEnsembleOneLatentHasAllTheWeight() {
        let block = QueryBlock(capacity: 2, corners: 1)
        fill(block, [-0.9, 0.9, 0.3, -0.3], latentHeight: 4, latentWidth: 4)
        #expect((block.index[0], block.index[1]) == (3, 2 * 4 + 1))
        #expect((block.weights[0], block.weights[1]) == (1, 1))
    }
}
