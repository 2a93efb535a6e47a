import CVulkan
import Resampling

/// What one frame in the making needs of the device: commands, tables, and memory for the planes. Used for frame after frame.
final class FrameSlot {
    private let engine: VulkanEngine
    private let layout: FrameLayout
    private let commands: Commands
    /// The way back: on a queue of its own, so that one frame is copied while the next is computed.
    private let copying: Commands
    /// The tables as the host writes them, and as the shader reads them.
    private let hostTables: DeviceBuffer
    private let tables: DeviceBuffer
    /// The planes as the shader writes them.
    private let frame: DeviceBuffer
    private var sets: DescriptorSets
    /// Each layer's tables of the frame before; only the phase table is ever reused.
    private var geometries: [LayerGeometry] = []
    private var work: Work?
    /// When the shaders of the last frame are done.
    private var computed: DeviceQueue.Point?
    /// Times the shaders, where somebody asks for it.
    private let clock: FrameClock?

    /// A frame under way: when it is done, and what it reads and writes until then.
    private struct Work {
        var point: DeviceQueue.Point
        var pictures: [DevicePicture]
        var readback: ReadbackPool.Buffer?
    }

    init(_ engine: VulkanEngine, layout: FrameLayout, clock: FrameClock? = nil) throws(VulkanError) {
        self.engine = engine
        self.layout = layout
        self.clock = clock
        let queues = engine.queues
        let tableBytes = 2 * LayerTables.maximumByteCount(width: layout.width, height: layout.height)
        func buffer(
            _ byteCount: Int, _ flags: [VkBufferUsageFlagBits], _ use: MemoryUse, _ families: [UInt32]
        ) throws(VulkanError) -> DeviceBuffer {
            try DeviceBuffer(queues.device, byteCount: byteCount, flags: flags, for: use, families: families)
        }
        let compute = [queues.compute.family]
        commands = try Commands(queues.device, family: queues.compute.family)
        copying = try Commands(queues.device, family: queues.readback.family)
        hostTables = try buffer(tableBytes, [VK_BUFFER_USAGE_TRANSFER_SRC_BIT], .upload, compute)
        tables = try buffer(
            tableBytes, [VK_BUFFER_USAGE_STORAGE_BUFFER_BIT, VK_BUFFER_USAGE_TRANSFER_DST_BIT], .device, compute)
        frame = try buffer(
            layout.byteCount, [VK_BUFFER_USAGE_STORAGE_BUFFER_BIT, VK_BUFFER_USAGE_TRANSFER_SRC_BIT], .device, queues.families)
        sets = try DescriptorSets(queues.device, layout: engine.pipeline.setLayout, count: 3)
    }

    deinit { work?.point.settle() }

    /// Has the device make a frame. The slot must be free.
    ///
    /// - Parameter readback: where the host gets it; `nil`: it stays on the device.
    func begin(
        _ layers: [FrameLayer], _ pictures: [DevicePicture], into readback: ReadbackPool.Buffer?
    ) throws(VulkanError) {
        precondition(layers.count == 1 || layers.count == 2, "a frame has one or two layers")
        precondition(work == nil, "the slot's frame is not finished")
        geometries = layers.indices.map { index in
            LayerGeometry(
                view: layers[index].view, outputWidth: layout.width, outputHeight: layout.height,
                reusing: index < geometries.count ? geometries[index] : nil)
        }
        guard let memory = hostTables.bytes else { throw .call("vkMapMemory", .initializationFailed) }
        var tableBytes = 0
        let layerTables = geometries.map { LayerTables($0, to: memory, end: &tableBytes) }
        var dispatches: [PlanePass.Dispatch] = []
        for pass in passes(layers, pictures, layerTables, tableBytes) { dispatches += try pass.dispatches() }
        if dispatches.count > sets.count {
            sets = try DescriptorSets(engine.queues.device, layout: engine.pipeline.setLayout, count: dispatches.count)
        }
        try record(dispatches, tableBytes: tableBytes)
        if let readback { try recordCopies(to: readback) }
        let uploads = pictures.compactMap(\.ready).max { $0.value < $1.value }
        let computed = try engine.queues.compute.submit(
            commands.buffer, after: uploads, stage: VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT)
        self.computed = computed
        do throws(VulkanError) {
            let point = readback == nil ? computed : try engine.queues.readback.submit(copying.buffer, after: computed)
            work = Work(point: point, pictures: pictures, readback: readback)
        } catch {
            // The caller takes the slot for free.
            computed.settle()
            throw error
        }
    }

    /// Has the slot's last frame copied to the host, and nothing else. The slot must be free.
    func beginReadback(into readback: ReadbackPool.Buffer) throws(VulkanError) {
        precondition(work == nil, "the slot's frame is not finished")
        try recordCopies(to: readback)
        work = Work(point: try engine.queues.readback.submit(copying.buffer, after: computed), pictures: [], readback: readback)
    }

