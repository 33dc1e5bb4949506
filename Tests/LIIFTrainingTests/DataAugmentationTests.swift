import Imaging
import LIIFTraining
import Testing

@Suite struct DataAugmentationTests {
    /// Input and truth are turned alike: undoing the turn of the truth must undo that of the input, byte for byte.
    @Test func turnsTurnBothAlike() throws {
        let picture = noisePicture(height: 120, width: 120)
        let set = try crops(of: picture, patch: 24, scale: 2.5...2.5, AugmentationRecipe(turns: true))
        var seen: [Int: Int] = [:]
        for index in 0..<200 {
            let sample = try set.sample(index: index, epoch: 0, seed: 2)
            let (turned, turnedInput) = (truth(of: sample), input(of: sample))
            var found: [Int] = []
            for turn in 0..<8 {
                func undone(_ image: Image<UInt8>) -> Image<UInt8> {
                    var image = turn & 4 != 0 ? image.transposed() : image
                    if turn & 2 != 0 { image = image.flippedHorizontally() }
                    return turn & 1 != 0 ? image.flippedVertically() : image
                }
                let candidate = undone(turned)
                if undone(turnedInput) == candidate.resizedBicubic(height: 24, width: 24),
                    picture.contains(candidate)
                {
                    found.append(turn)
                }
            }
            #expect(found.count == 1)
            found.forEach { seen[$0, default: 0] += 1 }
        }
        // All eight occur, 25 ± 5 times each.
        #expect(seen.count == 8 && seen.values.allSatisfy { (8...45).contains($0) })
    }

    /// Channels are exchanged in input and truth alike: of the six orders, one makes the truth a crop of the picture.
    @Test func channelsAreExchangedInBothAlike() throws {
        let picture = noisePicture(height: 60, width: 60)
        let set = try crops(of: picture, patch: 16, scale: 2...2, AugmentationRecipe(permutesChannels: true))
        let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]
        var seen: [[Int]: Int] = [:]
        for index in 0..<600 {
            let sample = try set.sample(index: index, epoch: 0, seed: 3)
            let found = orders.filter { picture.contains(truth(of: sample).reordered($0)) }
            #expect(found.count == 1)
            guard let order = found.first else { continue }
            #expect(
                input(of: sample).reordered(order)
                    == truth(of: sample).reordered(order).resizedBicubic(height: 16, width: 16))
            seen[order, default: 0] += 1
        }
        // A half and a twelfth of 600 keep their order, 350 ± 12; the others come to 50 ± 7 each.
        #expect((300...400).contains(seen[[0, 1, 2]] ?? 0))
        #expect(orders.dropFirst().allSatisfy { (20...85).contains(seen[$0] ?? 0) })
    }

    /// Oracle: position colours say where a truth was cut and how large; that crop, reduced, must be the truth.
    @Test func halfOfTheTruthsAreCutLargerAndReduced() throws {
        let picture = positionPicture(height: 180, width: 256)
        let set = try crops(
            of: picture, patch: 20, scale: 3...3, AugmentationRecipe(greatestReduction: 2.5))
        var sizes: [Int] = []
        for index in 0..<200 {
            let sample = try set.sample(index: index, epoch: 0, seed: 4)
            let (truth, input) = (truth(of: sample), input(of: sample))
            #expect(truth.height == 60 && truth.width == 60)
            #expect(input == truth.resizedBicubic(height: 20, width: 20))
            // A ramp reduced r times rises r times as fast, but for the pixels that the border bends.
            let slope = Double(Int(truth[50, 9, 0]) - Int(truth[9, 9, 0])) / 41
            let (top, left) = (Int(truth[0, 0, 0]), Int(truth[0, 0, 1]))
            let matches = (Int(slope * 60) - 3...Int(slope * 60) + 3).filter { size in
                guard (60...150).contains(size) else { return false }
                return (top - 2...top).contains { y in
                    (left - 2...left).contains { x in
                        y >= 0 && x >= 0 && y + size <= 180 && x + size <= 256
                            && picture.cropped(y: y, x: x, height: size, width: size)
                                .resizedBicubic(height: 60, width: 60) == truth
                    }
                }
            }
            #expect(!matches.isEmpty, "truth \(index), slope \(slope)")
            matches.first.map { sizes.append($0) }
        }
        let reduced = sizes.filter { $0 > 60 }
        // A half of 200 is 100 ± 7; the mean of U(60, 150) is 105, of 100 draws ± 2.6.
        #expect((75...125).contains(reduced.count))
        #expect(abs(Double(reduced.reduce(0, +)) / Double(reduced.count) - 105) < 11)
        #expect(reduced.min()! < 70 && reduced.max()! > 140)
    }

    /// A picture that has no larger crop gives what it has.
    @Test func aReductionStopsAtThePicturesSize() throws {
        let picture = noisePicture(height: 62, width: 80)
        let set = try crops(of: picture, patch: 20, scale: 3...3, AugmentationRecipe(greatestReduction: 16))
        var counts = (cut: 0, whole: 0)
        for index in 0..<40 {
            let truth = truth(of: try set.sample(index: index, epoch: 0, seed: 5))
            if picture.contains(truth) {
                counts.cut += 1
            } else {
                let whole = (0...18).contains {
                    picture.cropped(y: 0, x: $0, height: 62, width: 62).resizedBicubic(height: 60, width: 60)
                        == truth
                }
                #expect(whole)
                counts.whole += 1
            }
        }
        #expect(counts.cut >= 8 && counts.whole >= 8)
    }
}

extension Image<UInt8> {
    /// The picture with its channels in another order: channel `order[c]` of the result is channel c of this one.
    fileprivate func reordered(_ order: [Int]) -> Image {
        var image = self
        for y in 0..<height {
            for x in 0..<width {
                for channel in 0..<3 { image[y, x, order[channel]] = self[y, x, channel] }
            }
        }
        return image
    }
}
