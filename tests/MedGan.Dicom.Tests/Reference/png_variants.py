"""Writes one PNG file of every colour type, depth and interlacing into a folder, with the grey values that each must be read as.

The encoder is a plain reading of ISO/IEC 15948 with numpy and zlib; where PIL reads a kind without loss, it confirms that the file holds those samples.
"""
import json
import struct
import sys
import zlib
import numpy
from PIL import Image

ADAM7 = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}


def chunk(kind, body):
    return struct.pack('>I', len(body)) + kind + body + struct.pack('>I', zlib.crc32(kind + body))


def packed(line, depth):
    if depth == 16:
        return line.astype('>u2').tobytes()
    bits = ((line.reshape(-1)[:, None] >> numpy.arange(depth - 1, -1, -1)) & 1).astype(numpy.uint8)
    return numpy.packbits(bits.reshape(-1)).tobytes()


def filtered(kind, row, above, distance):
    row, above = numpy.frombuffer(row, numpy.uint8).astype(int), numpy.frombuffer(above, numpy.uint8).astype(int)
    left = numpy.concatenate([numpy.zeros(distance, int), row])[:len(row)]
    corner = numpy.concatenate([numpy.zeros(distance, int), above])[:len(row)]
    p = left + above - corner
    a, b, c = abs(p - left), abs(p - above), abs(p - corner)
    paeth = numpy.where((a <= b) & (a <= c), left, numpy.where(b <= c, above, corner))
    return bytes([kind]) + ((row - [0, left, above, (left + above) // 2, paeth][kind]) % 256).astype(numpy.uint8).tobytes()


def png(samples, color, depth, interlaced, extra):
    height, width = samples.shape[:2]
    distance = max(1, CHANNELS[color] * depth // 8)
    data = b''
    for r, c, down, right in (ADAM7 if interlaced else [(0, 0, 1, 1)]):
        part = samples[r::down, c::right]
        if part.shape[0] == 0 or part.shape[1] == 0:
            continue
        above = bytes(len(packed(part[0], depth)))
        for y in range(part.shape[0]):
            row = packed(part[y], depth)
            data += filtered(y % 5, row, above, distance)
            above = row
    header = struct.pack('>IIBBBBB', width, height, depth, color, 0, 0, int(interlaced))
    body = zlib.compress(data)
    half = len(body) // 2
    return (b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', header) + extra + chunk(b'tEXt', b'Title\0test')
            + chunk(b'IDAT', body[:half]) + chunk(b'IDAT', body[half:]) + chunk(b'IEND', b''))


def luma(r, g, b):
    return 0.299 * r + 0.587 * g + 0.114 * b


def main(folder):
    cases, random = [], numpy.random.RandomState(5)
    for color in CHANNELS:
        for depth in {0: [1, 2, 4, 8, 16], 3: [1, 2, 4, 8]}.get(color, [8, 16]):
            for interlaced in (False, True):
                for keyed in ((False, True) if color in (0, 2, 3) else (False,)):
                    width, height = (13, 11) if interlaced else (19, 7)
                    top = 2 ** depth - 1
                    samples = random.randint(0, top + 1, (height, width, CHANNELS[color]))
                    s, extra = samples.astype(float), b''
                    if color == 3:
                        palette = random.randint(0, 256, (top + 1, 3))
                        extra = chunk(b'PLTE', palette.astype(numpy.uint8).tobytes())
                        expected, white = luma(*palette.T.astype(float))[samples[..., 0]], 255
                        if keyed:
                            alpha = random.randint(0, 256, max(1, top // 2))
                            extra += chunk(b'tRNS', alpha.astype(numpy.uint8).tobytes())
                            full = numpy.concatenate([alpha, numpy.full(top + 1 - len(alpha), 255)])
                            expected = expected * full[samples[..., 0]] / 255
                    else:
                        expected, white = (s[..., 0] if color in (0, 4) else luma(s[..., 0], s[..., 1], s[..., 2])), top
                        if color in (4, 6):
                            expected = expected * s[..., -1] / top
                        if keyed:
                            key = samples[3, 4]
                            extra = chunk(b'tRNS', b''.join(struct.pack('>H', v) for v in key))
                            expected = numpy.where((samples == key).all(-1), 0, expected)
                    name = f'type{color}_depth{depth}_{"adam7" if interlaced else "plain"}{"_transparent" if keyed else ""}.png'
                    with open(f'{folder}/{name}', 'wb') as f:
                        f.write(png(samples, color, depth, interlaced, extra))
                    image = Image.open(f'{folder}/{name}')
                    assert image.size == (width, height)
                    if depth == 8 or (depth == 16 and color == 0):
                        read = numpy.asarray(image)
                        assert (read.reshape(height, width, -1) == samples).all(), name
                    cases.append({'name': name, 'width': width, 'height': height, 'white': white, 'values': expected.reshape(-1).tolist()})
    print(json.dumps(cases))


main(sys.argv[1])
