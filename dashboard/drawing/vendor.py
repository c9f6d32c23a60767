"""Fetch the one foreign library of the map and keep it under ``dashboard/static``.

``python -m dashboard.drawing.vendor`` packs Leaflet with npm, from whatever registry
npm is set up with, takes the files listed here and refuses any whose checksum is not
the one written here. ``--check`` only compares what is on disk.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

VENDORED = Path(__file__).parents[1] / "static" / "vendor"

PACKAGE = "leaflet"
VERSION = "1.9.4"

_SHA256 = """
db49d009c841f5ca34a888c96511ae936fd9f5533e90d8b2c4d57596f4e5641a  dist/leaflet.js
a7837102824184820dfa198d1ebcd109ff6d0ff9a2672a074b9a1b4d147d04c6  dist/leaflet.css
53e8dc25862014e4324741ca18fbe3611e11d42ef69f59f86ea8c5389647d4cb  LICENSE
"""
FILES = dict(zip(_SHA256.split()[1::2], _SHA256.split()[::2], strict=True))
"""Path within the package, and SHA-256 of the file."""


def folder() -> Path:
    """Return the folder that holds the vendored files."""
    return VENDORED / f"{PACKAGE}-{VERSION}"


def check(where: Path | None = None) -> list[str]:
    """Compare the files on disk with their checksums.

    Parameters
    ----------
    where : Path, optional
        Folder to look in; the project's own by default.

    Returns
    -------
    list of str
        One sentence for each fault; empty where all is well.
    """
    where = where or folder()
    faults = []
    for name, expected in FILES.items():
        path = where / Path(name).name
        if not path.is_file():
            faults.append(f"{path} is missing")
            continue
        found = hashlib.sha256(path.read_bytes()).hexdigest()
        if found != expected:
            faults.append(f"{path} has the checksum {found}, expected {expected}")
    return faults


def fetch() -> None:
    """Pack the library with npm and write its files.

    Raises
    ------
    ValueError
        If a file is not the one whose checksum is written here.
    """
    with tempfile.TemporaryDirectory() as temporary:
        subprocess.run(
            ["npm", "pack", "--silent", f"{PACKAGE}@{VERSION}"],
            cwd=temporary,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        (archive,) = Path(temporary).glob("*.tgz")
        staged = Path(temporary) / "staged"
        staged.mkdir()
        with tarfile.open(archive) as package:
            for name in FILES:
                member = package.extractfile(f"package/{name}")
                if member is None:
                    raise ValueError(f"{archive.name} holds no file {name}")
                (staged / Path(name).name).write_bytes(member.read())
        if faults := check(staged):
            raise ValueError("; ".join(faults))
        folder().mkdir(parents=True, exist_ok=True)
        for path in staged.iterdir():
            (folder() / path.name).write_bytes(path.read_bytes())


def main(arguments: list[str] | None = None) -> int:
    """Fetch or check, as the command line says."""
    parser = argparse.ArgumentParser(description="Leaflet, at a fixed version.")
    parser.add_argument("--check", action="store_true", help="only compare")
    if not parser.parse_args(arguments).check:
        fetch()
    faults = check()
    print("\n".join(faults) or f"{PACKAGE} {VERSION} is as expected")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
