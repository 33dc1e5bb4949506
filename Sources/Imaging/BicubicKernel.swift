/// Keys' cubic convolution kernel with a = −0.5: zero at distance 2 and beyond.
///
/// Written in Pillow's operation order, so that its coefficients come out bit for bit.
@inline(__always)
func bicubicKernel(_ x: Double) -> Double {
    let a = -0.5
    let x = x.magnitude
    if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
    if x < 2 { return (((x - 5) * x + 8) * x - 4) * a }
    return 0
}
