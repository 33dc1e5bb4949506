public import NeuralNetwork
import Synchronization
package import Tensors

/// A trained model, LIIF or one of its baselines: start here. `encode` makes an image continuous, and the result is rendered at any
/// resolution.
public final class LIIFModel: Sendable {
    /// What the model is made of.
    public let configuration: ModelConfiguration
    /// How its colours are scaled (`data_norm`).
    public let normalization: PixelNormalization
    /// Where the weights come from and what else their file says, by key.
    public let origin: [String: String]
    /// What whoever named the file should be told, as which of its weights were taken; a clause. Not written with the model.
    package let readingNote: String?
    package let network: LIIFNetwork
    /// All parameters in one flat array; never written after the initialiser.
    package let parameters: AlignedBuffer
    private let ranges = Mutex<ActivationRanges?>(nil)

    /// - Precondition: as many parameters as the network has.
    package init(
        _ network: LIIFNetwork, parameters: AlignedBuffer, normalization: PixelNormalization = .signed,
        origin: [String: String] = [:], readingNote: String? = nil
    ) {
        precondition(parameters.byteCount >= network.parameters.count * 4)
        configuration = network.configuration
        self.network = network
        self.parameters = parameters
        self.normalization = normalization
        self.origin = origin
        self.readingNote = readingNote
    }

    /// The ranges that integer activations cover, measured when they are first needed.
    func activationRanges(_ layout: DecoderLayout) throws -> ActivationRanges {
        try ranges.withLock { ranges in
            let known = try ranges ?? ActivationRanges(self, layout)
            ranges = known
            return known
        }
    }

    /// Number of trainable parameters.
    public var parameterCount: Int { network.parameters.count }

    /// Names and shapes of all parameters, in the order of PyTorch's state dict.
    public var layout: ParameterLayout { network.parameters }
}
