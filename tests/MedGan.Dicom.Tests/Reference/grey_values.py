"""Reads pictures with PIL as 8-bit grey - of a JPEG the Y component itself, as libjpeg decodes it - and prints them as JSON."""
import base64
import json
import sys
from PIL import Image

result = []
for path in sys.stdin.read().split('\n'):
    image = Image.open(path)
    image.draft('L', image.size)
    image = image.convert('L')
    result.append({'width': image.width, 'height': image.height, 'pixels': base64.b64encode(image.tobytes()).decode()})
print(json.dumps(result))
