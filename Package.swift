// swift-tools-version: 6.3
import PackageDescription

/// One list of settings for every Swift target: warnings are errors, imports say what they re-export.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

/// Tests that compute little themselves: what they call is optimised, their own code compiles in half the time without.
let unoptimised: [SwiftSetting] = strict + [.unsafeFlags(["-Onone"])]

let package = Package(
    name: "swift-liif",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "LIIF", targets: ["LIIF", "Imaging", "ImageCodecs"]),
        .executable(name: "liif", targets: ["LIIFCommand"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // C: thin shims over libraries, the kernels, and the default model's bytes.
        .target(name: "COneDNN", linkerSettings: [.linkedLibrary("dnnl")]),
        .target(name: "CTensorKernels", linkerSettings: [.linkedLibrary("m", .when(platforms: [.linux]))]),
        .target(
            name: "CImageCodecs",
            linkerSettings: [
                "png", "jpeg", "tiff", "webp", "webpmux", "webpdemux", "jxl", "jxl_threads", "lcms2", "z",
            ].map { .linkedLibrary($0) } + [.linkedLibrary("m", .when(platforms: [.linux]))]),
        .target(name: "CEmbeddedWeights", exclude: ["default.safetensors"]),

        // Files that appear whole.
        .target(name: "Files", swiftSettings: strict),

        // The engine.
        .target(name: "Tensors", dependencies: ["COneDNN", "CTensorKernels"], swiftSettings: strict),
        .target(name: "TensorFiles", dependencies: ["Files", "Tensors"], swiftSettings: strict),
        .target(
            name: "NeuralNetwork", dependencies: ["CTensorKernels", "Hashing", "Tensors"],
            swiftSettings: strict),

        // What names a content.
        .target(name: "Hashing", swiftSettings: strict),

        // Pictures.
        .target(name: "Imaging", swiftSettings: strict),
        .target(
            name: "ImageCodecs", dependencies: ["CImageCodecs", "Files", "Hashing", "Imaging"],
            swiftSettings: strict),

        // Lengths of time in words.
        .target(name: "DurationText", swiftSettings: strict),

        // Pictures of numbers, as SVG.
        .target(name: "Charts", swiftSettings: strict),

        // Structured settings: YAML and JSON with strict reading.
        .target(
            name: "RecipeFormat", dependencies: ["Files", .product(name: "Yams", package: "Yams")],
            swiftSettings: strict),

        // The paper.
        .target(
            name: "LIIF",
            dependencies: [
                "CEmbeddedWeights", "CTensorKernels", "Files", "Hashing", "Imaging", "NeuralNetwork",
                "RecipeFormat", "TensorFiles", "Tensors",
            ],
            swiftSettings: strict),
        // Pictures, and files of pictures' features.
        .target(
            name: "PictureFiles", dependencies: ["ImageCodecs", "Imaging", "LIIF"], swiftSettings: strict),
        .target(
            name: "ONNXFiles",
            dependencies: [
                "Files", "LIIF", "NeuralNetwork", "TensorFiles", "Tensors",
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ],
            exclude: ["Protobuf/onnx.proto"], swiftSettings: strict),
        .target(
            name: "LIIFTraining",
            dependencies: [
                "Charts", "Files", "ImageCodecs", "Imaging", "LIIF", "NeuralNetwork", "RecipeFormat",
                "TensorFiles", "Tensors",
            ],
            swiftSettings: strict),
        .target(
            name: "LIIFEvaluation",
            dependencies: ["Files", "ImageCodecs", "Imaging", "LIIF", "LIIFTraining", "RecipeFormat"],
            swiftSettings: strict),
        .target(
            name: "LIIFReproduction",
            dependencies: [
                "DurationText", "Files", "Hashing", "ImageCodecs", "Imaging", "LIIF", "LIIFEvaluation",
                "LIIFTraining", "RecipeFormat", "Tensors",
            ],
            swiftSettings: strict),
        .target(
            name: "LIIFBenchmarks",
            dependencies: [
                "Charts", "ImageCodecs", "Imaging", "LIIF", "LIIFTraining", "NeuralNetwork", "Tensors",
            ],
            swiftSettings: strict),
        // Looking at pictures over HTTP.
        .target(name: "IIIF", swiftSettings: strict),
        .target(name: "CViewerPage", exclude: ["page", "openseadragon"]),
        .target(
            name: "LIIFServer",
            dependencies: [
                "CViewerPage", "Files", "Hashing", "IIIF", "ImageCodecs", "Imaging", "LIIF", "PictureFiles",
                "TensorFiles", "Tensors",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "LIIFCommand",
            dependencies: [
                "DurationText", "Files", "IIIF", "ImageCodecs", "Imaging", "LIIF", "LIIFBenchmarks",
                "LIIFEvaluation", "LIIFReproduction", "LIIFServer", "LIIFTraining", "NeuralNetwork",
                "ONNXFiles",
                "PictureFiles", "RecipeFormat", "TensorFiles", "Tensors",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict),

        .executableTarget(
            name: "Sample", dependencies: ["ImageCodecs", "Imaging", "LIIF"], path: "Examples/Sample",
            swiftSettings: strict),
        .executableTarget(
            name: "LargePicture", dependencies: ["ImageCodecs", "Imaging", "LIIF"],
            path: "Examples/LargePicture", swiftSettings: strict),
        .executableTarget(
            name: "Zoom", dependencies: ["ImageCodecs", "Imaging", "LIIF"], path: "Examples/Zoom",
            swiftSettings: strict),
        .executableTarget(
            name: "KernelBenchmark", dependencies: ["CTensorKernels"], path: "Benchmarks/Kernels",
            swiftSettings: strict),

        // The tests mirror the sources.
        .target(
            name: "TestSupport", dependencies: ["Tensors"], path: "Tests/TestSupport",
            swiftSettings: strict),
        // Pictures, whole and damaged, that several tests read.
        .target(
            name: "PictureFixtures", dependencies: ["ImageCodecs", "Imaging"], path: "Tests/PictureFixtures",
            resources: [.copy("Fixtures")], swiftSettings: strict),
        .testTarget(
            name: "FilesTests", dependencies: ["Files", "TestSupport"], swiftSettings: unoptimised),
        .testTarget(
            name: "TensorsTests", dependencies: ["CTensorKernels", "TestSupport", "Tensors"],
            swiftSettings: unoptimised),
        .testTarget(
            name: "TensorFilesTests", dependencies: ["Files", "TensorFiles", "TestSupport", "Tensors"],
            resources: [.copy("Fixtures")], swiftSettings: strict),
        .testTarget(
            name: "NeuralNetworkTests", dependencies: ["NeuralNetwork", "TestSupport", "Tensors"],
            swiftSettings: strict),
        .testTarget(name: "HashingTests", dependencies: ["Hashing"], swiftSettings: strict),
        .testTarget(name: "ChartsTests", dependencies: ["Charts"], swiftSettings: unoptimised),
        .testTarget(
            name: "ImagingTests", dependencies: ["Imaging"], resources: [.copy("Fixtures")],
            swiftSettings: strict),
        .testTarget(
            name: "ImageCodecsTests",
            dependencies: ["ImageCodecs", "Imaging", "PictureFixtures", "TestSupport"],
            swiftSettings: unoptimised),
        .testTarget(name: "IIIFTests", dependencies: ["IIIF"], swiftSettings: unoptimised),
        .testTarget(
            name: "LIIFServerTests",
            dependencies: [
                "IIIF", "ImageCodecs", "Imaging", "LIIF", "LIIFServer", "NeuralNetwork", "PictureFixtures",
                "TensorFiles", "Tensors", "TestSupport",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: unoptimised),
        .testTarget(
            name: "LIIFTests",
            dependencies: [
                "Files", "ImageCodecs", "Imaging", "LIIF", "NeuralNetwork", "RecipeFormat", "TensorFiles",
                "Tensors",
                "TestSupport",
            ],
            resources: [.copy("Fixtures")], swiftSettings: strict),
        .testTarget(
            name: "ONNXFilesTests",
            dependencies: [
                "Imaging", "LIIF", "NeuralNetwork", "ONNXFiles", "TensorFiles", "Tensors", "TestSupport",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "LIIFTrainingTests",
            dependencies: [
                "DurationText", "Files", "ImageCodecs", "Imaging", "LIIF", "LIIFEvaluation", "LIIFTraining",
                "NeuralNetwork", "RecipeFormat", "TensorFiles", "Tensors", "TestSupport",
            ],
            resources: [.copy("Fixtures")], swiftSettings: unoptimised),
        .testTarget(
            name: "LIIFEvaluationTests",
            dependencies: [
                "ImageCodecs", "Imaging", "LIIF", "LIIFEvaluation", "LIIFTraining", "NeuralNetwork",
                "RecipeFormat", "Tensors", "TestSupport",
            ],
            swiftSettings: unoptimised),
        .testTarget(
            name: "LIIFReproductionTests",
            dependencies: [
                "ImageCodecs", "Imaging", "LIIF", "LIIFEvaluation", "LIIFReproduction", "LIIFTraining",
                "RecipeFormat", "TestSupport",
            ],
            swiftSettings: unoptimised),
        .testTarget(
            name: "LIIFCommandTests",
            dependencies: [
                "ImageCodecs", "Imaging", "LIIF", "LIIFCommand", "NeuralNetwork", "ONNXFiles",
                "PictureFixtures", "TensorFiles", "Tensors", "TestSupport",
            ],
            resources: [.copy("Fixtures")], swiftSettings: unoptimised),
    ]
)

// Fuzzing/run sets this; the fuzzers need flags that a normal build does not have.
if Context.environment["LIIF_FUZZING"] != nil {
    package.targets += [
        .target(name: "CLibFuzzer", path: "Fuzzing/CLibFuzzer"),
        .executableTarget(
            name: "Fuzz",
            dependencies: [
                "CLibFuzzer", "LIIF", "LIIFEvaluation", "LIIFTraining", "NeuralNetwork", "ONNXFiles",
                "RecipeFormat", "TensorFiles", "Tensors",
            ],
            path: "Fuzzing/Fuzz", swiftSettings: strict),
    ]
}
