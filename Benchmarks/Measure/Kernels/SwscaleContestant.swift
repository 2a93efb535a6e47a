import BenchmarkSupport
import CFFmpeg
import Rendering
import Resampling

/// libswscale's bicubic filter. It knows no fractions of a sample, so views are moved and sized by whole, even ones.
final class SwscaleContestant: Contestant {
    let name: String
    /// libswscale's default: b = 0, c = 0.6.
    let kernel = FilterKernel.cubic(b: 0, c: 0.6)
    let variants = Variant.allCases
    let output = FrameBuffer.output()
    private let scene: Scene
    private let flags: Int32
    private let reused: SwscaleContext
    private let size: (width: Int, height: Int)

    init(_ scene: Scene, isAccurate: Bool) throws {
        self.scene = scene
        name = "swscale bicubic" + (isAccurate ? ", accurate_rnd" : "")
        flags = SWS_BICUBIC | (isAccurate ? SWS_ACCURATE_RND : 0)
        // At a ratio of exactly 1 it copies.
        let added = scene.ratio == 1 ? 2 : 0
        size = (scene.viewWidth + added, scene.viewHeight + added)
        reused = try SwscaleContext(width: size.width, height: size.height, flags: flags)
    }

    func render(_ frame: Int, _ variant: Variant) throws {
        let offset = scene.wholeOffset(frame)
        switch variant {
        case .pan:
            try reused.process(scene.picture, offset: offset, into: output)
        case .panRebuilt:
            try SwscaleContext(width: size.width, height: size.height, flags: flags)
                .process(scene.picture, offset: offset, into: output)
        case .zoom:
            let view = scene.view(frame, .zoom)
            try SwscaleContext(width: Int(view.width) / 2 * 2 + 2, height: Int(view.height) / 2 * 2 + 2, flags: flags)
                .process(scene.picture, offset: offset, into: output)
        }
    }

    func renderJudged() throws -> SourceRect {
        let offset = scene.wholeOffset(0)
        try reused.process(scene.picture, offset: offset, into: output)
        return SourceRect(
            left: Double(offset.x), top: Double(offset.y), width: Double(size.width), height: Double(size.height))
    }
}

/// One thread's context from a rectangle of a 4:2:0 picture to a frame, chroma sited left on both sides.
private final class SwscaleContext {
    private let context: OpaquePointer
    private let height: Int

    init(width: Int, height: Int, flags: Int32) throws {
        guard let context = sws_alloc_context() else { throw BenchmarkError("sws_alloc_context failed.") }
        self.context = context
        self.height = height
        let options: [(String, Int)] = [
            ("srcw", width), ("srch", height), ("src_format", Int(AV_PIX_FMT_YUV420P.rawValue)),
            ("dstw", Scene.outputWidth), ("dsth", Scene.outputHeight), ("dst_format", Int(AV_PIX_FMT_YUV420P.rawValue)),
            ("sws_flags", Int(flags)),
            // In 256ths of a luma sample.
            ("src_h_chr_pos", 0), ("src_v_chr_pos", 128), ("dst_h_chr_pos", 0), ("dst_v_chr_pos", 128),
        ]
        for (name, value) in options {
            let status = av_opt_set_int(UnsafeMutableRawPointer(context), name, Int64(value), 0)
            guard status >= 0 else { throw BenchmarkError("av_opt_set_int(\(name)) failed (\(status)).") }
        }
        let status = sws_init_context(context, nil, nil)
        guard status >= 0 else { throw BenchmarkError("sws_init_context failed (\(status)).") }
    }

    deinit { sws_freeContext(context) }

    func process(_ picture: PlanarPicture<UInt8>, offset: (x: Int, y: Int), into frame: FrameBuffer) throws {
        let sources: [UnsafePointer<UInt8>?] = picture.planes.enumerated().map { index, plane in
            let shift = index == 0 ? 0 : 1
            return UnsafePointer(plane.row(offset.y >> shift) + (offset.x >> shift))
        }
        let planes = frame.planes
        let rows = sws_scale(
            context, sources, picture.planes.map { Int32($0.strideBytes) }, 0, Int32(height), [planes.y, planes.cb, planes.cr],
            [planes.yStrideBytes, planes.cbStrideBytes, planes.crStrideBytes].map(Int32.init))
        guard rows == Scene.outputHeight else { throw BenchmarkError("sws_scale failed (\(rows)).") }
    }
}
