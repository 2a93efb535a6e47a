import Resampling

/// AVIF's boxes, as far as one still picture and its alpha need them.
///
/// Source: ISO/IEC 14496-12 (meta, iloc, iinf, iref), ISO/IEC 23008-12 (item properties), AOM "AV1 Image File Format".
enum AVIF {
    private struct Box { var type: Int; var body: Range<Int> }
    private struct Item { var type = 0; var extents: [Range<Int>] = []; var properties: [Int] = [] }

    /// More than any sound still picture has; keeps a hostile file from costing time.
    private static let maximumEntries = 4096

    static func parse(_ source: PictureSource) throws(PictureError) -> PictureLayout {
        guard let meta = try find("meta", try boxes(source, 0..<source.size)) else { throw broken("it has no meta box") }
        let children = try boxes(source, try fullBoxBody(source, meta))
        guard let pitm = try find("pitm", children), let iloc = try find("iloc", children),
            let iinf = try find("iinf", children), let iprp = try find("iprp", children)
        else { throw broken("it does not say which item is the picture") }
        let primary = try source.byte(pitm.body.lowerBound) == 0
            ? try source.be16(pitm.body.lowerBound + 4) : try source.be32(pitm.body.lowerBound + 4)

        var items: [Int: Item] = [:]
        try readItemTypes(source, iinf, into: &items)
        try readLocations(source, iloc, idat: try find("idat", children)?.body, into: &items)
        let iprpChildren = try boxes(source, iprp.body)
        guard let ipco = try find("ipco", iprpChildren) else { throw broken("its items have no properties") }
        let properties = try boxes(source, ipco.body)
        for ipma in iprpChildren where ipma.type == fourCC("ipma") { try readAssociations(source, ipma, into: &items) }

        guard let picture = items[primary] else { throw broken("its primary item is missing") }
        if picture.type == fourCC("grid") { throw PictureError(.unsupported("an AVIF made of tiles")) }
        if picture.type != fourCC("av01") { throw PictureError(.unsupported("an AVIF whose picture is not coded in AV1")) }

        var size: (width: Int, height: Int)?
        var turns = 0
        var mirror: Int?
        var layoutProfile: Range<Int>?
        var codePoints: PictureLayout.CodePoints?
        for index in picture.properties where index >= 1 && index <= properties.count {
            let property = properties[index - 1]
            let at = property.body.lowerBound
            switch property.type {
            case fourCC("ispe"): size = (try source.be32(at + 4), try source.be32(at + 8))
            case fourCC("irot"): turns = try source.byte(at) & 3
            case fourCC("imir"): mirror = try source.byte(at) & 1
            case fourCC("clap"): throw PictureError(.unsupported("an AVIF that shows only a part of its picture"))
            case fourCC("colr"):
                if source.has("nclx", at: at) {
                    codePoints = .init(
                        primaries: try source.be16(at + 4), transfer: try source.be16(at + 6), matrix: try source.be16(at + 8),
                        fullRange: try source.byte(at + 10) & 0x80 != 0)
                } else if source.has("prof", at: at) || source.has("rICC", at: at), property.body.count > 4 {
                    layoutProfile = at + 4..<property.body.upperBound
                }
            default: break
            }
        }
        guard let size else { throw broken("it does not state its size") }
        let header = PictureHeader(
            format: .avif, width: size.width, height: size.height,
            orientation: PictureOrientation(quarterTurnsAnticlockwise: turns, mirror: mirror))
        var layout = PictureLayout(header, payload: try checked(picture.extents, source))
        layout.profile = layoutProfile
        layout.codePoints = codePoints
        if let alpha = try alphaItem(source, children, properties, items, primary) {
            layout.alphaPayload = try checked(alpha.extents, source)
        }
        return layout
    }

    private static func checked(_ extents: [Range<Int>], _ source: PictureSource) throws(PictureError) -> [Range<Int>] {
        var total = 0
        for extent in extents {
            if extent.upperBound > source.size { throw PictureError(.truncated(.avif)) }
            total += extent.count
        }
        // Extents may overlap: without this a small file could ask for any amount of memory.
        if total == 0 || total > source.size { throw broken("its picture's place in the file is not sound") }
        return extents
    }

    // MARK: Boxes

    private static func boxes(_ source: PictureSource, _ range: Range<Int>) throws(PictureError) -> [Box] {
        var result: [Box] = []
        var offset = range.lowerBound
        while offset + 8 <= range.upperBound {
            var length = try source.be32(offset)
            var head = 8
            if length == 1 {
                if try source.be32(offset + 8) > 0x7FFF { throw PictureError(.truncated(.avif)) }
                length = try source.be32(offset + 8) << 32 | source.be32(offset + 12)
                head = 16
            } else if length == 0 {
                length = range.upperBound - offset
            }
            if length < head { throw broken("a box is shorter than its own header") }
            if length > range.upperBound - offset { throw PictureError(.truncated(.avif)) }
            result.append(Box(type: try source.be32(offset + 4), body: offset + head..<offset + length))
            if result.count > maximumEntries { throw broken("it has too many boxes") }
            offset += length
        }
        return result
    }

    private static func find(_ type: StaticString, _ boxes: [Box]) throws(PictureError) -> Box? {
        let type = fourCC(type)
        return boxes.first { $0.type == type }
    }

