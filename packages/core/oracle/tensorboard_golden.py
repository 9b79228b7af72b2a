"""Events as PyPI's tensorboard writes them, to compare ours with byte by byte.

    python -m venv venv && venv/bin/pip install tensorboard
    venv/bin/python oracle/tensorboard_golden.py fixtures/tensorboard-events.bin

The events are the ones that src/experiment/tensorboard-event.test.ts encodes.
"""
import base64
import sys

from tensorboard import version
from tensorboard.compat.proto.event_pb2 import Event, SessionLog
from tensorboard.compat.proto.summary_pb2 import Summary, SummaryMetadata
from tensorboard.compat.proto.tensor_pb2 import TensorProto
from tensorboard.compat.proto.tensor_shape_pb2 import TensorShapeProto
from tensorboard.compat.proto.types_pb2 import DT_STRING
from tensorboard.summary.writer.record_writer import RecordWriter

# One red pixel.
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJggg=="
)


def scalars(values):
    return Summary(value=[Summary.Value(tag=tag, simple_value=value) for tag, value in values])


def picture(tag, png, height, width, channels):
    image = Summary.Image(height=height, width=width, colorspace=channels, encoded_image_string=png)
    return Summary(value=[Summary.Value(tag=tag, image=image)])


def text(tag, words):
    tensor = TensorProto(dtype=DT_STRING, tensor_shape=TensorShapeProto(), string_val=[words.encode()])
    metadata = SummaryMetadata(plugin_data=SummaryMetadata.PluginData(plugin_name="text"))
    return Summary(value=[Summary.Value(tag=tag, tensor=tensor, metadata=metadata)])


events = [
    Event(wall_time=1700000000.25, file_version="brain.Event:2"),
    Event(wall_time=1700000001.5, step=7, session_log=SessionLog(status=SessionLog.START)),
    Event(wall_time=1700000002, step=300, summary=scalars([("total", 0.1), ("zero", 0.0), ("bad", float("nan")), ("a/b", -1e-30)])),
    Event(wall_time=1700000003, step=2**40 + 5, summary=picture("samples", PNG, 1, 1, 4)),
    Event(wall_time=1700000004, summary=text("prompt", "purple hair, 紫の髪 " + "x" * 200)),
]
with open(sys.argv[1], "wb") as file:
    writer = RecordWriter(file)
    for event in events:
        writer.write(event.SerializeToString(deterministic=True))
print(f"{len(events)} events by tensorboard {version.VERSION}")
