"""Writes JPEG files of several kinds into a folder with PIL (libjpeg-turbo)."""
import sys
import numpy
from PIL import Image


def main(folder):
    y, x = numpy.mgrid[0:83, 0:117]
    waves = 127 + 60 * numpy.sin(x / 7) + 50 * numpy.cos(y / 5 + x / 31)
    noise = numpy.random.RandomState(3).randint(-12, 13, waves.shape)
    gray = numpy.clip(waves + noise, 0, 255).astype(numpy.uint8)
    color = numpy.stack([gray, numpy.roll(gray, 9, 0), 255 - gray // 2], -1)
    for progressive in (False, True):
        kind = 'progressive' if progressive else 'baseline'
        for quality in (30, 92):
            Image.fromarray(gray).save(f'{folder}/gray_{kind}_{quality}.jpg', quality=quality, progressive=progressive)
            for sampling, name in ((0, '444'), (1, '422'), (2, '420')):
                Image.fromarray(color).save(f'{folder}/color_{kind}_{name}_{quality}.jpg', quality=quality, subsampling=sampling, progressive=progressive)
    Image.fromarray(gray).save(f'{folder}/gray_optimized.jpg', optimize=True)
    Image.fromarray(gray[:1, :1]).save(f'{folder}/one_pixel.jpg')
    Image.fromarray(color).convert('CMYK').save(f'{folder}/cmyk.jpg')


main(sys.argv[1])