    /// Waits for the slot's frame, which frees the slot.
    ///
    /// - Returns: where the host has it.
    func finish() throws(VulkanError) -> ReadbackPool.Buffer? {
        guard let work else { preconditionFailure("the slot has no frame") }
        try work.point.wait()
        self.work = nil
        return work.readback
    }

    /// The axes of a plane: the host's, and where their copies lie in the tables.
    private struct Axes {
        var columns: KeyPath<LayerGeometry, AxisMap>
        var rows: KeyPath<LayerGeometry, AxisMap>
        var columnsWord: KeyPath<LayerTables, Int>
        var rowsWord: KeyPath<LayerTables, Int>
    }

    /// The three planes' work.
    private func passes(
        _ layers: [FrameLayer], _ pictures: [DevicePicture], _ layerTables: [LayerTables], _ tableBytes: Int
    ) -> [PlanePass] {
        func pass(
            _ plane: KeyPath<DevicePicture, DevicePicture.Plane>, _ axes: Axes, _ place: FrameLayout.Plane, black: Int
        ) -> PlanePass {
            let inputs = layers.indices.map { index in
                PlanePass.Input(
                    buffer: pictures[index].buffer.handle, plane: pictures[index][keyPath: plane],
                    columns: geometries[index][keyPath: axes.columns], rows: geometries[index][keyPath: axes.rows],
                    columnsWord: layerTables[index][keyPath: axes.columnsWord],
                    rowsWord: layerTables[index][keyPath: axes.rowsWord], coefficientsWord: layerTables[index].coefficients,
                    taps: layerTables[index].taps, weight: layers[index].weight)
            }
            return PlanePass(
                inputs: inputs,
                frame: PlanePass.Binding(buffer: frame.handle, offset: place.offset, byteCount: place.byteCount),
                tables: PlanePass.Binding(buffer: tables.handle, offset: 0, byteCount: tableBytes), width: place.width,
                height: place.height, strideBytes: place.strideBytes, black: black, limits: engine.queues.device.limits)
        }
        let luma = Axes(columns: \.lumaX, rows: \.lumaY, columnsWord: \.lumaX, rowsWord: \.lumaY)
        let chroma = Axes(columns: \.chromaX, rows: \.chromaY, columnsWord: \.chromaX, rowsWord: \.chromaY)
        return [
            pass(\.luma, luma, layout.y, black: FrameArithmetic.blackLuma),
            pass(\.cb, chroma, layout.cb, black: FrameArithmetic.neutralChroma),
            pass(\.cr, chroma, layout.cr, black: FrameArithmetic.neutralChroma),
        ]
    }

    private func record(_ dispatches: [PlanePass.Dispatch], tableBytes: Int) throws(VulkanError) {
        let pipeline = engine.pipeline
        try commands.record { (functions, commands) throws(VulkanError) in
            var region = VkBufferCopy(srcOffset: 0, dstOffset: 0, size: VkDeviceSize(tableBytes))
            functions.vkCmdCopyBuffer(commands, hostTables.handle, tables.handle, 1, &region)
            functions.barrier(commands, .copyWrite, .shaderRead)
            clock?.start(commands)
            for (index, dispatch) in dispatches.enumerated() {
                functions.vkCmdBindPipeline(commands, VK_PIPELINE_BIND_POINT_COMPUTE, pipeline.pipeline(dispatch.size))
                var set = sets.write(index, dispatch.bindings)
                functions.vkCmdBindDescriptorSets(
                    commands, VK_PIPELINE_BIND_POINT_COMPUTE, pipeline.layout, 0, 1, &set, 0, nil)
                withUnsafePointer(to: dispatch.constants) { constants in
                    functions.vkCmdPushConstants(
                        commands, pipeline.layout, VK_SHADER_STAGE_COMPUTE_BIT.rawValue, 0, UInt32(PlaneConstants.byteCount),
                        constants)
                }
                functions.vkCmdDispatch(commands, UInt32(dispatch.groups.x), UInt32(dispatch.groups.y), 1)
            }
            clock?.stop(commands)
        }
    }

    private func recordCopies(to readback: ReadbackPool.Buffer) throws(VulkanError) {
        try copying.record { (functions, commands) throws(VulkanError) in
            // Not what lies behind the planes: it stays as it was when the host's memory was made.
            let planes = [layout.y, layout.cb, layout.cr].map {
                let offset = VkDeviceSize($0.offset)
                return VkBufferCopy(srcOffset: offset, dstOffset: offset, size: VkDeviceSize($0.byteCount))
            }
            functions.vkCmdCopyBuffer(commands, frame.handle, readback.memory.handle, UInt32(planes.count), planes)
            functions.barrier(commands, .copyWrite, .hostRead)
        }
    }
}
