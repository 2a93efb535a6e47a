import CFFmpeg
import Foundation
import Media
import Testing

/// Picture files made by Pillow, numpy and ffmpeg, each beside the pixels that its maker reads from it (`NAME.rgba`: 16-bit
/// little-endian R, G, B, A, as stored). Made once for all tests.
struct PictureFixtures: Sendable {
    static let shared = Result { try PictureFixtures() }

    let folder: URL

    private init() throws {
        av_log_set_level(AV_LOG_QUIET)
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("burns-pictures-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let path = folder.path
        PictureFixtures.folderToRemove.withLock { $0 = path }
        atexit { PictureFixtures.folderToRemove.withLock { try? FileManager.default.removeItem(atPath: $0) } }
        try run("/usr/bin/python3", ["-c", pictureFixtureScript], in: folder)
    }

    private static let folderToRemove = Locked("")

    static func path(_ name: String) throws -> String { try shared.get().folder.appendingPathComponent(name).path }

    static func bytes(_ name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: path(name)))) }

    /// A picture of the example project.
    static func exampleBytes(_ name: String) throws -> [UInt8] {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        return [UInt8](try Data(contentsOf: root.appendingPathComponent("Examples/store/projects/earthrise/images/\(name)")))
    }

    /// A file of these bytes, gone with the others.
    static func write(_ bytes: [UInt8], _ name: String = UUID().uuidString) throws -> String {
        let path = try path(name)
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return path
    }

    static func reference(_ name: String) throws -> [UInt16] {
        try bytes(name + ".rgba").withUnsafeBytes { Array($0.bindMemory(to: UInt16.self)) }
    }
}

final class Locked<Value>: @unchecked Sendable {
    private let lock = NSLock()
    private var value: Value
    init(_ value: Value) { self.value = value }
    func withLock<R>(_ body: (inout Value) -> R) -> R { lock.withLock { body(&value) } }
}

struct ToolFailure: Error { var tool, output: String }

@discardableResult
func run(_ tool: String, _ arguments: [String], in folder: URL) throws -> String {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: tool)
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    // Not an expectation: Swift Testing records those once, and every later test that needs the fixtures would pass.
    if process.terminationStatus != 0 { throw ToolFailure(tool: tool, output: output) }
    return output
}

/// All rows at once, tightly packed.
func pixels(_ picture: DecodedPicture) -> [UInt16] {
    var result = [UInt16](repeating: 0, count: 4 * picture.width * picture.height)
    result.withUnsafeMutableBufferPointer {
        picture.readRows(0, count: picture.height, into: $0.baseAddress!, strideSamples: 4 * picture.width)
    }
    return result
}

private let pictureFixtureScript = #"""
import io, struct, subprocess, zlib
import numpy as np
from PIL import Image

rng = np.random.default_rng(7)

def smooth(w, h, c, top=255.0):
    y, x = np.mgrid[0:h, 0:w].astype(np.float64)
    planes = [0.5 + 0.3 * np.sin(x / 17 + k) * np.cos(y / 13 - k) + 0.2 * np.sin((x + 2 * y) / (29 + k)) for k in range(c)]
    return np.clip(np.stack(planes, -1), 0, 1) * top

def u8(w, h, c): return np.rint(smooth(w, h, c)).astype(np.uint8)
def noise8(w, h, c): return rng.integers(0, 256, (h, w, c), dtype=np.uint8)
def noise16(w, h, c): return rng.integers(0, 65536, (h, w, c), dtype=np.uint16)

def reference(name, rgba16):
    np.ascontiguousarray(rgba16.astype('<u2')).tofile(name + '.rgba')

def wide(a):
    """8-bit (h, w, 1...4) to 16-bit RGBA"""
    return deep(a.astype(np.uint32) * 257)

def deep(a):
    h, w, c = a.shape
    out = np.full((h, w, 4), 65535, np.uint32)
    if c <= 2: out[..., :3] = a[..., :1]
    else: out[..., :3] = a[..., :3]
    if c in (2, 4): out[..., 3] = a[..., -1]
    return out

