/// The push constants of `frame.comp`, word for word.
struct PlaneConstants {
    struct Layer {
        /// Of 1 << 14.
        var weight: Int32 = 0
        /// The working plane's size in samples.
        var width: Int32 = 1
        var height: Int32 = 1
        var strideWords: UInt32 = 0
        /// Row of the working plane that lies at `boundWord` of the binding.
        var boundRow: Int32 = 0
        var boundWord: UInt32 = 0
        var taps: UInt32 = 0
        /// Where in the tables the axes and the coefficients begin, in words.
        var columns: UInt32 = 0
        var rows: UInt32 = 0
        var coefficients: UInt32 = 0
    }

    /// The output plane's size in samples.
    var width: UInt32
    var height: UInt32
    /// Output rows of one dispatch.
    var rowBegin: UInt32
    var rowEnd: UInt32
    /// Where in the binding row `rowBegin` lies.
    var frameWord: UInt32
    var frameStrideWords: UInt32
    /// Output columns of a workgroup: a multiple of 4, at most 64.
    var tileWidth: UInt32
    /// Black's share of the mix, and the rounding.
    var bias: Int32
    var layerCount: UInt32
    var layers: (Layer, Layer)

    /// Vulkan promises 128.
    static let byteCount = MemoryLayout<PlaneConstants>.size
}
