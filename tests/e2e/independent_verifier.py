"""A verifier of receipts, checkpoints and tiles that shares nothing with the product: written after
RFC 9162 and the C2SP specifications, with Python's hashlib and the Ed25519 of `cryptography`."""

import base64
import hashlib
import json
import struct

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def node(left, right):
    return sha256(b"\x01", left, right)


def root_of(leaves):
    """RFC 9162, 2.1.1, level by level: the last of an odd number goes up as it is."""
    if not leaves:
        return sha256()
    while len(leaves) > 1:
        pairs = [node(*leaves[i:i + 2]) for i in range(0, len(leaves) - 1, 2)]
        leaves = pairs + leaves[len(pairs) * 2:]
    return leaves[0]


def root_by_path(leaf, index, size, path):
    """The root that an audit path leads to: from the top down, so unlike the product's loop."""
    if size == 1:
        assert index == 0 and not path, "the path has the wrong length"
        return leaf
    split = 1 << (size - 1).bit_length() - 1
    assert path, "the path is too short"
    if index < split:
        return node(root_by_path(leaf, index, split, path[:-1]), path[-1])
    return node(path[-1], root_by_path(leaf, index - split, size - split, path[:-1]))


def open_checkpoint(note, vkey):
    name, key_id, key = vkey.strip().split("+", 2)
    key = base64.b64decode(key, validate=True)
    assert key[0] == 1 and sha256(name.encode(), b"\n", key)[:4].hex() == key_id
    text, _, signatures = note.rpartition("\n\n")
    text += "\n"
    ours = [line.split(" ")[2] for line in signatures.splitlines()
            if line.startswith(f"\u2014 {name} ")]
    signed = [base64.b64decode(s, validate=True) for s in ours]
    signed = [s[4:] for s in signed if s[:4].hex() == key_id]
    if not signed:
        raise InvalidSignature
    for signature in signed:
        Ed25519PublicKey.from_public_bytes(key[1:]).verify(signature, text.encode())
    origin, size, root = text.splitlines()[:3]
    assert origin == name
    return int(size), base64.b64decode(root, validate=True)


class Bytes:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, size):
        assert self.at + size <= len(self.data)
        self.at += size
        return self.data[self.at - size:self.at]

    def varint(self):
        value, shift = 0, 0
        while True:
            byte, = self.take(1)
            value |= (byte & 0x7f) << shift
            shift += 7
            if byte < 0x80:
                return value

    def text(self):
        return self.take(self.varint()).decode()


def read_entry(entry):
    """An entry as eventstore/FORMAT.md describes it."""
    data = Bytes(entry)
    position, record_format, time = struct.unpack(">QBq", data.take(17))
    assert record_format in (1, 2)
    event = {"position": position, "ms": time, "version": data.varint()}
    for name in ("stream", "type", "eventId", "correlationId", "causationId", "actor"):
        event[name] = data.text()
    event["tags"] = [data.text() for _ in range(data.varint())]
    form = b"j"
    if record_format == 2:
        attributes = {}
        for _ in range(data.varint()):
            name, kind, value = data.text(), data.take(1), data.text()
            attributes[name] = value if kind == b"s" else json.loads(value)
        if attributes:
            event["attributes"] = attributes
        form = data.take(1)
        if form != b"j":
            event["dataForm"] = {b"b": "base64", b"n": "none"}[form]
    event["data"] = None if form == b"n" else json.loads(data.text())
    assert data.at == len(entry)
    return event


def check_receipt(receipt, vkey):
    """The event that the receipt proves; an exception when it proves nothing."""
    entry = base64.b64decode(receipt["entry"], validate=True)
    leaf = sha256(b"\x00", entry)
    size, root = open_checkpoint(receipt["checkpoint"], vkey)
    assert size == receipt["treeSize"]
    path = [base64.b64decode(h, validate=True) for h in receipt["inclusionProof"]]
    assert 0 <= receipt["leafIndex"] < size
    assert root_by_path(leaf, receipt["leafIndex"], size, path) == root
    event = read_entry(entry)
    assert event["position"] == receipt["leafIndex"] + 1
    shown = {name: receipt["event"][name] for name in event if name != "ms"}
    assert shown == {name: value for name, value in event.items() if name != "ms"}
    return event


def tile_path(level, index, width=256):
    path = f"{index % 1000:03}"
    while index >= 1000:
        index //= 1000
        path = f"x{index % 1000:03}/{path}"
    return f"tile/{level}/{path}" + (f".p/{width}" if width < 256 else "")


def tiles_of(level, size):
    """The paths of all tiles of a level, with their widths."""
    count = size >> 8 * level
    return [(tile_path(level, i, min(256, count - 256 * i)), min(256, count - 256 * i))
            for i in range((count + 255) // 256)]


def split_bundle(bundle):
    data, entries = Bytes(bundle), []
    while data.at < len(bundle):
        entries.append(data.take(struct.unpack(">H", data.take(2))[0]))
    return entries
