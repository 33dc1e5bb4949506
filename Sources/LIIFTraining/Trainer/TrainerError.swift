/// What stops a training run.
public enum TrainerError: Error, Equatable, CustomStringConvertible {
    /// The folder holds a run already.
    case folderInUse(String)
    /// Another run is going on in the folder, of this process or another.
    case folderLocked(String)
    /// The folder holds a finished model, but no checkpoint to go on from.
    case noCheckpoint(String)
    /// The folder cannot be made or written to.
    case unwritable(String, reason: String)
    /// The model is an up-sampling module of one scale, and a sample has another.
    case otherScale(Int, input: DatasetError.Size, truth: DatasetError.Size)
    /// `eval_type` measures whole pictures of some size, and a validation sample is none.
    case notMeasurable(EvaluationProtocol, points: Int, of: DatasetError.Size)
    /// Of the model that the run is to begin with, no parameter has the name and shape of one of the recipe's.
    case nothingInCommon(String)
    /// The inputs of a batch differ in extent; the first and the first that differs.
    case unequalInputs(DatasetError.Size, DatasetError.Size)
    /// More iterations are done than the recipe has.
    case pastTheEnd(iteration: Int, end: Int)
    /// The loss, its gradient, the weights or what they predict are no longer finite numbers.
    case diverged(iteration: Int, rate: Double)

    /// A sentence that says what is wrong and what would be right.
    public var description: String {
        switch self {
        case .folderInUse(let folder):
            "\(folder): a training run is in it already; go on with it by --resume, or name another folder."
        case .folderLocked(let folder):
            "\(folder): another training is going on in it; let it end or stop it, and go on by --resume, or name another folder."
        case .noCheckpoint(let folder):
            "\(folder): a finished model.safetensors is in it, but no checkpoint to go on from (last, best or "
                + "epoch-N.safetensors); name another folder, or move the model away to begin anew."
        case .unwritable(let folder, let reason):
            "\(folder): checkpoints cannot be written there: \(reason)."
        case .otherScale(let scale, let input, let truth):
            "the model is an up-sampling module of scale \(scale), but a sample has an input of \(input) and a truth "
                + "of \(truth) pixels; expected `scale_min: \(scale)` without scale_max, paired pictures of that "
                + "scale, or a `gt_resize` of \(scale) times the input."
        case .notMeasurable(let evaluation, let points, let size):
            "eval_type: \(evaluation.name ?? "none") measures whole pictures without a border of \(evaluation.border) "
                + "pixels, but a validation sample has \(points) points of \(size) pixels; leave `sample_q` out of "
                + "val_dataset and let its pictures be larger, or leave out eval_type."
        case .nothingInCommon(let model):
            "\(model): no parameter of it fits the recipe's model; expected `initial_weights` with the encoder or the "
                + "decoder of the recipe's."
        case .unequalInputs(let first, let other):
            "the inputs of a batch must have one size, but one has \(first) and another \(other) pixels; expected "
                + "`inp_size` in the wrapper, or `batch_size: 1`."
        case .pastTheEnd(let iteration, let end):
            "\(iteration) iterations are done, but the recipe ends at \(end); a greater `epoch_max` goes on."
        case .diverged(let iteration, let rate):
            "loss or weights are no longer finite at iteration \(iteration + 1) (learning rate \(rate)). From the last "
                + "checkpoint --resume comes here again, unless `multi_step_lr` or `schedule` lowers the rates still to come. A "
                + "lower `lr` or a `gradient_clip` would help a new run, which `initial_weights` begins with that checkpoint's."
        }
    }
}
