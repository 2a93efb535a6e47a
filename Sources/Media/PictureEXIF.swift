import Resampling

/// EXIF's orientation, from the TIFF structure that APP1 (JPEG), eXIf (PNG) and EXIF (WebP) hold.
enum EXIF {
    /// The orientation, or nil where the block has none or is damaged: a broken note is no reason to refuse a good picture.
    static func orientation(_ source: PictureSource, _ range: Range<Int>) -> PictureOrientation? {
        guard let ifd = try? TIFFDirectory(source, start: range.lowerBound, end: range.upperBound),
            let value = try? ifd.value(0x112)
        else { return nil }
        return PictureOrientation(rawValue: value)
    }
}
