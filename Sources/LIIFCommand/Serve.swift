import ArgumentParser
import Foundation
import IIIF
import LIIFServer
import Logging
import Tensors

/// `liif serve`
struct Serve: ParsableCommand, Interruption.HandledByCommand {
    static let configuration = CommandConfiguration(
        abstract: "Zoom into pictures without end, in a browser or any IIIF viewer.",
        discussion: """
            Speaks the IIIF Image API 3.0 and 2.1, level 2, below /iiif/3 and /iiif/2; an image's identifier is its file's \
            name without the ending. photo@16x is the same image at 16 times the size, so that viewers zoom past its \
            pixels; photo@16x~bicubic and photo@16x~nearest are enlarged without the model. The page at / shows all of \
            them. /health and /metrics (Prometheus) are for those who run the server.

            Only the files that are found at the start are served; symbolic links in a folder are passed over, for they may \
            lead out of it, but a link that is named here is followed. Clients are not asked who they are: without a proxy \
            in front, listen on this machine only, as is the default.

            Examples:
              liif serve photos
              liif serve a.jpg b.png --port 9000 --largest-factor 32
            """)

    @Argument(help: ArgumentHelp("Pictures, .liif files, and folders of them.", valueName: "file|folder"))
    var paths: [String]

    @Option(help: ArgumentHelp("The address to listen on.", valueName: "address"))
    var host = ServerOptions().host

    @Option(help: ArgumentHelp("The port to listen on; 0 for any free one.", valueName: "port"))
    var port = ServerOptions().port

    @Option(
        name: .customLong("public-url"),
        help: ArgumentHelp(
            "What clients see instead of http://host:port where a proxy stands in between.", valueName: "url")
    )
    var publicURL: String?

    @OptionGroup(title: "Model") var model: ModelOptions

    @OptionGroup var pixels: PixelLimitOptions

    @Option(help: ArgumentHelp("The largest N of photo@Nx, 1 to 1024.", valueName: "factor"))
    var largestFactor = ServerOptions().largestFactor

    @Option(help: ArgumentHelp("Pixels of a returned image's side, at most.", valueName: "pixels"))
    var maxSide = ServerOptions().limits.width

    @Option(
        help: ArgumentHelp(
            "Pixels of a returned image, at most, in units of 1,048,576.", valueName: "megapixels"))
    var maxArea = Double(ServerOptions().limits.area) / 1_048_576

    @Option(
        help: ArgumentHelp(
            "Memory for rendered images; as much again for those on their way to clients.", valueName: "MB"))
    var imageCache = Megabytes.count(holding: ServerOptions().imageCacheBytes)

    @Option(help: ArgumentHelp("Memory for features.", valueName: "MB"))
    var featureCache = Megabytes.count(holding: ServerOptions().featureCacheBytes)

    @Option(help: ArgumentHelp("Memory for decoded pictures.", valueName: "MB"))
    var pictureCache = Megabytes.count(holding: ServerOptions().pictureCacheBytes)

    @Option(help: ArgumentHelp("Keep features in this folder too, as .liif files.", valueName: "folder"))
    var featureFolder: String?

    @Option(help: ArgumentHelp("Disk space for them.", valueName: "MB"))
    var featureFolderSize = Megabytes.count(holding: ServerOptions().featureFolderBytes)

    @Option(
        help: ArgumentHelp("Images that may wait to be rendered; more are answered 503.", valueName: "count"))
    var queue = ServerOptions().queueLength

    @Option(
        help: ArgumentHelp(
            "Requests per second from one address, or one /64 network of IPv6 (default: any number).",
            valueName: "count"))
    var rateLimit: Double?

    @Option(help: ArgumentHelp("Connections at once.", valueName: "count"))
    var connections = ServerOptions().connections

    @Option(help: ArgumentHelp("Seconds until an idle connection is closed.", valueName: "seconds"))
    var idleTimeout = ServerOptions().idleSeconds

