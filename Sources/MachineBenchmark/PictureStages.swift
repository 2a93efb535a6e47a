import Glibc
import Media
import Rendering
import Resampling

/// Decoding pictures and preparing their working planes, on one thread, as each of a film's is.
struct PictureStages {
    let decode: StageRow
    let prepare: StageRow

    /// Bytes a pixel that a decoder writes at the least: 8-bit 4:2:0.
    private static let decodedBytesPerPixel = 1.5

    /// - Parameter copy: bytes read and written in a second, by one thread.
    init(
        _ sample: FrameSample, copy: Rate, limits: PictureLimits, _ extent: BenchmarkOptions.Extent, _ cancellation: Cancellation
    ) throws {
        var decodeRates: [Double] = []
        var prepareRates: [Double] = []
        var (decodeCPU, prepareCPU) = (0.0, 0.0)
        let requests = sample.requests
        let start = monotonicSeconds()
        repeat {
            var (decodeSeconds, prepareSeconds) = (0.0, 0.0)
            for (picture, requests) in requests {
                try cancellation.check()
                let producer = PictureProducer(sample.film, limits: limits)
                let cpuStart = rusage.current.cpuSeconds
                _ = try producer.produce(picture, requests)
                let cpu = rusage.current.cpuSeconds - cpuStart
                let own = producer.times
                decodeSeconds += own.decode
                prepareSeconds += own.prepare
                // One thread is at work: its time is divided as the clock's.
                decodeCPU += cpu * own.decode / (own.decode + own.prepare)
                prepareCPU += cpu * own.prepare / (own.decode + own.prepare)
            }
            decodeRates.append(Double(requests.count) / decodeSeconds)
            prepareRates.append(Double(sample.pictures.count) / prepareSeconds)
        } while decodeRates.count < extent.rounds && monotonicSeconds() - start < extent.processorSeconds / 2
        let files = requests.compactMap { sample.film.pictures[$0.picture] }
        let pixels = files.reduce(0.0) { $0 + Double($1.header.width * $1.header.height) }
        let fileBytes = files.reduce(0.0) { $0 + Double($1.byteCount) }
        let count = Double(requests.count)
        let decoded = (fileBytes + pixels * Self.decodedBytesPerPixel) / count
        let prepared = pixels * Self.decodedBytesPerPixel / count + sample.pictureBytes
        func row(_ stage: Stage, _ rates: [Double], _ items: Int, _ cpu: Double, _ bytes: Double) -> StageRow {
            StageRow(
                stage: stage, contestant: "CPU", device: nil, isSoftware: false, threads: 1, item: .picture,
                rate: Rate(rounds: rates, itemCount: items, cpuSecondsPerItem: cpu / Double(items)), bytesPerItem: bytes,
                limit: StageLimit(kind: .memoryCopy, itemsPerSecond: copy.median / bytes))
        }
        let rounds = decodeRates.count
        decode = row(.decode, decodeRates, rounds * requests.count, decodeCPU, decoded)
        prepare = row(.prepare, prepareRates, rounds * sample.pictures.count, prepareCPU, prepared)
    }
}
