# SPDX-License-Identifier: GPL-3.0-or-later
"""What the scenarios share: running the program, and TAP."""
import contextlib
import faulthandler
import json
import os
import signal
import subprocess
import sys
import time

MOST_SECONDS = 400  # of one case


class Naskah:
    """The program, run as a person of a demo office would."""

    def __init__(self, program, folder):
        self.program, self.folder = program, folder
        self.seconds = self.memory = 0

    def run(self, *args, person=None, status=0, office=True, language="C.UTF-8"):
        """Runs a command and returns (what it printed, what it said).  Any exit status but @status
        fails; its time and its memory (KiB) are kept."""
        command = [self.program, *args]
        if office:
            command += ["--dir", self.folder]
        if person:
            command += ["--as", person]
        environment = dict(os.environ, LC_ALL=language)
        began = time.monotonic()
        child = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
        out, err = (text.decode("utf-8", "replace") for text in child.communicate())
        self.seconds = time.monotonic() - began
        assert child.returncode == status, (
            f"{' '.join(args)}: exit {child.returncode}, expected {status}\n{out}{err}")
        return out, err

    def ask(self, *args, **options):
        """The JSON value that a command prints on its last line."""
        out, _ = self.run(*args, "--json", **options)
        return json.loads(out.splitlines()[-1])

    def refuse(self, status, words, *args, **options):
        """A command that must fail: with one line of @words on standard error."""
        _, err = self.run(*args, status=status, **options)
        lines = [line for line in err.splitlines() if line]
        assert lines and all(word in err for word in words), f"{args}: said: {err}"
        assert "ERROR" not in err and "==" not in err, err  # a sanitizer's report is no sentence
        return err


@contextlib.contextmanager
def serving(naskah, *options):
    """A server of the office, through which commands write meanwhile."""
    child = subprocess.Popen([naskah.program, "serve", "--dir", naskah.folder, *options],
                             stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
    try:
        said = child.stderr.readline().decode()
        assert "open" in said, said
        yield
        child.send_signal(signal.SIGTERM)
        rest = child.stderr.read().decode()
        assert child.wait(60) == 0 and "ERROR" not in rest, rest
    finally:
        child.kill()
        child.wait()
        child.stderr.close()


def tool(*command, status=0):
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == status, f"{command}: {result.returncode}\n{result.stdout}{result.stderr}"
    return result.stdout


def give_up(_number, _frame):
    """A case that hangs fails by its name; what holds it up is said, and ends the program."""
    faulthandler.dump_traceback(all_threads=True)
    signal.alarm(20)  # a thread that waits for ever cannot be ended
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    raise TimeoutError(f"longer than {MOST_SECONDS} s")


def run_cases(cases, *args):
    """Runs functions in order and prints TAP; each is named by its first line of documentation."""
    failed = 0
    print(f"1..{len(cases)}", flush=True)
    for number, case in enumerate(cases, 1):
        name = case.__doc__.strip().splitlines()[0].rstrip(".")
        signal.signal(signal.SIGALRM, give_up)
        signal.alarm(MOST_SECONDS)
        try:
            case(*args)
            print(f"ok {number} {name}", flush=True)
        except (AssertionError, KeyError, ValueError, IndexError, OSError) as fault:
            failed += 1
            text = f"{type(fault).__name__}: {fault}".replace("\n", "\n# ")
            print(f"not ok {number} {name}\n# {text}", flush=True)
        signal.alarm(0)
    sys.exit(1 if failed else 0)
