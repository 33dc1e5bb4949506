import Foundation
import ImageCodecs
import Imaging
import TestSupport
import Testing

/// Bad input to `liif upscale`: each with its message and status, nothing left behind.
@Suite struct UpscaleErrorTests {
    @Test(arguments: [
        (["--scale", "0"], "--scale 0.0: the scale must be a number above 0, 3.7 for example."),
        (["--scale", "-2"], "--scale -2.0: the scale must be a number above 0, 3.7 for example."),
        (["--scale", "nan"], "--scale nan: the scale must be a number above 0, 3.7 for example."),
        (["--scale", "inf"], "--scale inf: the scale must be a number above 0, 3.7 for example."),
        (
            ["--scale", "1e6"],
            "The output would have 24000000×18000000 pixels, more than the limit of 268.4 megapixels; choose a "
                + "smaller one, or raise --pixel-limit."
        ),
        (
            ["--scale", "1e300"],
            "The output would have 2.4e+301×1.8e+301 pixels, more than the limit of 268.4 "
                + "megapixels; choose a smaller one, or raise --pixel-limit."
        ),
        (
            ["--size", "200x100", "--pixel-limit", "0.01"],
            "The output would have 200×100 pixels, more than the limit of 0.01 megapixels; choose a smaller one, or "
                + "raise --pixel-limit."
        ),
        (["--width", "0"], "--width 0: a picture has at least 1 pixel each way."),
        (["--height", "-3"], "--height -3: a picture has at least 1 pixel each way."),
        (
            [],
            "The output's size is missing: give --scale, --size, --width, --height, --fit or --max-megapixels, "
                + "--scale 2 for example."
        ),
        (
            ["--width", "5", "--height", "5"],
            "--width and --height exclude each other; to set both extents use --size WxH, and to stay within both "
                + "--fit WxH."
        ),
        (["--scale", "2", "--quality", "101"], "--quality 101: the quality is 1 to 100."),
        (
            ["--scale", "2", "--pixel-limit", "0"],
            "--pixel-limit 0.0: expected megapixels above 0, 500 for example."
        ),
    ])
    func wrongNumbers(options: [String], error: String) throws {
        try expectUsageError(of: options, error)
    }

    @Test func inputsThatAreNoPictures() throws {
        try withTemporaryFolder { folder in
            try Data("Not a picture at all.".utf8).write(to: URL(fileURLWithPath: folder + "/text.png"))
            try expectFailure(
                "upscale", "absent.png", "-o", "out.png", "--scale", "2", status: 1,
                error: "absent.png: there is no such file.", in: folder)
            try expectFailure(
                "upscale", "text.png", "-o", "out.png", "--scale", "2", status: 1,
                error:
                    "text.png is not a picture: it does not begin like a PNG, JPEG, TIFF, WebP or JPEG XL file.",
                in: folder)
            try expectFailure(
                "upscale", ".", "-o", "out.png", "--scale", "2", status: 64,
                error:
                    "out.png: with several inputs the output is a folder; put a / behind it if it is to be one.",
                in: folder)
        }
    }

