import Files

/// The outputs of a command that are there already. A second call on one and the same folder finds them among its inputs, and
/// would enlarge them once more.
struct KnownOutputs {
    private let makers: [FileIdentity: PlannedPicture]

    /// - Parameter pictures: All that could be planned.
    init(of pictures: [PlannedPicture]) {
        makers = Dictionary(
            pictures.filter { !$0.isItsOwnOutput }.compactMap { picture in
                picture.output.flatMap { FileIdentity($0) }.map { ($0, picture) }
            }, uniquingKeysWith: { first, _ in first })
    }

    /// The name of another input whose output this one is; nil if it is none.
    /// - Parameter isItsOwnOutput: Whether its output would be itself. Then it is another's only if it stays: one that is to be
    ///   written over is refused.
    func source(of input: InputPicture, isItsOwnOutput: Bool = false) -> String? {
        guard let maker = FileIdentity(input.path).flatMap({ makers[$0] }) else { return nil }
        return maker.isSkipped || !isItsOwnOutput ? maker.input.name : nil
    }
}
