/// How a convolution is computed.
package enum ConvolutionAlgorithm: Sendable {
    /// By oneDNN, as sums of products.
    case library
    /// As sums of products: by AMX's where they pay, otherwise by oneDNN.
    case direct
    /// By Winograd's, where there is one for the shape and it is the faster for the number format, otherwise directly.
    case winograd
}