def from_pil(name, mode='RGBA'):
    im = Image.open(name); im.load()
    reference(name, wide(np.asarray(im.convert(mode))))

# PNG, every kind, written by hand so that nothing is taken away by a clever writer.
def chunk(kind, data): return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))

def png(name, samples, depth, colour, extra=b'', interlaced=False):
    h, w, c = samples.shape
    def rows(a):
        out = b''
        for row in a:
            flat = row.reshape(-1).astype(np.uint32)
            if depth == 16: body = flat.astype('>u2').tobytes()
            elif depth == 8: body = flat.astype(np.uint8).tobytes()
            else:
                bits = ((flat[:, None] >> np.arange(depth - 1, -1, -1)) & 1).reshape(-1).astype(np.uint8)
                body = np.packbits(bits).tobytes()
            out += b'\0' + body
        return out
    if interlaced:
        data = b''
        for x0, y0, dx, dy in ((0,0,8,8),(4,0,8,8),(0,4,4,8),(2,0,4,4),(0,2,2,4),(1,0,2,2),(0,1,1,2)):
            part = samples[y0::dy, x0::dx]
            if part.size: data += rows(part)
    else: data = rows(samples)
    body = zlib.compress(data)
    parts = [body[i:i + 4096] for i in range(0, len(body), 4096)]
    open(name, 'wb').write(b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', w, h, depth, colour, 0, 0, int(interlaced)))
        + extra + b''.join(chunk(b'IDAT', p) for p in parts) + chunk(b'IEND', b''))

