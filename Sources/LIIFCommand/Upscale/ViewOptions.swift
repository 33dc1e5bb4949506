import ArgumentParser

/// Which part is shown, with what pixels, and how carefully.
struct ViewOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            """
            Show only this part: left, top, width and height in pixels of the input, or in per cent of it with a \
            % behind the number (default: all). The size is that of the part.
            """, valueName: "x,y,w,h"))
    var region: SourceRegion?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            """
            Tell the decoder that pixels have the size of those at this scale, as in Figure 7 of the paper \
            (default: the true one, or the model's `cell_scale_max` where that is smaller). Beyond ×4, the output's scale \
            draws sharper edges than the default.
            """, valueName: "scale"))
    var cell: Double?

    @Flag(
        help: """
            Average the results for all eight flips and quarter turns of the picture: about a tenth of a dB better, in \
            eight times the time.
            """)
    var selfEnsemble = false

    /// An option that was given and speaks to the model.
    var modelOption: String? { cell != nil ? "--cell" : selfEnsemble ? "--self-ensemble" : nil }

    /// Whether the picture is to be seen otherwise than by default.
    var isGiven: Bool { region != nil || modelOption != nil }

    func validate() throws {
        // Beyond them the cell would leave what the decoder computes with.
        if let cell, !(0.001...1_000_000).contains(cell) {
            throw ValidationError(
                "--cell \(cell): the cell's scale must be a number from 0.001 to 1000000, 2 for example.")
        }
    }
}
