import NeuralNetwork
import RecipeFormat

/// A kind of feature extractor. To add one: a file with a type that conforms to this, and its line in
/// `EncoderConfiguration.known` (CONTRIBUTING.md works it through).
protocol EncoderArchitecture: Sendable, Equatable {
    /// Its names in specifications, as the released code registers them.
    static var names: [String] { get }

    /// Reads `args` of a specification.
    /// - Parameters:
    ///   - name: One of `names`.
    ///   - args: May also hold `EncoderConfiguration.sharedKeys`, which are not the architecture's.
    /// - Throws: `RecipeError` naming the key that is unknown, missing or wrong.
    init(name: String, args: RecipeSection) throws

    /// The name and `args` that read back as an equal value.
    var specification: (name: String, args: RecipeMapping) { get }

    /// A line for people.
    var summary: String { get }

    /// Channels D of the feature map.
    var featureChannels: Int { get }

    /// Writes the encoder into a graph that so far holds its input [H, W, 3]; parameters are named `encoder.…`.
    /// - Returns: The feature map [H, W, D].
    func write(into graph: inout ConvolutionGraph) -> ConvolutionGraph.Value

    /// The scales that its paper's up-sampling module exists for.
    var upsamplingScales: [Int] { get }

    /// Writes the up-sampling module of one of these scales, down to the picture [s·H, s·W, 3].
    func writeUpsampling(
        _ scale: Int, of features: ConvolutionGraph.Value, into graph: inout ConvolutionGraph)

    /// What a parameter begins with if training starts from a model with another encoder.
    func beginning(of parameter: String, from other: any EncoderArchitecture) -> ParameterBeginning
}

/// What one parameter begins with if training starts from another model's weights.
enum ParameterBeginning: Equatable {
    /// That model's parameter of this name, if it has one of the same shape; else it is drawn.
    case named(String)
    case zero
}

extension EncoderArchitecture {
    /// None, unless the architecture says otherwise.
    var upsamplingScales: [Int] { [] }

    func writeUpsampling(
        _ scale: Int, of features: ConvolutionGraph.Value, into graph: inout ConvolutionGraph
    ) {
        preconditionFailure("the encoder has no up-sampling module")
    }

    /// With the parameter of its own name, unless the architecture knows better.
    func beginning(
        of parameter: String, from other: any EncoderArchitecture
    ) -> ParameterBeginning { .named(parameter) }
}

/// A feature extractor and its size.
public struct EncoderConfiguration: Sendable, Equatable {
    /// Every kind of encoder.
    static let known: [any EncoderArchitecture.Type] = [
        EDSR.self,
        RDN.self,
    ]

    let architecture: any EncoderArchitecture

    init(_ architecture: any EncoderArchitecture) { self.architecture = architecture }

    /// Channels D of the feature map.
    public var featureChannels: Int { architecture.featureChannels }

    /// The scales that the encoder's own up-sampling module exists for.
    public var upsamplingScales: [Int] { architecture.upsamplingScales }

    /// Architecture and size in a line.
    public var summary: String { architecture.summary }

    /// Whether two are of one kind and size.
    public static func == (a: EncoderConfiguration, b: EncoderConfiguration) -> Bool {
        func equals<Architecture: EncoderArchitecture>(_ a: Architecture) -> Bool {
            a == b.architecture as? Architecture
        }
        return equals(a.architecture)
    }
}