W, H = 61, 43
for interlaced in (False, True):
    i = '-i' if interlaced else ''
    for depth in (1, 2, 4, 8, 16):
        top = (1 << depth) - 1
        grey = rng.integers(0, top + 1, (H, W, 1))
        png(f'grey{depth}{i}.png', grey, depth, 0, interlaced=interlaced)
        reference(f'grey{depth}{i}.png', deep(grey * 65535 // top))
        if depth <= 8:
            index = rng.integers(0, top + 1, (H, W, 1))
            table = rng.integers(0, 256, (top + 1, 3), dtype=np.uint8)
            png(f'palette{depth}{i}.png', index, depth, 3, chunk(b'PLTE', table.tobytes()), interlaced)
            reference(f'palette{depth}{i}.png', wide(table[index[..., 0]]))
            alphas = rng.integers(0, 256, top + 1, dtype=np.uint8)
            png(f'palette{depth}a{i}.png', index, depth, 3, chunk(b'PLTE', table.tobytes()) + chunk(b'tRNS', alphas.tobytes()), interlaced)
            reference(f'palette{depth}a{i}.png', wide(np.concatenate([table, alphas[:, None]], 1)[index[..., 0]]))
    for depth, make, conv in ((8, noise8, wide), (16, noise16, deep)):
        for colour, c, n in ((2, 3, 'rgb'), (4, 2, 'greya'), (6, 4, 'rgba')):
            a = make(W, H, c)
            png(f'{n}{depth}{i}.png', a, depth, colour, interlaced=interlaced)
            reference(f'{n}{depth}{i}.png', conv(a))
        for colour, c, n in ((2, 3, 'rgb'), (0, 1, 'grey')):
            a = make(W, H, c); a[3, 5] = a[0, 0]
            key = b''.join(struct.pack('>H', int(v)) for v in a[0, 0])
            png(f'{n}{depth}key{i}.png', a, depth, colour, chunk(b'tRNS', key), interlaced)
            out = conv(a); out[..., 3] = np.where((a == a[0, 0]).all(-1), 0, 65535)
            reference(f'{n}{depth}key{i}.png', out)
for w, h in ((1, 1), (1, 300), (300, 1), (2, 3)):
    a = noise8(w, h, 3); png(f'size{w}x{h}.png', a, 8, 2); reference(f'size{w}x{h}.png', wide(a))

# JPEG. Pillow decodes with libjpeg-turbo.
def jpeg(name, im, **k):
    im.save(name, 'JPEG', quality=92, **k); from_pil(name)
photo = Image.fromarray(u8(203, 151, 3))
jpeg('420.jpg', photo, subsampling=2)
jpeg('422.jpg', photo, subsampling=1)
jpeg('444.jpg', photo, subsampling=0)
jpeg('progressive.jpg', photo, subsampling=2, progressive=True)
jpeg('grey.jpg', photo.convert('L'))
jpeg('cmyk.jpg', Image.fromarray(u8(203, 151, 4), 'CMYK'))
for w, h in ((1, 1), (2, 2), (3, 5), (17, 33), (1, 5000), (5000, 1), (16, 16)):
    jpeg(f'size{w}x{h}.jpg', Image.fromarray(u8(w, h, 3)), subsampling=2)
for kind in ('440', '411'):
    subprocess.run(['ffmpeg', '-v', 'error', '-y', '-i', '444.jpg', '-pix_fmt', f'yuvj{kind}p', '-q:v', '2', f'{kind}.jpg'], check=True)
    from_pil(f'{kind}.jpg')
# Adobe's RGB and YCCK, and CMYK without Adobe's marker: Pillow's, with its markers changed.
def renamed(data):
    """CMYK's components as 1 ... 4, as Photoshop names them."""
    data = bytearray(data)
    sof = data.index(b'\xff\xc0'); sos = data.index(b'\xff\xda')
    for i in range(4): data[sof + 10 + 3 * i] = i + 1; data[sos + 5 + 2 * i] = i + 1
    return data
def without(data, name):
    at = data.index(name) - 4
    return data[:at] + data[at + 2 + struct.unpack('>H', data[at + 2:at + 4])[0]:]
data = open('cmyk.jpg', 'rb').read()
open('cmyk-ids.jpg', 'wb').write(renamed(data)); from_pil('cmyk-ids.jpg')
open('cmyk-initials.jpg', 'wb').write(without(data, b'Adobe')); from_pil('cmyk-initials.jpg')
full = Image.fromarray(u8(203, 151, 4), 'CMYK'); full.save('x.jpg', quality=92, subsampling=0)
open('cmyk-plain.jpg', 'wb').write(without(renamed(open('x.jpg', 'rb').read()), b'Adobe')); from_pil('cmyk-plain.jpg')
# YCCK: Y'CbCr of the inverted inks.
stored = np.concatenate([np.asarray(photo.convert('YCbCr')), u8(203, 151, 1)], -1)
Image.fromarray(255 - stored, 'CMYK').save('x.jpg', quality=92, subsampling=0)
data = renamed(open('x.jpg', 'rb').read()); data[data.index(b'Adobe') + 11] = 2
open('ycck.jpg', 'wb').write(data); from_pil('ycck.jpg')
data = open('444.jpg', 'rb').read()
marker = b'\xff\xee\0\x0eAdobe\0\x64\0\0\0\0\0'
open('rgb.jpg', 'wb').write(data[:2] + marker + without(data, b'JFIF')[2:]); from_pil('rgb.jpg')
open('jfif-adobe.jpg', 'wb').write(without(data, b'JFIF')[:2] + data[2:20] + marker + data[20:]); from_pil('jfif-adobe.jpg')
# Trailing junk, and a second picture behind the first.
open('junk.jpg', 'wb').write(open('420.jpg', 'rb').read() + b'junk' * 100 + open('444.jpg', 'rb').read()); from_pil('junk.jpg')
thumb = io.BytesIO(); photo.resize((40, 30)).save(thumb, 'JPEG')
app1 = b'Exif\0\0MM\0*\0\0\0\x08\0\0' + thumb.getvalue()
open('thumbnail.jpg', 'wb').write(data[:2] + b'\xff\xe1' + struct.pack('>H', len(app1) + 2) + app1 + data[2:]); from_pil('thumbnail.jpg')

# Orientations.
def exif(o, big):
    e = '>' if big else '<'
    return (b'MM\0*' if big else b'II*\0') + struct.pack(e + 'IHHHIHHI', 8, 1, 0x112, 3, 1, o, 0, 0)
small = Image.fromarray(u8(30, 20, 3))
for o in range(1, 9):
    small.save(f'orient{o}.jpg', exif=b'Exif\0\0' + exif(o, o % 2))
    png(f'orient{o}.png', u8(30, 20, 3), 8, 2, chunk(b'eXIf', exif(o, o % 2)))
    small.save(f'orient{o}.webp', exif=exif(o, o % 2))
    small.save(f'orient{o}.tif', tiffinfo={0x112: o})

# WebP.
photo.save('lossy.webp', quality=90); from_pil('lossy.webp')
Image.fromarray(u8(203, 151, 4)).save('lossy-alpha.webp', quality=90); from_pil('lossy-alpha.webp')
Image.fromarray(noise8(W, H, 3)).save('lossless.webp', lossless=True); from_pil('lossless.webp')
Image.fromarray(np.maximum(noise8(W, H, 4), 1)).save('lossless-alpha.webp', lossless=True, exact=True); from_pil('lossless-alpha.webp')
frames = [Image.fromarray(u8(64, 48, 3)), Image.fromarray(u8(64, 48, 3)[::-1].copy())]
frames[0].save('animated.webp', save_all=True, append_images=frames[1:], lossless=True); from_pil('animated.webp')

# TIFF.
for compression in ('raw', 'tiff_lzw', 'tiff_adobe_deflate', 'packbits'):
    for mode, c in (('L', 1), ('RGB', 3), ('RGBA', 4)):
        n = f'{mode}-{compression}.tif'
        Image.fromarray(noise8(W, H, c).squeeze(), mode).save(n, compression=compression); from_pil(n)
grey16 = noise16(W, H, 1)
Image.fromarray(grey16[..., 0]).save('grey16.tif'); reference('grey16.tif', deep(grey16))
Image.fromarray(noise8(W, H, 3)).convert('1').save('bilevel.tif'); from_pil('bilevel.tif')
Image.fromarray(noise8(W, H, 3)).quantize(64).save('palette.tif'); from_pil('palette.tif')
Image.fromarray(u8(203, 151, 4), 'CMYK').save('cmyk.tif'); from_pil('cmyk.tif')
def tiff(name, a, big, extra=2):
    """Uncompressed, one strip, any number of 8- or 16-bit channels, either byte order."""
    h, w, c = a.shape; e = '>' if big else '<'; bits = a.dtype.itemsize * 8
    body = a.astype(a.dtype.newbyteorder(e)).tobytes()
    tags = [(0x100, 3, 1, w), (0x101, 3, 1, h), (0x102, 3, c, None), (0x103, 3, 1, 1), (0x106, 3, 1, 2 if c > 2 else 1),
            (0x111, 4, 1, 0), (0x115, 3, 1, c), (0x116, 3, 1, h), (0x117, 4, 1, len(body))] + ([(0x152, 3, 1, extra)] if c in (2, 4) else [])
    ifd_end = 8 + 2 + 12 * len(tags) + 4
    out = struct.pack(e + 'H', len(tags))
    for tag, kind, count, value in tags:
        if tag == 0x102: 
            v = struct.pack(e + 'I', ifd_end) if c > 2 else struct.pack(e + 'HH', bits, bits if c == 2 else 0)
        elif tag == 0x111: v = struct.pack(e + 'I', ifd_end + 2 * c)
        else: v = struct.pack(e + ('HH' if kind == 3 else 'I'), *((value, 0) if kind == 3 else (value,)))
        out += struct.pack(e + 'HHI', tag, kind, count) + v
    open(name, 'wb').write((b'MM\0*' if big else b'II*\0') + struct.pack(e + 'I', 8) + out + b'\0\0\0\0' + struct.pack(e + f'{c}H', *[bits] * c) + body)
for big in (False, True):
    for c in (1, 3, 4):
        for make, conv, d in ((noise8, wide, 8), (noise16, deep, 16)):
            n = f'hand{d}-{c}-{"mm" if big else "ii"}.tif'
            a = make(W, H, c); tiff(n, a, big); reference(n, conv(a))

a = noise8(W, H, 4); a[0, 0, 3] = 0; a[..., :3] = np.minimum(a[..., :3], a[..., 3:])
tiff('premultiplied.tif', a, False, 1)
out = wide(a); alpha = np.maximum(out[..., 3:], 1); out[..., :3] = np.where(out[..., 3:] > 0, (out[..., :3] * 65535 + alpha // 2) // alpha, 0)
reference('premultiplied.tif', out)
tiff('padded.tif', a, False, 0); reference('padded.tif', wide(a[..., :3]))

# GIF and BMP.
indexed = Image.fromarray(noise8(W, H, 3)).quantize(200)
indexed.save('opaque.gif'); from_pil('opaque.gif')
indexed.save('transparent.gif', transparency=3); from_pil('transparent.gif')
indexed.save('interlaced.gif', interlace=1); from_pil('interlaced.gif')
indexed.save('animated.gif', save_all=True, append_images=[indexed.rotate(180)]); from_pil('animated.gif')
for mode, c in (('L', 1), ('RGB', 3)):
    Image.fromarray(noise8(W, H, c).squeeze(), mode).save(f'{mode}.bmp'); from_pil(f'{mode}.bmp')
indexed.save('palette.bmp'); from_pil('palette.bmp')
Image.fromarray(noise8(W, H, 3)).convert('1').save('bilevel.bmp'); from_pil('bilevel.bmp')
for fmt, bits, masks in (('rgb565le', (5, 6, 5), (0xF800, 0x7E0, 0x1F)), ('rgb555le', (5, 5, 5), (0x7C00, 0x3E0, 0x1F))):
    v = rng.integers(0, 65536 if fmt == 'rgb565le' else 32768, (H, W), dtype=np.uint16)
    stride = (W * 2 + 3) // 4 * 4
    rows = np.zeros((H, stride), np.uint8); rows[:, :W * 2] = v[::-1].astype('<u2').view(np.uint8).reshape(H, -1)
    head = struct.pack('<IiiHHIIiiII', 40, W, H, 1, 16, 3, rows.size, 2835, 2835, 0, 0) + struct.pack('<III', *masks)
    n = f'{fmt}.bmp'
    open(n, 'wb').write(b'BM' + struct.pack('<IHHI', 14 + len(head) + rows.size, 0, 0, 14 + len(head)) + head + rows.tobytes())
    out = np.full((H, W, 4), 65535, np.uint32)
    for k, m in enumerate(masks):
        low = (m & -m).bit_length() - 1; top = m >> low
        out[..., k] = (((v.astype(np.uint32) & m) >> low) * 65535 + top // 2) // top
    reference(n, out)

# AVIF: coded by ffmpeg, its raw planes decoded by ffmpeg and converted here in double precision.
np.ascontiguousarray(u8(96, 64, 3)).tofile('avif.raw')
src = ['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', '96x64', '-i', 'avif.raw']
for name, fmt, bits, rng_, kr, kb, matrix in (
    ('full8.avif', 'yuv444p', 8, 'pc', 0.299, 0.114, 'smpte170m'), ('limited8.avif', 'yuv444p', 8, 'tv', 0.2126, 0.0722, 'bt709'),
    ('full10.avif', 'yuv444p10le', 10, 'pc', 0.2627, 0.0593, 'bt2020nc'), ('limited12.avif', 'yuv444p12le', 12, 'tv', 0.299, 0.114, 'smpte170m')):
    subprocess.run(['ffmpeg', '-v', 'error', '-y', *src, '-vf', f'scale=out_range={rng_},format={fmt}', '-frames:v', '1', '-c:v', 'libaom-av1', '-cpu-used', '8',
        '-still-picture', '1', '-crf', '8', '-pix_fmt', fmt, '-color_range', rng_, '-colorspace', matrix, '-color_primaries', 'bt709', '-color_trc', 'iec61966-2-1', name], check=True)
    subprocess.run(['ffmpeg', '-v', 'error', '-y', '-c:v', 'libdav1d', '-i', name, '-f', 'rawvideo', '-pix_fmt', fmt, name + '.yuv'], check=True)
    p = np.fromfile(name + '.yuv', np.uint8 if bits == 8 else '<u2').reshape(3, 64, 96).astype(np.float64)
    top = (1 << bits) - 1; s = 1 << (bits - 8)
    y = p[0] / top if rng_ == 'pc' else (p[0] - 16 * s) / (219 * s)
    u, v = [(q - 128 * s) / (top if rng_ == 'pc' else 224 * s) for q in p[1:]]
    r = y + 2 * (1 - kr) * v; b = y + 2 * (1 - kb) * u; g = (y - kr * r - kb * b) / (1 - kr - kb)
    reference(name, deep(np.rint(np.clip(np.stack([r, g, b], -1), 0, 1) * 65535).astype(np.uint32)))
subprocess.run(['ffmpeg', '-v', 'error', '-y', *src, '-frames:v', '1', '-c:v', 'libaom-av1', '-cpu-used', '8', '-still-picture', '1', '-crf', '8', '-pix_fmt', 'yuv420p', '420.avif'], check=True)

def raised(plane, cosited_x, cosited_y):
    for axis, cosited in ((1, cosited_x), (0, cosited_y)):
        n = plane.shape[axis]; at = np.clip((np.arange(2 * n) - (0 if cosited else 0.5)) / 2, 0, n - 1)
        low = np.floor(at).astype(int); high = np.minimum(low + 1, n - 1)
        t = (at - low).reshape((-1, 1) if axis == 0 else (1, -1))
        plane = np.take(plane, low, axis) * (1 - t) + np.take(plane, high, axis) * t
    return plane
for place, bits in (('unspecified', 8), ('left', 8), ('topleft', 8), ('left', 10)):
    name = f'{place}{bits}.avif'; fmt = 'yuv420p' if bits == 8 else 'yuv420p10le'
    subprocess.run(['ffmpeg', '-v', 'error', '-y', *src, '-vf', f'scale=out_range=pc,format={fmt}', '-frames:v', '1', '-c:v', 'libaom-av1', '-cpu-used', '8',
        '-still-picture', '1', '-crf', '8', '-pix_fmt', fmt, '-color_range', 'pc', '-colorspace', 'smpte170m', 'x.avif'], check=True)
    position = {'unspecified': 'unknown', 'left': 'vertical', 'topleft': 'colocated'}[place]
    subprocess.run(['ffmpeg', '-v', 'error', '-y', '-i', 'x.avif', '-c', 'copy', '-bsf:v', f'av1_metadata=chroma_sample_position={position}', name], check=True)
    got = subprocess.run(['ffprobe', '-v', 'error', '-show_entries', 'frame=chroma_location', '-of', 'csv=p=0', name], check=True, capture_output=True).stdout.decode()
    assert place in got, got
    raw = np.frombuffer(subprocess.run(['ffmpeg', '-v', 'error', '-c:v', 'libdav1d', '-i', name, '-f', 'rawvideo', '-pix_fmt', fmt, '-'], check=True, capture_output=True).stdout,
        np.uint8 if bits == 8 else '<u2').astype(np.float64)
    y = raw[:96 * 64].reshape(64, 96) / ((1 << bits) - 1)
    u, v = [(raised(q.reshape(32, 48), place != 'unspecified', place == 'topleft') - (1 << (bits - 1))) / ((1 << bits) - 1) for q in np.split(raw[96 * 64:], 2)]
    r = y + 1.402 * v; b = y + 1.772 * u; g = (y - 0.299 * r - 0.114 * b) / 0.587
    reference(name, deep(np.rint(np.clip(np.stack([r, g, b], -1), 0, 1) * 65535).astype(np.uint32)))

# AVIF by hand: turned, mirrored, with alpha, with primaries.
def box(kind, *parts): body = b''.join(parts); return struct.pack('>I', 8 + len(body)) + kind + body
def full(kind, *parts, version=0, flags=0): return box(kind, struct.pack('>I', version << 24 | flags), *parts)
def av1(pix_fmt, filters):
    data = open('full8.avif', 'rb').read()
    subprocess.run(['ffmpeg', '-v', 'error', '-y', *src, '-vf', filters, '-frames:v', '1', '-c:v', 'libaom-av1', '-cpu-used', '8', '-still-picture', '1',
        '-crf', '0', '-pix_fmt', pix_fmt, '-color_range', 'pc', '-colorspace', 'smpte170m', 'x.avif'], check=True)
    data = open('x.avif', 'rb').read(); at = data.index(b'mdat')
    return data[at + 4:at - 4 + struct.unpack('>I', data[at - 4:at])[0]]
def avif(name, items, properties, associations, references=b''):
    """items: coded pictures, numbered from 1; associations: lists of property numbers"""
    def meta(start):
        at = start; locations = b''
        for i, data in enumerate(items): locations += struct.pack('>HHHII', i + 1, 0, 1, at, len(data)); at += len(data)
        return full(b'meta', full(b'hdlr', b'\0\0\0\0pict' + bytes(13)), full(b'pitm', struct.pack('>H', 1)),
            full(b'iloc', struct.pack('>HH', 0x4400, len(items)), locations),
            full(b'iinf', struct.pack('>H', len(items)), *[full(b'infe', struct.pack('>HH', i + 1, 0), b'av01\0', version=2) for i in range(len(items))]),
            references, box(b'iprp', box(b'ipco', *properties), full(b'ipma', struct.pack('>I', len(items)),
                *[struct.pack('>HB', i + 1, len(a)) + bytes(a) for i, a in enumerate(associations)])))
    head = box(b'ftyp', b'avif\0\0\0\0avifmif1')
    start = len(head) + len(meta(0)) + 8
    open(name, 'wb').write(head + meta(start) + box(b'mdat', *items))
colour, alpha = av1('yuv444p', 'scale=out_range=pc,format=yuv444p'), av1('gray', 'extractplanes=g')
ispe = full(b'ispe', struct.pack('>II', 96, 64))
for o, boxes in {1: [], 2: [box(b'imir', b'\1')], 3: [box(b'irot', b'\2')], 4: [box(b'imir', b'\0')], 5: [box(b'irot', b'\1'), box(b'imir', b'\0')],
        6: [box(b'irot', b'\3')], 7: [box(b'irot', b'\3'), box(b'imir', b'\0')], 8: [box(b'irot', b'\1')]}.items():
    avif(f'orient{o}.avif', [colour], [ispe] + boxes, [list(range(1, 2 + len(boxes)))])
aux = full(b'auxC', b'urn:mpeg:mpegB:cicp:systems:auxiliary:alpha\0')
avif('alpha.avif', [colour, alpha], [ispe, aux], [[1], [1, 2]], full(b'iref', box(b'auxl', struct.pack('>HHH', 2, 1, 1))))
avif('grey.avif', [alpha], [ispe], [[1]])
avif('p3.avif', [colour], [ispe, box(b'colr', b'nclx' + struct.pack('>HHHB', 12, 13, 6, 0x80))], [[1, 2]])
avif('hdr.avif', [colour], [ispe, box(b'colr', b'nclx' + struct.pack('>HHHB', 9, 16, 9, 0x80))], [[1, 2]])
# Files for the fuzzers: small, so that a thousand of them cost little.
tiny = Image.fromarray(u8(24, 17, 3))
tiny.save('tiny.jpg', subsampling=2, exif=b'Exif\0\0' + exif(6, True)); tiny.save('tiny-progressive.jpg', progressive=True)
tiny.save('tiny.png'); tiny.save('tiny.webp'); tiny.save('tiny-lossless.webp', lossless=True); tiny.save('tiny.tif', compression='tiff_lzw')
tiny.quantize(16).save('tiny.gif'); tiny.save('tiny.bmp'); Image.fromarray(u8(24, 17, 4)).save('tiny-alpha.webp')
tiny.save('tiny-animated.webp', save_all=True, append_images=[tiny.rotate(90)])
subprocess.run(['ffmpeg', '-v', 'error', '-y', '-i', 'tiny.png', '-c:v', 'libaom-av1', '-still-picture', '1', '-pix_fmt', 'yuv420p', 'tiny.avif'], check=True)
"""#
