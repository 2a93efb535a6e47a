import BenchmarkSupport
import CZimg
import Rendering
import Resampling

/// A graph of zimg's from one view of a 4:2:0 picture to a frame, without dither.
final class ZimgGraph {
    struct Filter {
        let name: String
        let kernel: FilterKernel
        let type: zimg_resample_filter_e
        /// NaN: zimg's default.
        var parameters = (a: Double.nan, b: Double.nan)

        /// Keys' cubic, a = -0.5.
        static let bicubic = Filter(
            name: "bicubic", kernel: .cubic(b: 0, c: 0.5), type: ZIMG_RESIZE_BICUBIC, parameters: (0, 0.5))
        static let lanczos3 = Filter(
            name: "lanczos3", kernel: .lanczos3, type: ZIMG_RESIZE_LANCZOS, parameters: (3, .nan))
        static let spline36 = Filter(name: "spline36", kernel: .spline36, type: ZIMG_RESIZE_SPLINE36)
    }

    private let graph: OpaquePointer
    private let scratch: UnsafeMutableRawPointer

    /// - Parameters:
    ///   - width, height: of the memory that the graph sees.
    ///   - view: what of it is filmed.
    ///   - isNarrow: on AVX2 and no wider, instead of the widest vectors there are.
    init(filter: Filter, isDeep: Bool, isNarrow: Bool, width: Int, height: Int, view: SourceRect) throws {
        var source = Self.format(width: width, height: height, isDeep: isDeep)
        source.active_region.left = view.left
        source.active_region.top = view.top
        source.active_region.width = view.width
        source.active_region.height = view.height
        var target = Self.format(width: Scene.outputWidth, height: Scene.outputHeight, isDeep: false)
        var parameters = zimg_graph_builder_params()
        zimg_graph_builder_params_default(&parameters, burns_zimg_api_version)
        parameters.resample_filter = filter.type
        parameters.filter_param_a = filter.parameters.a
        parameters.filter_param_b = filter.parameters.b
        parameters.resample_filter_uv = filter.type
        parameters.filter_param_a_uv = filter.parameters.a
        parameters.filter_param_b_uv = filter.parameters.b
        parameters.dither_type = ZIMG_DITHER_NONE
        parameters.cpu_type = isNarrow ? Self.narrowType : ZIMG_CPU_AUTO_64B
        guard let graph = zimg_filter_graph_build(&source, &target, &parameters) else {
            throw Self.failure("zimg_filter_graph_build")
        }
        self.graph = graph
        var byteCount = 0
        let status = zimg_filter_graph_get_tmp_size(graph, &byteCount)
        scratch = .allocate(byteCount: max(byteCount, 64), alignment: 64)
        guard status == ZIMG_ERROR_SUCCESS else { throw Self.failure("zimg_filter_graph_get_tmp_size") }
    }

    #if arch(x86_64)
    private static let narrowType = ZIMG_CPU_X86_AVX2
    #else
    private static let narrowType = ZIMG_CPU_AUTO
    #endif

    deinit {
        zimg_filter_graph_free(graph)
        scratch.deallocate()
    }

    /// - Parameter offset: luma samples into the picture at which the memory that the graph sees begins; even.
    func process<Sample>(_ picture: PlanarPicture<Sample>, offset: (x: Int, y: Int), into frame: FrameBuffer) throws {
        var source = zimg_image_buffer_const()
        source.version = burns_zimg_api_version
        for (index, plane) in picture.planes.enumerated() {
            let shift = index == 0 ? 0 : 1
            burns_zimg_set_source(
                &source, Int32(index), plane.row(offset.y >> shift) + (offset.x >> shift), plane.strideBytes)
        }
        var target = zimg_image_buffer()
        target.version = burns_zimg_api_version
        let planes = frame.planes
        burns_zimg_set_target(&target, 0, planes.y, planes.yStrideBytes)
        burns_zimg_set_target(&target, 1, planes.cb, planes.cbStrideBytes)
        burns_zimg_set_target(&target, 2, planes.cr, planes.crStrideBytes)
        guard zimg_filter_graph_process(graph, &source, &target, scratch, nil, nil, nil, nil) == ZIMG_ERROR_SUCCESS else {
            throw Self.failure("zimg_filter_graph_process")
        }
    }

    private static func format(width: Int, height: Int, isDeep: Bool) -> zimg_image_format {
        var format = zimg_image_format()
        zimg_image_format_default(&format, burns_zimg_api_version)
        format.width = UInt32(width)
        format.height = UInt32(height)
        format.pixel_type = isDeep ? ZIMG_PIXEL_WORD : ZIMG_PIXEL_BYTE
        format.depth = isDeep ? 16 : 8
        (format.subsample_w, format.subsample_h) = (1, 1)
        format.color_family = ZIMG_COLOR_YUV
        format.matrix_coefficients = ZIMG_MATRIX_BT709
        format.pixel_range = ZIMG_RANGE_LIMITED
        format.chroma_location = ZIMG_CHROMA_LEFT
        return format
    }

    private static func failure(_ call: String) -> BenchmarkError {
        var text = [CChar](repeating: 0, count: 256)
        let code = zimg_get_last_error(&text, text.count)
        let message = String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        return BenchmarkError("\(call) failed (\(code.rawValue)): \(message)")
    }
}
