"""Run Streamlit, and write down what each run of a script costs its process.

``python -m benchmarks.watched LOG PROFILE run app.py ...`` writes one line of JSON to
LOG for each run. PROFILE is a folder for the profile of each run, or ``-`` for none: a
profile makes a run several times as slow, so its own times are no measurement.
"""

from __future__ import annotations

import cProfile
import json
import sys
import time
from pathlib import Path
from typing import Any

from streamlit.runtime.scriptrunner import script_runner
from streamlit.web import cli


def watch(log: Path, profiles: Path | None) -> None:
    """Have each run of a script written down.

    Parameters
    ----------
    log : Path
        File to add lines to: ``process`` is the CPU time of the whole process when
        the run began, ``thread`` the CPU time of the run in its own thread, with the
        collection of garbage after it; both in seconds.
    profiles : Path or None
        Folder for the profiles.
    """
    run = script_runner.ScriptRunner._run_script

    def watched_run(runner: Any, *arguments: Any) -> None:
        process, thread = time.process_time(), time.thread_time()
        if profiles is None:
            run(runner, *arguments)
        else:
            profile = cProfile.Profile()
            profile.runcall(run, runner, *arguments)
            profile.dump_stats(profiles / f"{time.time_ns()}.prof")
        line = {"process": process, "thread": time.thread_time() - thread}
        with log.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")

    script_runner.ScriptRunner._run_script = watched_run  # type: ignore[method-assign, assignment]


if __name__ == "__main__":
    _, log_path, profile_path, *streamlit = sys.argv
    watch(Path(log_path), None if profile_path == "-" else Path(profile_path))
    cli.main(streamlit, prog_name="streamlit", standalone_mode=False)
