"""Files in a zip file and XML of unknown origin, both bounded: what is packed to burst is refused, not unpacked."""

import io
import zipfile
import zlib
from struct import error as struct_error
from typing import Any

from qa.errors import SourceError

MEMBER_BYTES = 64 * 2**20
"""The most that one member may hold unpacked."""
TOTAL_BYTES = 512 * 2**20
MEMBERS = 20_000


def open_zip(data: bytes) -> zipfile.ZipFile:
    """The archive in a file's bytes; raises ``SourceError`` for what is none, is encrypted or unpacks to too much."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError, struct_error) as error:
        raise SourceError("damaged: not a whole zip archive") from error
    if len(members) > MEMBERS or sum(member.file_size for member in members) > TOTAL_BYTES:
        raise SourceError(f"unpacks to more than {TOTAL_BYTES // 2**20} MB or {MEMBERS} files")
    if any(member.flag_bits & 1 for member in members):
        raise SourceError("encrypted; save it without a password")
    return archive


def read_member(archive: zipfile.ZipFile, name: str) -> bytes | None:
    """The bytes of a member, None where there is no such; raises ``SourceError`` where they cannot be had."""
    try:
        with archive.open(name) as member:
            # What a member says of its size is not believed.
            data = member.read(MEMBER_BYTES + 1)
    except KeyError:
        return None
    except (
        zipfile.BadZipFile,
        zlib.error,
        ValueError,
        OSError,
        EOFError,
        NotImplementedError,
        RuntimeError,
        struct_error,
    ) as error:
        raise SourceError(f"damaged: {name[:80]} cannot be unpacked") from error
    if len(data) > MEMBER_BYTES:
        raise SourceError(f"{name[:80]} unpacks to more than {MEMBER_BYTES // 2**20} MB")
    return data


def parse_xml(data: bytes, name: str) -> Any:
    """The root of an XML file as an ``lxml`` element: no entity is expanded, nothing is fetched."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise SourceError(f"damaged: {name[:80]} is not XML") from error
    if root is None:
        raise SourceError(f"damaged: {name[:80]} is not XML")
    return root
