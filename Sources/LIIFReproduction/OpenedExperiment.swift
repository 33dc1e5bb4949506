/// A table or figure with all the pictures that it shows and measures opened.
public struct OpenedExperiment {
    /// Which it is.
    public let experiment: Experiment
    /// Recipes whose models it needs, in order.
    let recipes: [String]
    let pictures: Pictures

    enum Pictures {
        case table([Reproduction.OpenedSection])
        case figure(Reproduction.OpenedFigure)
    }
}
