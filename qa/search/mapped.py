"""Arrays and lines of files that are mapped, so that what nobody asks for is never read.

A file of arrays begins with a line of JSON that names type, shape and place of each; a file of lines has its lines, and
where each ends is an array elsewhere.
"""

import json
import mmap
from array import array
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

ALIGNED = 64
"""Bytes that an array's place is a multiple of, counted from the end of the first line."""


def map_file(path: Path) -> Any:
    """The bytes of a file, which stay what they are while they are held, also when the file is removed."""
    with path.open("rb") as file:
        # What is empty cannot be mapped.
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if path.stat().st_size else b""


def map_rows(path: Path, rows: int) -> NDArray[np.float32]:
    """A file of nothing but float32 rows as a matrix."""
    return np.frombuffer(map_file(path), np.float32).reshape(rows, -1) if rows else np.zeros((0, 0), np.float32)


def write_arrays(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write arrays of one axis by name."""
    head, place = {}, 0
    for name, values in arrays.items():
        head[name] = [values.dtype.str, len(values), place]
        place += -(-values.nbytes // ALIGNED) * ALIGNED
    with path.open("wb") as file:
        line = json.dumps(head).encode()
        file.write(line + b" " * (-(len(line) + 1) % ALIGNED) + b"\n")
        for values in arrays.values():
            file.write(values.tobytes() + b"\0" * (-values.nbytes % ALIGNED))


def map_arrays(path: Path) -> dict[str, NDArray[Any]]:
    """The arrays that ``write_arrays`` wrote."""
    data = map_file(path)
    begin = data.find(b"\n") + 1
    return {
        name: np.frombuffer(data, kind, length, begin + place)
        for name, (kind, length, place) in json.loads(data[:begin]).items()
    }


def write_lines(path: Path, lines: Iterable[str]) -> NDArray[np.int64]:
    """Write lines, which end in their only line feed; gives where in the file each ends."""
    ends, end = array("q"), 0
    with path.open("wb") as file:
        for line in lines:
            data = line.encode()
            file.write(data)
            ends.append(end := end + len(data))
    return np.array(ends, np.int64)


class Lines:
    """The lines that ``write_lines`` wrote, by number."""

    def __init__(self, path: Path, ends: NDArray[np.int64]) -> None:
        self._data, self._ends = map_file(path), ends

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, row: int) -> str:
        begin = int(self._ends[row - 1]) if row else 0
        return str(self._data[begin : int(self._ends[row])], "utf-8")

    def __iter__(self) -> Iterator[str]:
        return (self[row] for row in range(len(self)))
