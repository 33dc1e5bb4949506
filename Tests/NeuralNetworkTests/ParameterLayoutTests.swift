import NeuralNetwork
import TestSupport
import Testing

@Suite struct ParameterLayoutTests {
    @Test func parametersLieOneAfterTheOther() {
        let layout = GraphCase.all[3].graph.parameters
        var offset = 0
        for entry in layout.entries {
            #expect(entry.offset == offset)
            offset += entry.count
        }
        #expect(layout.count == offset)
        #expect(layout.entries.prefix(2).map(\.name) == ["head.weight", "head.bias"])
        #expect(layout.entries[0].shape == [6, 3, 3, 3] && layout.entries[0].fanIn == 27)
    }

    @Test func initialValuesAreUniformAndDependOnSeedAndNameOnly() {
        let layout = GraphCase.all[3].graph.parameters
        let values = layout.initialValues(seed: 1)
        for entry in layout.entries {
            let own = values[entry.offset..<(entry.offset + entry.count)]
            let bound = 1 / Float(entry.fanIn).squareRoot()
            #expect(own.allSatisfy { abs($0) <= bound })
            #expect(own.max()! - own.min()! > bound)
        }
        #expect(layout.initialValues(seed: 1) == values)
        #expect(layout.initialValues(seed: 2) != values)
        // Another network with a layer of the same name begins it alike.
        let other = GraphCase("other") {
            let x = $0.convolution("first", of: [$0.input], outputChannels: 3)
            _ = $0.convolution("head", of: [x], outputChannels: 6)
        }.graph.parameters
        let head = other.entries[2]
        #expect(
            Array(other.initialValues(seed: 1)[head.offset..<(head.offset + head.count)])
                == Array(values[0..<head.count]))
    }
}
