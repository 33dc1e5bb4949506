/// A row of a table, or a panel of a figure: a method, and where its model comes from.
struct Method: Sendable, Equatable {
    /// How it is obtained.
    enum Source: Sendable, Equatable {
        /// Pillow's bicubic.
        case bicubic
        /// A SIREN fitted to each picture.
        case siren
        /// The model in the program.
        case embedded
        /// The model that a file of Recipes trains, by its name without `.yaml`.
        case recipe(String, Weights = .last)
        /// One model for each scale.
        case modules([Int: String])
        /// A recipe's model that is told that pixels have 1/n of the input's extent, whatever they have (Figure 7).
        case toldCell(String, of: Int)
    }

    /// Which of a run's weights.
    enum Weights: Sendable, Equatable {
        /// The run's last.
        case last
        /// Those with the best validation.
        case best
    }

    /// As tables name it; published rows of this name stand beside it.
    var name: String
    var source: Source

    init(_ name: String, _ source: Source) {
        self.name = name
        self.source = source
    }

    /// Recipes whose models it needs.
    var recipes: [String] {
        switch source {
        case .bicubic, .siren, .embedded: []
        case .recipe(let name, _), .toldCell(let name, _): [name]
        case .modules(let names): names.sorted { $0.key < $1.key }.map(\.value)
        }
    }

    /// Whether it is measured at a scale: fixed models at their own alone.
    func knows(scale: Int) -> Bool {
        if case .modules(let names) = source { names[scale] != nil } else { true }
    }
}