    @Test(arguments: [("half.png", "PNG"), ("half.jpg", "JPEG")])
    func truncatedInput(name: String, format: String) throws {
        try withTemporaryFolder { folder in
            try testPicture(width: 64, height: 64).write(to: folder + "/" + name)
            let whole = try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name))
            try whole.prefix(whole.count / 2).write(to: URL(fileURLWithPath: folder + "/" + name))
            let before = try contents(of: folder)
            let outcome = try liif(["upscale", name, "-o", "out.png", "--scale", "2"], in: folder)
            #expect(outcome.status == 1 && outcome.output == "")
            #expect(outcome.errors.hasPrefix("Error: \(name) is a truncated \(format) file: it ends after "))
            #expect(outcome.errors.hasSuffix(" of 64 rows.\n"))
            #expect(try contents(of: folder) == before)
        }
    }

    @Test func aHeaderOfTooManyPixelsIsRefusedUnlessTheLimitIsRaised() throws {
        try withTemporaryFolder { folder in
            try FileManager.default.copyItem(atPath: fixture("bomb.png"), toPath: folder + "/bomb.png")
            try expectFailure(
                "upscale", "bomb.png", "-o", "out.png", "--width", "8", status: 1,
                error:
                    "bomb.png announces 65536×65536 pixels, more than the limit of 268.4 megapixels; if the file "
                    + "is trusted, raise it with --pixel-limit 4295.", in: folder)
            try testPicture(width: 50, height: 40).write(to: folder + "/fifty.png")
            try expectFailure(
                "upscale", "fifty.png", "-o", "out.png", "--width", "8", "--pixel-limit", "0.001", status: 1,
                error:
                    "fifty.png announces 50×40 pixels, more than the limit of 0.001 megapixels; if the file is "
                    + "trusted, raise it with --pixel-limit 1.", in: folder)
            let raised = ["upscale", "fifty.png", "-o", "out.png", "--width", "8", "--pixel-limit", "0.002"]
            #expect(try liif(raised, in: folder).status == 0)
        }
    }

    @Test func outputsThatCannotBe() throws {
        try withTemporaryFolder { folder in
            try writeInput(in: folder)
            try expectFailure(
                "upscale", "input.png", "-o", "none/out.png", "--scale", "2", status: 1,
                error: "none/out.png cannot be written: its folder does not exist.", in: folder)
            try expectFailure(
                "upscale", "input.png", "-o", "out.gif", "--scale", "2", status: 64,
                error: "out.gif: the output's name must end in .png, .jpg, .tif, .webp or .jxl.", in: folder)
            try expectFailure(
                "upscale", "input.png", "-o", "out", "--scale", "2", status: 64,
                error: "out: the output's name must end in .png, .jpg, .tif, .webp or .jxl.", in: folder)
            try expectFailure(
                "upscale", "input.png", "-o", "./input.png", "--scale", "2", status: 64,
                error: "./input.png is the input itself; choose another name for the output.", in: folder)
            try expectFailure(
                "upscale", "input.png", "-o", "out.jpg", "--size", "70000x10", status: 1,
                error:
                    "out.jpg cannot be a JPEG file: 70000×10 pixels, and a side may have at most 65500; PNG, "
                    + "TIFF or JPEG XL can hold it.",
                in: folder)
            try testPicture(width: 4, height: 4, channels: 4).write(to: folder + "/alpha.png")
            try expectFailure(
                "upscale", "alpha.png", "-o", "out.jpg", "--scale", "2", status: 1,
                error:
                    "out.jpg cannot be a JPEG file: it holds no transparency; PNG, TIFF, WebP or JPEG XL can hold it.",
                in: folder)
        }
    }

    @Test(.enabled(if: getuid() != 0, "root may write into every folder"))
    func aFolderThatMayNotBeWritten() throws {
        try withTemporaryFolder { folder in
            try writeInput(in: folder)
            try FileManager.default.createDirectory(
                atPath: folder + "/closed", withIntermediateDirectories: false,
                attributes: [.posixPermissions: 0o555])
            try expectFailure(
                "upscale", "input.png", "-o", "closed/out.png", "--scale", "2", status: 1,
                error: "closed/out.png cannot be written: permission denied.", in: folder)
        }
    }

    @Test func wrongCommandLines() throws {
        try withTemporaryFolder { folder in
            try expectFailure(
                "upscale", "a.png", "-o", "b.png", "--size", "3x", status: 64,
                error:
                    "The value '3x' is invalid for '--size <WxH>'\nHelp:  --size <WxH>  Exactly this many pixels, "
                    + "such as 1920x1080; stretches if the shapes differ.", in: folder)
            try expectFailure(
                "upscal", status: 64, error: "Unexpected argument 'upscal'", in: folder)
        }
    }
}
