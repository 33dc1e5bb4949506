import NeuralNetwork
import RecipeFormat

/// `optimizer`: Adam or Muon, and Adam's constants.
public struct OptimizerRecipe: Sendable, Equatable {
    /// What moves the parameters.
    public enum Name: String, Sendable, CaseIterable {
        /// Kingma & Ba 2015: the paper's.
        case adam
        /// Jordan et al. 2024, for weight matrices that neither read nor write colours; Adam for the rest.
        case muon
    }

    /// `name`.
    public var name: Name
    /// `lr`.
    public var learningRate: Double
    /// `betas[0]`: decay of the gradient's running mean.
    public var beta1: Double
    /// `betas[1]`: decay of the squared gradient's running mean.
    public var beta2: Double
    /// `eps`.
    public var epsilon: Double

    /// By default with Adam's usual constants, 0.9, 0.999 and 1e-8.
    public init(
        _ name: Name = .adam, learningRate: Double, beta1: Double? = nil, beta2: Double? = nil,
        epsilon: Double? = nil
    ) {
        let usual = Adam.Settings()
        self.name = name
        self.learningRate = learningRate
        self.beta1 = beta1 ?? usual.beta1
        self.beta2 = beta2 ?? usual.beta2
        self.epsilon = epsilon ?? usual.epsilon
    }
}

extension OptimizerRecipe {
    init(_ section: RecipeSection) throws {
        try section.allowOnly(["name", "args"])
        let names = Name.allCases.map(\.rawValue).joined(separator: " or ")
        let text = try section.require(try section.string("name"), "name", names)
        guard let name = Name(rawValue: text) else {
            throw RecipeError.unsupported(
                section.place(of: "name"),
                reason: "the optimizer '\(text)' is not supported; use \(names)")
        }
        let arguments = try section.require(try section.section("args"), "args", "{lr: 1.e-4}")
        try arguments.allowOnly(["lr", "betas", "eps", "weight_decay", "amsgrad"])
        if let decay = try arguments.number("weight_decay", "a number", where: { _ in true }), decay != 0 {
            throw RecipeError.unsupported(
                arguments.place(of: "weight_decay"),
                reason: "weight decay is not supported; use 0 or leave it out")
        }
        if try arguments.bool("amsgrad") == true {
            throw RecipeError.unsupported(
                arguments.place(of: "amsgrad"), reason: "amsgrad is not supported; use false or leave it out")
        }
        let rate = try arguments.number("lr", "a number above 0") { $0 > 0 }
        let betas =
            try arguments.numbers("betas", "two numbers from 0 to below 1, such as [0.9, 0.999]") {
                $0.count == 2 && $0.allSatisfy { (0..<1).contains($0) }
            }
        self.init(
            name, learningRate: try arguments.require(rate, "lr", "the learning rate, such as 1.e-4"),
            beta1: betas?[0], beta2: betas?[1],
            epsilon: try arguments.number("eps", "a number above 0") { $0 > 0 })
    }

    var mapping: RecipeMapping {
        [
            "name": .string(name.rawValue),
            "args": .mapping([
                "lr": .number(learningRate), "betas": .list([.number(beta1), .number(beta2)]),
                "eps": .number(epsilon),
            ]),
        ]
    }
}