    @Option(help: ArgumentHelp("JPEG's quality, 1 to 100.", valueName: "1-100"))
    var quality = ServerOptions().jpegQuality

    @Option(
        help: ArgumentHelp("How much is logged: debug, info, notice, warning or error.", valueName: "level"))
    var log = "info"

    mutating func validate() throws {
        func check(_ isRight: Bool, _ message: String) throws {
            if !isRight { throw ValidationError(message) }
        }
        try check((0...65535).contains(port), "--port \(port): a port is 0 to 65535.")
        try check(
            (1...1024).contains(largestFactor), "--largest-factor \(largestFactor): expected 1 to 1024.")
        try check((1...65500).contains(maxSide), "--max-side \(maxSide): expected 1 to 65500.")
        try check(
            maxArea > 0 && maxArea <= 1000,
            "--max-area \(maxArea): expected megapixels above 0, at most 1000.")
        for (name, value) in [
            ("--image-cache", imageCache), ("--feature-cache", featureCache),
            ("--picture-cache", pictureCache),
            ("--feature-folder-size", featureFolderSize),
        ] {
            try check((1...1_000_000).contains(value), "\(name) \(value): expected megabytes, 1 to 1000000.")
        }
        for (name, value) in [
            ("--queue", queue), ("--connections", connections), ("--idle-timeout", idleTimeout),
        ] {
            try check((1...1_000_000).contains(value), "\(name) \(value): expected 1 to 1000000.")
        }
        if let rateLimit {
            try check(
                rateLimit > 0 && rateLimit <= 1e6,
                "--rate-limit \(rateLimit): expected a number above 0, at most 1000000.")
        }
        try check((1...100).contains(quality), "--quality \(quality): JPEG's quality is 1 to 100.")
        try check(
            Logger.Level(rawValue: log) != nil,
            "--log \(log): expected debug, info, notice, warning or error.")
        if let text = publicURL {
            publicURL = ServerOptions.publicURL(from: text)
            try check(
                publicURL != nil,
                "--public-url \(text): expected a URL in ASCII such as https://example.org/pictures, without ? and #."
            )
        }
    }

    func run() throws {
        AlignedBuffer.returnFreedMemory()
        var options = ServerOptions()
        (options.host, options.port) = (host, port)
        options.publicURL = publicURL
        options.largestFactor = largestFactor
        options.limits = SizeLimits(width: maxSide, height: maxSide, area: max(1, Int(maxArea * 1_048_576)))
        options.pixelLimit = pixels.limit
        options.imageCacheBytes = Megabytes.bytes(imageCache)
        options.featureCacheBytes = Megabytes.bytes(featureCache)
        options.pictureCacheBytes = Megabytes.bytes(pictureCache)
        options.featureFolder = featureFolder
        options.featureFolderBytes = Megabytes.bytes(featureFolderSize)
        options.queueLength = queue
        options.requestsPerSecond = rateLimit
        options.connections = connections
        options.idleSeconds = idleTimeout
        options.jpegQuality = quality

        var logger = Logger(label: "liif") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = Logger.Level(rawValue: log)!
        let server = try PixelLimitError.explaining(hasOption: true) {
            try ImageServer(
                paths, model: model.open(), precision: model.precision.precision, options: options,
                logger: logger)
        }
        let host = host
        try waiting {
            try await server.run { port in
                let url = ServerOptions.url(host: host, port: port)
                print("liif shows \(server.imageCount) images at \(url)/ until Ctrl-C.")
                fflush(nil)
            }
        }
    }

    /// Runs asynchronous work to its end; the program's commands are synchronous, and its main thread is none of the
    /// tasks' own.
    private func waiting(_ work: @escaping @Sendable () async throws -> Void) throws {
        let done = DispatchSemaphore(value: 0)
        nonisolated(unsafe) var failure: (any Error)?
        Task {
            do { try await work() } catch { failure = error }
            done.signal()
        }
        done.wait()
        if let failure { throw failure }
    }
}
