"""Runs a command within a limit of time, and adds to its JSON file what it cost.

    run_limited.py --seconds N --json OUT [--system NAME] [--log FILE] -- COMMAND…

Adds peak_rss_mb, the largest resident memory of the process as the system counted it, and, where
the command failed or was stopped, why: runs that it had finished by then still count. Ends with 0
all the same, so that one peer does not end the table of all.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path


def ran(command, seconds, log):
    """Exit status (negative for a signal), largest resident memory in MB, and whether time ran out."""
    with open(log, "wb") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=subprocess.STDOUT, start_new_session=True)
    end = time.monotonic() + seconds
    late = False
    while True:
        done, status, usage = os.wait4(process.pid, os.WNOHANG)
        if done:
            break
        if not late and time.monotonic() > end:
            late = True
            os.killpg(process.pid, signal.SIGKILL)
        time.sleep(0.02)
    process.returncode = os.waitstatus_to_exitcode(status)
    unit = 1e6 if sys.platform == "darwin" else 1e6 / 1024
    return process.returncode, usage.ru_maxrss / unit, late


def reason(status, late, seconds, log):
    if late:
        return f"stopped after {seconds:g} s"
    if status == 0:
        return None
    if status < 0:
        return f"ended by signal {-status}" + (", perhaps for want of memory" if status == -9 else "")
    lines = [line.strip() for line in Path(log).read_text("utf-8", "replace").splitlines() if line.strip()]
    return f"failed: {lines[-1][:200] if lines else f'status {status}'}"


def main():
    parser = argparse.ArgumentParser(description="Run a command within a limit of time.")
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--json", type=Path, required=True)
    parser.add_argument("--system", default="")
    parser.add_argument("--log", type=Path)
    parser.add_argument("command", nargs="+")
    arguments = parser.parse_args()
    log = arguments.log or arguments.json.with_suffix(".log")
    arguments.json.unlink(missing_ok=True)
    try:
        status, peak, late = ran(arguments.command, arguments.seconds, log)
        why = reason(status, late, arguments.seconds, log)
    except OSError as error:
        peak, why = None, f"failed: {error}"
    try:
        result = json.loads(arguments.json.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        result = {"system": arguments.system or arguments.command[0]}
        why = why or "left no result"
    if peak is not None:
        result["peak_rss_mb"] = peak
    if why:
        result["failed"] = why
        print(f"{result['system']}: {why}", file=sys.stderr)
    arguments.json.write_text(json.dumps(result) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
