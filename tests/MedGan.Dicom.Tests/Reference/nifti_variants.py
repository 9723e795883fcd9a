"""Writes NIfTI-1 files of every datatype, byte order and orientation into a folder with nibabel, and prints their names."""
import json
import sys
import nibabel
import numpy


def main(folder):
    names = []
    random = numpy.random.RandomState(11)

    def rotation(x, y, z):
        turns = [(1, 2, x), (0, 2, y), (0, 1, z)]
        matrix = numpy.eye(3)
        for a, b, angle in turns:
            turn = numpy.eye(3)
            turn[[a, a, b, b], [a, b, a, b]] = [numpy.cos(angle), -numpy.sin(angle), numpy.sin(angle), numpy.cos(angle)]
            matrix = matrix @ turn
        return matrix

    def save(name, dtype, axes, big=False, scale=None, sform=True, qform=True, oblique=(0, 0, 0)):
        sizes = numpy.array([0.9, 1.1, 3.0])
        affine = numpy.eye(4)
        affine[:3, :3] = rotation(*oblique) @ nibabel.orientations.inv_ornt_aff(nibabel.orientations.axcodes2ornt(axes), (7, 6, 5))[:3, :3] * sizes
        affine[:3, 3] = [-31.5, 12.25, 44]
        data = random.randint(0, 120, (7, 6, 5)).astype(dtype)
        header = nibabel.Nifti1Header(endianness='>' if big else '<')
        header.set_data_dtype(dtype)
        image = nibabel.Nifti1Image(data, affine, header)
        image.header.set_data_dtype(dtype)
        image.set_sform(affine if sform else None, code=1 if sform else 0)
        image.set_qform(affine if qform else None, code=1 if qform else 0)
        if scale:
            image.header.set_slope_inter(*scale)
        nibabel.save(image, f'{folder}/{name}')
        if scale:  # nibabel chooses its own scale when it saves: state ours in the file
            assert not name.endswith('.gz')
            raw = bytearray(open(f'{folder}/{name}', 'rb').read())
            raw[112:120] = numpy.array(scale, '>f4' if big else '<f4').tobytes()
            open(f'{folder}/{name}', 'wb').write(raw)
        names.append(name)

    for kind in ('uint8', 'int8', 'int16', 'uint16', 'int32', 'uint32', 'float32', 'float64'):
        save(f'{kind}.nii', kind, 'LPS')
        save(f'{kind}_big.nii', kind, 'RAS', big=True)
    save('scaled.nii', 'int16', 'LAS', scale=(2.5, -1000))
    save('scaled_big.nii', 'uint16', 'LAS', big=True, scale=(0.25, 3))
    save('zipped.nii.gz', 'int16', 'RAS')
    for axes in ('RAS', 'LPS', 'PIR', 'ASL', 'SPL', 'IRA', 'RSA', 'AIL'):
        save(f'sform_{axes}.nii.gz', 'int16', axes, qform=False, oblique=(0.2, -0.3, 0.1))
        save(f'qform_{axes}.nii.gz', 'int16', axes, sform=False, oblique=(-0.3, 0.15, 0.35))
    print(json.dumps(names))


main(sys.argv[1])
