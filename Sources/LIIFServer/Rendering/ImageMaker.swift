import IIIF
import ImageCodecs
import Imaging
import LIIF

/// Makes the bytes of a requested image, in the specification's order: region, size, rotation, quality, format.
struct ImageMaker: Sendable {
    let pictures: PictureStore
    let features: FeatureStore
    let jpegQuality: Int
    let metrics: Metrics

    /// - Parameters:
    ///   - request: In pixels of the virtual image.
    ///   - plan: The request's.
    ///   - checkpoint: Called now and then; throws to give up.
    func bytes(
        _ request: ResolvedRequest, of image: ServedImage, as virtual: VirtualIdentifier, by plan: RenderPlan,
        checkpoint: @escaping @Sendable () throws -> Void
    ) throws -> [UInt8] {
        try checkpoint()
        var result = try scaled(request, of: image, as: virtual, by: plan, checkpoint: checkpoint)
        try checkpoint()
        result = result.turned(request.rotation).inQuality(request.quality)
        switch request.format {
        case .jpg:
            return try result.onWhite().encoded(as: .jpeg, options: EncodingOptions(jpegQuality: jpegQuality))
        case .png:
            // Tiles are looked at once or twice: little effort, a few per cent more bytes.
            return try result.encoded(as: .png, options: EncodingOptions(pngCompression: 3))
        case .webp: return try result.encoded(as: .webp, options: EncodingOptions(webpQuality: jpegQuality))
        }
    }

    private func scaled(
        _ request: ResolvedRequest, of image: ServedImage, as virtual: VirtualIdentifier, by plan: RenderPlan,
        checkpoint: @escaping @Sendable () throws -> Void
    ) throws -> Image<UInt8> {
        let part = request.region, box = plan.box
        let (height, width) = (request.height, request.width)
        guard let shownExtent = plan.shown else {
            let picture = try pictures.picture(image)
            if virtual.factor == 1 && width == part.width && height == part.height {
                // The file's own pixels, which a filter would return, but for colours that are multiplied by alpha.
                return picture.cropped(y: part.y, x: part.x, height: height, width: width)
            }
            if plan.enlarges && virtual.interpolation == .nearest {
                return picture.resizedNearest(box, height: height, width: width)
            }
            return picture.resizedBicubic(box, height: height, width: width)
        }
        let start = ContinuousClock.now
        func shown(_ plane: FeatureStore.Plane) throws -> Image<UInt8> {
            try features.image(image, plane, checkpoint: checkpoint).rendered(
                box, height: shownExtent.height, width: shownExtent.width, checkpoint: checkpoint
            ).rounded()
        }
        var result = try shown(.colours)
        if image.channels < 3 { result = result.mean() }
        if image.channels % 2 == 0 {
            let isTransparent = try pictures.encodedPicture(image).hasAlpha
            result = result.adding(
                alpha: isTransparent
                    ? try shown(.alpha).mean()
                    : Image(width: result.width, height: result.height, channels: 1, repeating: 255))
        }
        metrics.engine.observe((ContinuousClock.now - start) / .seconds(1))
        return result.resizedBicubic(height: height, width: width)
    }
}

extension Image where Sample == UInt8 {
    func turned(_ rotation: Rotation) -> Image<UInt8> {
        let image = rotation.mirrored ? flippedHorizontally() : self
        return switch rotation.quarters {
        case 1: image.transposed().flippedHorizontally()
        case 2: image.flippedHorizontally().flippedVertically()
        case 3: image.transposed().flippedVertically()
        default: image
        }
    }

    func inQuality(_ quality: Quality) -> Image<UInt8> {
        switch quality {
        case .default: return self
        case .color:
            guard channels < 3 else { return self }
            return hasAlpha ? rgb().adding(alpha: channel(1)) : rgb()
        case .gray: return grey()
        case .bitonal:
            var image = onWhite().grey()
            for index in image.samples.indices { image.samples[index] = image.samples[index] < 128 ? 0 : 255 }
            return image
        }
    }

    /// The mean of three colours, for pictures that are grey.
    func mean() -> Image<UInt8> {
        let values = stride(from: 0, to: samples.count, by: 3).map { pixel -> UInt8 in
            let sum = Int(samples[pixel]) + Int(samples[pixel + 1]) + Int(samples[pixel + 2])
            return UInt8((sum + 1) / 3)
        }
        return Image(width: width, height: height, channels: 1, samples: values)
    }

    /// With an alpha channel behind the colours.
    func adding(alpha: Image<UInt8>) -> Image<UInt8> {
        var result: [UInt8] = []
        result.reserveCapacity(width * height * (channels + 1))
        for pixel in 0..<width * height {
            result.append(contentsOf: samples[pixel * channels..<(pixel + 1) * channels])
            result.append(alpha.samples[pixel])
        }
        return Image(width: width, height: height, channels: channels + 1, samples: result)
    }
}
