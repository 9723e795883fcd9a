"""Decodes PNG (8 or 16 bit, grey or RGB, filters None, Sub and Up) with zlib alone: {"width", "height", "pixels"} as JSON."""
import json
import struct
import sys
import zlib

data = open(sys.argv[1], "rb").read()
assert data[:8] == b"\x89PNG\r\n\x1a\n"
at, packed = 8, b""
while at < len(data):
    length, kind = struct.unpack(">I4s", data[at:at + 8])
    body = data[at + 8:at + 8 + length]
    assert struct.unpack(">I", data[at + 8 + length:at + 12 + length])[0] == zlib.crc32(kind + body), kind
    if kind == b"IHDR":
        width, height, depth, colour, _, _, _ = struct.unpack(">IIBBBBB", body)
    if kind == b"IDAT":
        packed += body
    at += 12 + length
raw = zlib.decompress(packed)
pixel = (3 if colour == 2 else 1) * depth // 8
stride = width * pixel
assert len(raw) == height * (stride + 1)
previous, samples = bytes(stride), []
for y in range(height):
    kind, line = raw[y * (stride + 1)], bytearray(raw[y * (stride + 1) + 1:(y + 1) * (stride + 1)])
    for i in range(stride):
        line[i] = (line[i] + (0 if kind == 0 else (line[i - pixel] if i >= pixel else 0) if kind == 1 else previous[i])) & 255
    previous = bytes(line)
    samples += list(previous) if depth == 8 else list(struct.unpack(">%dH" % (stride // 2), previous))
json.dump({"width": width, "height": height, "pixels": samples}, sys.stdout)
