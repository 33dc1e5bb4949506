/// A table or figure of the paper.
public enum Experiment: String, Sendable, CaseIterable {
    case table1, table2, table3, table4, table5, figure5, figure6, figure7

    /// As headings and messages name it.
    public var title: String {
        switch self {
        case .table1: "Table 1: arbitrary scales against MetaSR and up-sampling modules"
        case .table2: "Table 2: the benchmark sets"
        case .table3: "Table 3: cell decoding, feature unfolding, local ensemble, depth left out"
        case .table4: "Table 4: trained at one scale"
        case .table5: "Table 5: size-varied ground truths"
        case .figure5: "Figure 5: a patch of 48 pixels at ×30"
        case .figure6: "Figure 6: a face of 32 pixels at 640"
        case .figure7: "Figure 7: what the decoder is told of the pixel's size"
        }
    }

    /// Recipes whose models it needs at a budget, in order.
    package func recipes(_ budget: Budget) -> [String] { study(budget).recipes }

    /// What is compared, at a budget.
    func study(_ budget: Budget) -> Study {
        switch self {
        case .table1: .table(.table1(budget))
        case .table2: .table(.table2(budget))
        case .table3: .table(.table3)
        case .table4: .table(.table4)
        case .table5: .table(.table5)
        case .figure5: .figure(.figure5)
        case .figure6: .figure(.figure6)
        case .figure7: .figure(.figure7)
        }
    }
}

/// The two kinds of experiments.
enum Study {
    case table(TableStudy)
    case figure(FigureStudy)

    /// All rows or panels.
    var methods: [Method] {
        switch self {
        case .table(let study): study.methods
        case .figure(let study): study.methods
        }
    }

    /// Recipes whose models it needs, in order.
    var recipes: [String] {
        var seen: Set<String> = []
        return methods.flatMap(\.recipes).filter { seen.insert($0).inserted }
    }
}
