"""Many readers of 400,000 events at once: how long the server lets them wait."""

from __future__ import annotations

import asyncio
import random
import time
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.typing import Origin, Subprotocol

from benchmarks.figures import Figures, Row, verdict
from benchmarks.servers import CROWD_OURS, Server, lay_out_crowd, serving
from dashboard.drawing.palette import GROUP_CODES

EVENTS = 400_000
READERS = (1, 20, 50)
EVERY = 4.0  # seconds from a reader's change to the next
CHANGES = 6  # of each reader
WAIT_AIM, MEMORY_AIM = 1.0, 15  # seconds, MB
_KEPT = 10_000  # bytes from which on the browser keeps a message and is sent its name


def measure(rounds: int = CHANGES) -> list[Figures]:
    """Let readers without a browser change a filter again and again.

    Each keeps a WebSocket as a browser does, and names the messages it has had. What
    a browser draws is not in this: ``any_number`` measures it.

    Parameters
    ----------
    rounds : int
        Changes of each reader.

    Returns
    -------
    list of Figures
        Seconds until the server has answered a change, and memory for each session.
    """
    rows, remarks = [], []
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        lay_out_crowd(folder)
        with serving(CROWD_OURS, folder) as server:
            asyncio.run(_readers(server, 1, 2))  # the events are made and packed
            before = server.memory()
            for n in READERS:
                waits = asyncio.run(_readers(server, n, rounds))
                late = quantiles(waits, n=20)[-1]
                rows.append(Row((str(n),), waits, f"{late:.2f}"))
                remarks.append(
                    verdict(f"{n} readers, nineteen in twenty", late, WAIT_AIM, "s")
                )
            each = asyncio.run(_held(server, READERS[1], before))
    remarks.append(verdict("memory of a session", each, MEMORY_AIM, "MB"))
    return [
        Figures(
            title=f"Seconds until the server has answered a changed filter, "
            f"{EVENTS:,} events, one change every {EVERY:.0f} s",
            columns=("readers",),
            beside="19 in 20 within",
            rows=rows,
            remarks=remarks,
        )
    ]


async def _readers(server: Server, n: int, changes: int) -> list[float]:
    """Let ``n`` readers make changes; return how long each waited for each."""
    told = await asyncio.gather(*(_reader(server, k, changes) for k in range(n)))
    return [wait for waits in told for wait in waits]


async def _held(server: Server, n: int, before: float) -> float:
    """Return the memory that each of ``n`` open sessions adds, in MB."""
    async with asyncio.TaskGroup() as group:
        for k in range(n):
            group.create_task(_reader(server, k, 2, stay=2 * EVERY))
        await asyncio.sleep(3.5 * EVERY)  # all have made their changes, none has left
        during = server.memory()
    return max(during - before, 0) / n


async def _reader(server: Server, k: int, changes: int, stay: float = 0) -> list[float]:
    """Open a session, change the filter every few seconds; return the waits."""
    chance = random.Random(k)  # noqa: S311 - when readers act, not a secret
    address = server.address.replace("http", "ws") + "/_stcore/stream"
    waits = []
    async with websockets.connect(
        address,
        subprotocols=[Subprotocol("streamlit")],
        origin=Origin(server.address),
        max_size=None,
    ) as line:
        kept: set[str] = set()
        await _ask(line, "nothing", kept)
        for turn in range(changes):
            await asyncio.sleep(EVERY * (chance.random() if turn == 0 else 1))
            began = time.perf_counter()
            await _ask(line, GROUP_CODES[(k + turn) % len(GROUP_CODES)], kept)
            waits.append(time.perf_counter() - began)
        await asyncio.sleep(stay)
    return waits


async def _ask(line: websockets.ClientConnection, hidden: str, kept: set[str]) -> None:
    """Ask for the page with a group hidden, and wait until its script has ended."""
    message = BackMsg()
    message.rerun_script.query_string = f"n={EVENTS}&hide={hidden}"
    message.rerun_script.cached_message_hashes.extend(kept)
    await line.send(message.SerializeToString())
    while True:
        answer = ForwardMsg()
        body = await line.recv()
        answer.ParseFromString(body)
        if len(body) >= _KEPT and answer.hash:
            kept.add(answer.hash)
        if answer.WhichOneof("type") == "script_finished":
            return
