import Foundation
import ImageCodecs
import Imaging
package import LIIF
import LIIFTraining
import NeuralNetwork
import Tensors

/// The jobs that Docs/Results.md reports: encoding, decoding, a picture from file to file, a training step.
package struct StandardJobs {
    let model: LIIFModel
    package let precisions: [InferencePrecision]
    /// Where files are read and written.
    let folder: String

    package init(_ model: LIIFModel, precisions: [InferencePrecision], folder: String) {
        self.model = model
        self.precisions = precisions
        self.folder = folder
    }

    /// EDSR-baseline-LIIF, or another encoder's, with random weights: speed does not depend on them.
    package static func paperModel(_ encoder: EncoderConfiguration = .edsrBaseline) -> LIIFModel {
        var configuration = LIIFConfiguration.edsrBaseline
        configuration.encoder = encoder
        let network = LIIFNetwork(configuration)
        return LIIFModel(network, parameters: AlignedBuffer(network.parameters.initialValues(seed: 1)))
    }

    /// - Parameter text: What the names of the jobs must contain; nil for all jobs.
    package func all(matching text: String?) -> [Job] {
        all().filter { job in text.map { job.name.contains($0) } ?? true }
    }

    private func all() -> [Job] {
        var jobs: [Job] = []
        for p in precisions {
            // Integers are the decoder's alone.
            for (height, width) in p.integers != nil ? [] : [(48, 48), (256, 256), (678, 1020)] {
                jobs.append(encoding(height: height, width: width, p))
            }
            // An up-sampling module's picture is its encoding.
            if model.configuration.fixedScale == nil {
                for (source, output) in [(256, 512), (128, 512), (64, 512), (17, 510)] {
                    jobs.append(decoding(source: source, output: output, p))
                }
                jobs.append(fileToFile(p))
            }
            if p.integers == nil { jobs.append(trainingStep(p)) }
        }
        return jobs
    }

    /// RDN-LIIF's training step, in every precision.
    package func trainingStepsOfRDN(matching text: String?) -> [Job] {
        let subject = StandardJobs(Self.paperModel(.rdnPaper), precisions: precisions, folder: folder)
        return precisions.filter { $0.integers == nil }.map {
            subject.trainingStep($0, name: "training step, RDN")
        }
        .filter { job in text.map { job.name.contains($0) } ?? true }
    }

    /// The encoder's operations per pixel of its input.
    private var encodingFlops: Double { 2 * Double(model.network.encoder.multiplyAddsPerPosition) }

    /// The decoder's operations per query, all but the first layer's convolution.
    private var decodingFlops: Double { 2 * Double(model.network.multiplyAddsPerQuery) }

    /// The decoder's operations per latent.
    private var latentFlops: Double { 2 * Double(model.network.multiplyAddsPerLatent) }

    /// Bytes of the encoder's maps per pixel, once out and once in.
    private func encodingBytes(_ precision: InferencePrecision) -> Double {
        let encoder = model.network.encoder
        let values = encoder.nodes.map { $0.outputChannels * encoder.scale(of: $0) * encoder.scale(of: $0) }
        return Double(2 * values.reduce(0, +) * precision.features.bytes)
    }

    /// Bytes of the latents that a query reads, and of its colour.
    private var decodingBytes: Double { Double(model.network.bytesPerQuery + 12) }

    private func encoding(height: Int, width: Int, _ precision: InferencePrecision) -> Job {
        let pixels = Double(height * width)
        return Job(
            "encode \(width)x\(height)", precision: precision, flops: encodingFlops * pixels,
            bytes: encodingBytes(precision) * pixels
        ) {
            let image = noise(height: height, width: width)
            return { _ = try model.encode(image, precision: precision) }
        }
    }

    private func decoding(source: Int, output: Int, _ precision: InferencePrecision) -> Job {
        let queries = Double(output * output)
        return Job(
            "decode x\(output / source)", precision: precision,
            flops: decodingFlops * queries + latentFlops * Double(source * source),
            bytes: decodingBytes * queries
        ) {
            let image = try model.encode(noise(height: source, width: source), precision: precision)
            return { try image.render(height: output, width: output) { _ in } }
        }
    }

    private func fileToFile(_ precision: InferencePrecision) -> Job {
        let input = "\(folder)/benchmark-input.png", output = "\(folder)/benchmark-output.png"
        return Job(
            "file x2, 256x256", precision: precision,
            flops: (encodingFlops + latentFlops + decodingFlops * 4) * 65536,
            bytes: (encodingBytes(precision) + decodingBytes * 4) * 65536
        ) {
            try noise(height: 256, width: 256).rounded(to: UInt8.self).write(to: input)
            return {
                let image = try Image<UInt8>.read(from: input)
                let result = try model.encode(image, precision: precision).rendered(height: 512, width: 512)
                try result.rounded(to: UInt8.self).write(to: output)
            }
        }
    }

    /// Table 1's: batch 16, 48×48, 2304 samples; forward and backward are three times forward.
    private func trainingStep(_ precision: InferencePrecision, name: String = "training step") -> Job {
        let graphFlops = 2 * Double(model.network.graph.multiplyAddsPerPosition)
        let forward = (graphFlops + latentFlops) * 48 * 48 + decodingFlops * 2304
        let side = 48 * (model.configuration.fixedScale ?? 2)
        let traffic = encodingBytes(precision) * 48 * 48 + decodingBytes * 2304
        return Job(
            name, precision: precision, flops: 3 * 16 * forward, bytes: 3 * 16 * traffic
        ) {
            let batch = (0..<16).map { i in
                sample(size: 48, truth: side, queries: 2304, seed: UInt64(i))
            }
            let engine = BatchGradient(model.network, precision: precision.features)
            let adam = Adam(count: model.parameterCount)
            let parameters = AlignedBuffer(floats: model.parameterCount)
            copyFloats(to: parameters.floats, from: model.parameters.floats, count: model.parameterCount)
            // Kernels and lanes are made in the first step.
            _ = try engine([batch[0]], parameters: parameters)
            return {
                _ = try engine(batch, parameters: parameters)
                adam.step(parameters, gradient: engine.gradient, rate: 1e-4)
                try engine.refresh(from: parameters)
            }
        }
    }

    private func noise(height: Int, width: Int) -> FloatImage {
        var random = SplitMix64(seed: 1)
        return FloatImage(
            height: height, width: width, channels: 3,
            values: (0..<(height * width * 3)).map { _ in random.unitFloat() })
    }

    private func sample(size: Int, truth: Int, queries: Int, seed: UInt64) -> TrainingSample {
        var random = SplitMix64(seed: seed)
        func numbers(_ count: Int) -> [Float] { (0..<count).map { _ in random.unitFloat() } }
        return TrainingSample(
            input: numbers(size * size * 3), inputHeight: size, inputWidth: size,
            coordinates: numbers(2 * queries).map { 2 * $0 - 1 },
            cell: Cell(ofImageHeight: truth, width: truth), colours: numbers(3 * queries),
            truthHeight: truth, truthWidth: truth)
    }
}
