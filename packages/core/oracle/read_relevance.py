"""Reads a relevance file with pyarrow and says what is in it: that other programs can, is part of the format.

    python -m venv venv && venv/bin/pip install pyarrow numpy
    venv/bin/python packages/core/oracle/read_relevance.py FILE.arrow [directions-small.io.safetensors]
    venv/bin/python packages/core/oracle/read_relevance.py FILE.arrow --rewrite OTHER.arrow

With a file of expected columns it compares. With --rewrite it writes the table again with pyarrow, in two batches: a file
of another writer for this project's reader.
"""
import json
import struct
import sys

import numpy as np
import pyarrow as pa

table = pa.ipc.open_file(sys.argv[1]).read_all()
table.validate(full=True)
print(table.schema.to_string(truncate_metadata=False))
print(f"{table.num_rows} rows")
direction = np.stack(table["direction"].to_numpy(zero_copy_only=False))
lengths = np.linalg.norm(direction, axis=1)
print(f"directions {direction.shape}, {int((lengths > 0).sum())} of them with length {lengths[lengths > 0].min():.4f} to {lengths.max():.4f}")
assert set(table.schema.metadata) == {
    b"formatVersion", b"generatorSha256", b"clipSha256", b"images", b"amplitude", b"method", b"seed", b"source"}

if len(sys.argv) > 3 and sys.argv[2] == "--rewrite":
    with pa.ipc.new_file(sys.argv[3], table.schema) as writer:
        for batch in table.to_batches(max_chunksize=100):
            writer.write_batch(batch)
elif len(sys.argv) > 2:
    data = open(sys.argv[2], "rb").read()
    size = struct.unpack("<Q", data[:8])[0]
    for name, entry in json.loads(data[8:8 + size]).items():
        if name.startswith("direction"):
            continue
        begin, end = (8 + size + i for i in entry["data_offsets"])
        expected = np.frombuffer(data[begin:end], {"I16": np.int16, "F32": np.float32}[entry["dtype"]])
        assert np.array_equal(table[name].to_numpy(), expected), name
    print("columns equal")
