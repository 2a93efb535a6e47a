import Resampling

/// JPEG's marker structure. Source: ITU-T T.81, annex B; Adobe's APP14: Adobe Technical Note #5116.
enum JPEG {
    static func parse(_ source: PictureSource, complete: Bool) throws(PictureError) -> PictureLayout {
        var offset = 2
        var size: (width: Int, height: Int)?
        var components = 0
        var orientation: PictureOrientation?
        var adobe: (offset: Int, transform: Int)?
        var hasJFIF = false
        var identifiers: [Int] = []
        var scans = 0
        var end = source.size
        walk: while true {
            // Any number of fill bytes may stand before a marker, and every decoder bears other bytes there too.
            offset = try source.find(0xFF, from: offset)
            while try source.byte(offset) == 0xFF { offset += 1 }
            let marker = try source.byte(offset)
            offset += 1
            switch marker {
            case 0x00, 0x01, 0xD0...0xD8: continue
            case 0xD9:
                end = offset
                break walk
            default: break
            }
            let length = try source.be16(offset)
            if length < 2 { throw broken("a segment has the length \(length)") }
            switch marker {
            case 0xC0...0xC3:
                if size != nil { throw broken("it has two frame headers") }
                let precision = try source.byte(offset + 2)
                if precision != 8, marker != 0xC3 { throw PictureError(.unsupported("a JPEG of \(precision) bits per sample")) }
                let height = try source.be16(offset + 3)
                if height == 0 { throw PictureError(.unsupported("a JPEG that states its height behind the picture")) }
                size = (try source.be16(offset + 5), height)
                components = try source.byte(offset + 7)
                for i in 0..<min(components, 4) { identifiers.append(try source.byte(offset + 8 + 3 * i)) }
            case 0xC9...0xCB, 0xCD...0xCF: throw PictureError(.unsupported("an arithmetic-coded JPEG"))
            case 0xC5...0xC7: throw PictureError(.unsupported("a hierarchical JPEG"))
            case 0xE1 where length >= 8 && source.has("Exif\0\0", at: offset + 2) && orientation == nil:
                orientation = EXIF.orientation(source, offset + 8..<min(offset + length, source.size))
            case 0xEE where length >= 14 && source.has("Adobe", at: offset + 2):
                adobe = (offset + 13, try source.byte(offset + 13))
            case 0xE0 where source.has("JFIF\0", at: offset + 2): hasJFIF = true
            case 0xDA:
                if size == nil { throw broken("its pixels come before its size") }
                if !complete { break walk }
                scans += 1
                offset = try scanEnd(source, from: offset + length)
                continue
            default: break
            }
            offset += length
        }
        guard let size else { throw broken("it has no frame header") }
        if complete, scans == 0 { throw broken("it holds no pixels") }
        let header = PictureHeader(format: .jpeg, width: size.width, height: size.height, orientation: orientation ?? .upright)
        // What follows the end (a second picture, a maker's data) is not the decoder's business.
        var layout = PictureLayout(header, payload: [0..<end])
        // libjpeg, and so everybody, believes JFIF's promise of Y'CbCr before Adobe's of RGB; libav the other way round.
        if components == 3, hasJFIF, let adobe, adobe.transform == 0 { layout.patches.append((adobe.offset, 1)) }
        if components == 4 {
            if let adobe, adobe.transform != 0, adobe.transform != 2 { throw PictureError(.unsupported("a JPEG of four unknown colours")) }
            // libav knows inks by Adobe's mark or by their initials.
            layout.ink = adobe != nil || identifiers == Array("CMYK".utf8).map { Int($0) } ? .converted : .raw
        }
        return layout
    }

    /// The offset of the marker that ends the entropy-coded data.
    private static func scanEnd(_ source: PictureSource, from start: Int) throws(PictureError) -> Int {
        var offset = start
        while true {
            offset = try source.find(0xFF, from: offset)
            switch try source.byte(offset + 1) {
            case 0x00, 0xD0...0xD7: offset += 2
            case 0xFF: offset += 1
            default: return offset
            }
        }
    }

    private static func broken(_ what: String) -> PictureError { PictureError(.broken(.jpeg, what)) }
}
