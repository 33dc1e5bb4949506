import LIIFEvaluation

/// A table: methods × sets and scales, and what the paper reads from it.
struct TableStudy: Sendable {
    /// Pictures to measure on.
    enum Pictures: Sendable, Equatable {
        /// DIV2K's validation set or what stands for it.
        case validation
        /// Set5, Set14, B100, Urban100.
        case benchmark(String)
        /// Faces at two sizes, in pixels.
        case faces(from: Int, to: Int)
    }

    /// Columns: a set at its scales, and the rows of it.
    struct Section: Sendable {
        var pictures: Pictures
        var scales: [Int]
        var methods: [Method]
        var claims: [Claim]
    }

    var sections: [Section]

    /// All rows.
    var methods: [Method] { sections.flatMap(\.methods) }
}

extension TableStudy {
    private static let allScales = [2, 3, 4, 6, 12, 18, 24, 30]
    private static let unseenScales = [6, 12, 18, 24, 30]
    static let liif = Method("EDSR-baseline-LIIF", .recipe("edsr-baseline-liif"))
    static let metaSR = Method("EDSR-baseline-MetaSR", .recipe("edsr-baseline-metasr"))
    static let bicubic = Method("Bicubic", .bicubic)
    private static let rdn = [
        Method("RDN", .modules([2: "rdn-x2", 3: "rdn-x3", 4: "rdn-x4"])),
        Method("RDN-MetaSR", .recipe("rdn-metasr")), Method("RDN-LIIF", .recipe("rdn-liif")),
    ]

    static func table1(_ budget: Budget) -> TableStudy {
        let modules = Method(
            "EDSR-baseline",
            .modules([2: "edsr-baseline-x2", 3: "edsr-baseline-x3", 4: "edsr-baseline-x4"]))
        var methods = [bicubic, modules, metaSR, liif]
        var claims = [
            Claim("EDSR-baseline-LIIF", above: "EDSR-baseline-MetaSR", at: unseenScales),
            Claim("EDSR-baseline-LIIF", above: "EDSR-baseline", at: [2, 3, 4]),
            Claim("EDSR-baseline-LIIF", above: "Bicubic", at: allScales),
        ]
        if budget.includesRDN {
            methods += rdn
            claims.append(Claim("RDN-LIIF", above: "RDN-MetaSR", at: unseenScales))
        }
        return TableStudy(
            sections: [
                Section(pictures: .validation, scales: allScales, methods: methods, claims: claims)
            ])
    }

    /// At the small budget the embedded model stands for RDN-LIIF: nothing is trained.
    static func table2(_ budget: Budget) -> TableStudy {
        let embedded = Method("the embedded model", .embedded)
        return TableStudy(
            sections: ["Set5", "Set14", "B100", "Urban100"].map { set in
                Section(
                    pictures: .benchmark(set), scales: [2, 3, 4, 6, 8],
                    methods: [bicubic, embedded] + (budget.includesRDN ? rdn : []),
                    claims: [Claim("the embedded model", above: "Bicubic", at: [2, 3, 4, 6, 8])]
                        + (budget.includesRDN ? [Claim("RDN-LIIF", above: "RDN-MetaSR", at: [6, 8])] : []))
            })
    }

    static let table3 = ablations(
        ["c", "u", "e", "d"].map {
            Method("EDSR-baseline-LIIF (-\($0))", .recipe("edsr-baseline-liif-\($0)"))
        },
        claims: ["c", "u", "e", "d"].map {
            // Without the cell, the paper's model is worse at trained scales and better at the greatest.
            Claim(
                "EDSR-baseline-LIIF", above: "EDSR-baseline-LIIF (-\($0))",
                at: $0 == "c" ? [2, 3, 4, 6] : allScales)
        })

    static let table4 = ablations(
        [2, 3, 4].map {
            Method("EDSR-baseline-LIIF (×\($0)-only)", .recipe("edsr-baseline-liif-x\($0)"))
        },
        claims: [2, 3, 4].flatMap { scale in
            let name = "EDSR-baseline-LIIF (×\(scale)-only)"
            return [
                Claim(name, above: "EDSR-baseline-LIIF", at: [scale]),
                Claim("EDSR-baseline-LIIF", above: name, at: [2, 3, 4].filter { $0 != scale }),
            ]
        })

    private static func ablations(_ methods: [Method], claims: [Claim]) -> TableStudy {
        TableStudy(
            sections: [
                Section(
                    pictures: .validation, scales: allScales, methods: [bicubic, liif] + methods,
                    claims: claims)
            ])
    }

    static let table5 = TableStudy(
        sections: [(64, 128), (32, 256)].map { low, high in
            let name = "celebahq-\(low)-\(high)"
            return Section(
                pictures: .faces(from: low, to: high), scales: [high / low],
                methods: [
                    bicubic, Method("Up-sampling modules", .recipe("\(name)-modules", .best)),
                    // Not in the paper: tells the representation's part from the ground truths'.
                    Method("LIIF, resized ground truths", .recipe("\(name)-liif-resized", .best)),
                    Method("LIIF", .recipe("\(name)-liif", .best)),
                ],
                claims: [
                    Claim("LIIF", above: "Up-sampling modules", at: [high / low]),
                    Claim("LIIF", above: "LIIF, resized ground truths", at: [high / low]),
                ])
        })
}