    private static func fullBoxBody(_ source: PictureSource, _ box: Box) throws(PictureError) -> Range<Int> {
        if box.body.count < 4 { throw broken("a box is shorter than its own header") }
        return box.body.lowerBound + 4..<box.body.upperBound
    }

    private static func fourCC(_ name: StaticString) -> Int {
        (0..<4).reduce(0) { $0 << 8 | Int(name.utf8Start[$1]) }
    }

    // MARK: Items

    private static func readItemTypes(_ source: PictureSource, _ iinf: Box, into items: inout [Int: Item]) throws(PictureError) {
        let isLong = try source.byte(iinf.body.lowerBound) != 0
        let start = iinf.body.lowerBound + 4 + (isLong ? 4 : 2)
        if start > iinf.body.upperBound { throw PictureError(.truncated(.avif)) }
        for infe in try boxes(source, start..<iinf.body.upperBound) where infe.type == fourCC("infe") {
            let at = infe.body.lowerBound
            let version = try source.byte(at)
            if version < 2 { continue }
            let id = version == 2 ? try source.be16(at + 4) : try source.be32(at + 4)
            items[id, default: Item()].type = try source.be32(at + 4 + (version == 2 ? 2 : 4) + 2)
        }
    }

    private static func readLocations(
        _ source: PictureSource, _ iloc: Box, idat: Range<Int>?, into items: inout [Int: Item]
    ) throws(PictureError) {
        var at = iloc.body.lowerBound
        let version = try source.byte(at)
        let sizes = try source.be16(at + 4)
        let (offsetSize, lengthSize, baseSize) = (sizes >> 12, sizes >> 8 & 15, sizes >> 4 & 15)
        let indexSize = version == 0 ? 0 : sizes & 15
        func number(_ bytes: Int) throws(PictureError) -> Int {
            defer { at += bytes }
            switch bytes {
            case 0: return 0
            case 4: return try source.be32(at)
            case 8:
                if try source.be32(at) > 0x7FFF { throw PictureError(.truncated(.avif)) }
                return try source.be32(at) << 32 | source.be32(at + 4)
            default: throw broken("its item locations are malformed")
            }
        }
        at += 6
        let count = version < 2 ? try source.be16(at) : try source.be32(at)
        at += version < 2 ? 2 : 4
        if count > maximumEntries { throw broken("it has too many items") }
        var extentsLeft = maximumEntries
        for _ in 0..<count {
            let id = version < 2 ? try source.be16(at) : try source.be32(at)
            at += version < 2 ? 2 : 4
            var method = 0
            if version > 0 {
                method = try source.be16(at) & 15
                at += 2
            }
            at += 2
            let base = try number(baseSize)
            let extentCount = try source.be16(at)
            at += 2
            extentsLeft -= extentCount
            if extentsLeft < 0 { throw broken("it has too many extents") }
            for _ in 0..<extentCount {
                at += indexSize
                var offset = base + (try number(offsetSize))
                var length = try number(lengthSize)
                if method == 1, let idat { offset += idat.lowerBound }
                if length == 0 { length = max(0, source.size - offset) }
                if method < 2 { items[id, default: Item()].extents.append(offset..<offset + length) }
            }
        }
    }

    private static func readAssociations(_ source: PictureSource, _ ipma: Box, into items: inout [Int: Item]) throws(PictureError) {
        var at = ipma.body.lowerBound
        let version = try source.byte(at)
        let isWide = try source.byte(at + 3) & 1 != 0
        let count = try source.be32(at + 4)
        if count > maximumEntries { throw broken("it has too many items") }
        at += 8
        for _ in 0..<count {
            let id = version == 0 ? try source.be16(at) : try source.be32(at)
            at += version == 0 ? 2 : 4
            let associations = try source.byte(at)
            at += 1
            for _ in 0..<associations {
                let index = isWide ? try source.be16(at) & 0x7FFF : try source.byte(at) & 0x7F
                at += isWide ? 2 : 1
                items[id, default: Item()].properties.append(index)
            }
        }
    }

    /// The auxiliary item that holds the primary picture's alpha.
    private static func alphaItem(
        _ source: PictureSource, _ children: [Box], _ properties: [Box], _ items: [Int: Item], _ primary: Int
    ) throws(PictureError) -> Item? {
        guard let iref = try find("iref", children) else { return nil }
        let isLong = try source.byte(iref.body.lowerBound) != 0
        let idBytes = isLong ? 4 : 2
        for reference in try boxes(source, try fullBoxBody(source, iref)) where reference.type == fourCC("auxl") {
            let at = reference.body.lowerBound
            let from = isLong ? try source.be32(at) : try source.be16(at)
            let count = try source.be16(at + idBytes)
            var pointsAtPrimary = false
            for i in 0..<count {
                let to = at + idBytes + 2 + i * idBytes
                if (isLong ? try source.be32(to) : try source.be16(to)) == primary { pointsAtPrimary = true }
            }
            guard pointsAtPrimary, let item = items[from], item.type == fourCC("av01") else { continue }
            for index in item.properties where index >= 1 && index <= properties.count {
                let property = properties[index - 1]
                if property.type == fourCC("auxC"),
                    source.has("urn:mpeg:mpegB:cicp:systems:auxiliary:alpha", at: property.body.lowerBound + 4)
                        || source.has("urn:mpeg:hevc:2015:auxid:1", at: property.body.lowerBound + 4)
                {
                    return item
                }
            }
        }
        return nil
    }

    private static func broken(_ what: String) -> PictureError { PictureError(.broken(.avif, what)) }
}
