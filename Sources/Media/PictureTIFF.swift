import Resampling

/// The first image file directory of a TIFF structure. Source: TIFF 6.0, section 2.
struct TIFFDirectory {
    private let source: PictureSource
    /// Offsets in the structure count from here.
    private let start, end: Int
    private let bigEndian: Bool
    private let entries: Range<Int>

    init(_ source: PictureSource, start: Int, end: Int) throws(PictureError) {
        self.source = source
        self.start = start
        self.end = end
        if source.has("II", at: start) { bigEndian = false } else if source.has("MM", at: start) { bigEndian = true } else {
            throw PictureError(.broken(source.format, "it has no byte order"))
        }
        let offset = start + (bigEndian ? try source.be32(start + 4) : try source.le32(start + 4))
        if offset + 2 > end { throw PictureError(.truncated(source.format)) }
        let count = bigEndian ? try source.be16(offset) : try source.le16(offset)
        entries = 0..<count
        firstEntry = offset + 2
        if firstEntry + 12 * count > end { throw PictureError(.truncated(source.format)) }
    }

    private let firstEntry: Int

    private func u16(_ offset: Int) throws(PictureError) -> Int { bigEndian ? try source.be16(offset) : try source.le16(offset) }
    private func u32(_ offset: Int) throws(PictureError) -> Int { bigEndian ? try source.be32(offset) : try source.le32(offset) }

    /// The values of a tag of type BYTE, SHORT or LONG; nil where there is no such tag.
    ///
    /// - Parameter atMost: how many values are looked at.
    func values(_ tag: Int, atMost: Int = 1 << 20) throws(PictureError) -> [Int]? {
        for index in entries {
            let entry = firstEntry + 12 * index
            if try u16(entry) != tag { continue }
            let type = try u16(entry + 2)
            let count = min(try u32(entry + 4), atMost)
            guard let bytes = [1: 1, 3: 2, 4: 4][type] else { return nil }
            let first = count * bytes <= 4 ? entry + 8 : start + (try u32(entry + 8))
            if first + count * bytes > end { throw PictureError(.truncated(source.format)) }
            var result: [Int] = []
            result.reserveCapacity(count)
            for i in 0..<count {
                let at = first + i * bytes
                result.append(bytes == 1 ? try source.byte(at) : bytes == 2 ? try u16(at) : try u32(at))
            }
            return result
        }
        return nil
    }

    func value(_ tag: Int) throws(PictureError) -> Int? { try values(tag, atMost: 1)?.first }
}

/// TIFF as a picture file: the first page.
enum TIFF {
    static func parse(_ source: PictureSource) throws(PictureError) -> PictureLayout {
        let ifd = try TIFFDirectory(source, start: 0, end: source.size)
        guard let width = try ifd.value(0x100), let height = try ifd.value(0x101) else {
            throw PictureError(.broken(.tiff, "it does not state its size"))
        }
        if let sampleFormat = try ifd.value(0x153), sampleFormat == 3 { throw PictureError(.unsupported("a floating-point TIFF")) }
        let isTiled = try ifd.value(0x144) != nil
        guard let offsets = try ifd.values(isTiled ? 0x144 : 0x111) else {
            throw PictureError(.broken(.tiff, "it holds no pixels"))
        }
        // A single strip may leave its length out.
        if let counts = try ifd.values(isTiled ? 0x145 : 0x117) {
            for (offset, count) in zip(offsets, counts) where offset + count > source.size {
                throw PictureError(.truncated(.tiff))
            }
        }
        for offset in offsets where offset >= source.size { throw PictureError(.truncated(.tiff)) }
        let orientation = (try ifd.value(0x112)).flatMap { PictureOrientation(rawValue: $0) } ?? .upright
        let header = PictureHeader(format: .tiff, width: width, height: height, orientation: orientation)
        var layout = PictureLayout(header, payload: [0..<source.size])
        if try ifd.value(0x106) == 5 { layout.ink = .converted }
        layout.alpha = switch try ifd.value(0x152) {
        case 1: .premultiplied
        case 2: .straight
        default: .meaningless
        }
        return layout
    }
}
