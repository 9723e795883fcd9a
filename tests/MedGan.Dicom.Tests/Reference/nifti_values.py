"""The values of NIfTI files at points of the patient, in DICOM's coordinates (mm), and what their headers say, by nibabel: requests and answers are JSON."""
import json
import sys
import nibabel
import numpy

answers = []
for request in json.load(sys.stdin):
    image = nibabel.load(request['path'])
    data = numpy.asarray(image.dataobj, dtype=float)
    if data.ndim == 2:
        data = data[..., None]
    points = numpy.array(request['points']) * [-1, -1, 1]
    index = (numpy.linalg.inv(image.affine) @ numpy.c_[points, numpy.ones(len(points))].T)[:3].T
    nearest = numpy.rint(index).astype(int)
    header = image.header
    q, s = header.get_qform(coded=True), header.get_sform(coded=True)
    both = q[1] > 0 and s[1] > 0
    answers.append({
        'values': data[tuple(nearest.T)].tolist(),
        'offGrid': float(abs(index - nearest).max()),
        'formsDiffer': float(abs(q[0] - s[0]).max()) if both else None,
        'type': str(header.get_data_dtype()),
        'description': header['descrip'].tobytes().decode().rstrip('\0'),
        'shape': list(image.shape),
    })
print(json.dumps(answers))
