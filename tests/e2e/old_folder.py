"""Data folders that earlier versions wrote (tests/folders/): how the samples are made, and how they are
read again."""

import pathlib
import tarfile

FOLDERS = pathlib.Path(__file__).resolve().parent.parent / "folders"
# When the samples were made, by the clock of the program; a little later, when they are opened again.
NOW, LATER = "2021-09-29T09:00:00+09:00", "2021-09-29T09:00:30+09:00"


def samples():
    return sorted(FOLDERS.glob("*.tar.gz"))


def unpack(sample, home):
    with tarfile.open(sample) as packed:
        packed.extractall(home)


def lists_of(client):
    """The paths of all lists of rows, whatever system they are of."""
    found = []
    for path, operations in client.get("/openapi.json").json()["paths"].items():
        if "{" in path or "get" not in operations:
            continue
        content = operations["get"]["responses"].get("200", {}).get("content", {})
        if "application/hal+json" not in content:
            continue
        if "_embedded" in client.get(path + "?size=1").json():
            found.append(path)
    return found


def rows_of(client, path):
    answer = client.get(path + "?size=1000")
    if answer.status != 200:
        raise AssertionError(f"GET {path}: {answer}")
    (rows,) = answer.json()["_embedded"].values()
    return [{name: value for name, value in row.items() if name != "_links"} for row in rows]
