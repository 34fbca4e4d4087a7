"""A reader and a writer of safetensors files with nothing but the standard library.

usage: safetensors_file.py read FILE     prints metadata, types, shapes and numbers as JSON
       safetensors_file.py write FILE    writes one array of each kind that others may write
"""

import json
import struct
import sys

FORMATS = {"F64": "d", "F32": "f", "F16": "e", "I64": "q", "I32": "i", "I16": "h", "I8": "b",
           "U32": "I", "U16": "H", "U8": "B", "BOOL": "?"}


def read(path):
    with open(path, "rb") as file:
        content = file.read()
    (length,) = struct.unpack_from("<Q", content)
    assert length % 8 == 0, "the numbers are not aligned"
    header = json.loads(content[8:8 + length])
    metadata = header.pop("__metadata__", {})
    numbers, expected, arrays = content[8 + length:], 0, {}
    for name, entry in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
        begin, end = entry["data_offsets"]
        assert begin == expected, f"a gap before {name}"
        count = 1
        for size in entry["shape"]:
            count *= size
        values = struct.unpack(f"<{count}{FORMATS[entry['dtype']]}", numbers[begin:end])
        arrays[name] = {"dtype": entry["dtype"], "shape": entry["shape"], "values": values}
        expected = end
    assert expected == len(numbers), "something follows the numbers"
    print(json.dumps({"metadata": metadata, "arrays": arrays}))


def write(path):
    def packed(kind, *values):
        return struct.pack(f"<{len(values)}{FORMATS[kind]}", *values)

    # The upper half of a float32 is a bfloat16.
    upper_halves = b"".join(struct.pack("<f", x)[2:] for x in (1.5, -2.0, 0.0))
    arrays = [
        ("half", "F16", [2, 2], packed("F16", 1.5, -2.0, 0.25, 6e4)),
        ("brain", "BF16", [3], upper_halves),
        ("single", "F32", [1, 3], packed("F32", 1.5, -2.0, 1e-30)),
        ("double", "F64", [2], packed("F64", 0.1, -1e300)),
        ("long", "I64", [2], packed("I64", 1 << 40, -1)),
        ("int", "I32", [2], packed("I32", 1 << 20, -1)),
        ("short", "I16", [2], packed("I16", 300, -1)),
        ("byte", "I8", [2], packed("I8", 100, -1)),
        ("unsigned int", "U32", [2], packed("U32", (1 << 32) - 1, 1)),
        ("unsigned short", "U16", [2], packed("U16", 65535, 1)),
        ("unsigned byte", "U8", [2], packed("U8", 255, 1)),
        ("scalar", "F32", [], packed("F32", 7.0)),
        ("empty", "F32", [0, 5], b""),
        ("naïve \"name\"", "BOOL", [2], packed("BOOL", True, False)),
    ]
    entries, offset = [], 0
    for name, kind, shape, content in arrays:
        entries.append((name, {"shape": shape, "data_offsets": [offset, offset + len(content)],
                               "dtype": kind}))
        offset += len(content)
    entries.append(("__metadata__", {"model": "Ünïcode"}))
    # The order in the header is free, and writers pad it with spaces.
    header = json.dumps(dict(reversed(entries)), ensure_ascii=False).encode() + b"   "
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(header)) + header)
        for _, _, _, content in arrays:
            file.write(content)


if __name__ == "__main__":
    {"read": read, "write": write}[sys.argv[1]](sys.argv[2])
