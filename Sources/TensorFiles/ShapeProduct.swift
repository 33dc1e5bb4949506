extension [Int] {
    /// The number of elements of this shape from a file, safe to compute in any order.
    /// - Returns: nil when an extent is negative, or when the others beside a 0 multiply to too much.
    package func product() -> Int? {
        var product = 1
        for extent in self where extent != 0 {
            let (next, overflow) = product.multipliedReportingOverflow(by: extent)
            guard extent > 0, !overflow else { return nil }
            product = next
        }
        return contains(0) ? 0 : product
    }
}
