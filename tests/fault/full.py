#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""full.py NASKAH LOAD SHIM: a disk that is full, or fails, under 64 clients.

While calls fail, each answer is an acknowledgement of what is there, or an error that says so; an
answer that is not known is found out by repeating the request.  When the disk works again the same
process goes on.  Last, a real small file system, where one may be mounted."""
import errno
import os
import shutil
import subprocess
import sys
import time

from office_under_load import NotPassed, Office, Tap, work_folder
from shim import SYNC, TRUNCATE, WRITE, Shim

LOG, DATABASE, REPOSITORIES = "office.db-wal", "office.db$", "repositories"
SECONDS = 1.0  # for which calls fail,
PATIENCE = 15  # or until some have

# what fails, how, in which files, and more of the rule
CASES = {
    "the log cannot grow, the disk is full": (WRITE, errno.ENOSPC, LOG, {}),
    "the log is written by half, the disk is full": (WRITE, errno.ENOSPC, LOG, {"part": True}),
    "the tenth write of the log fails, once": (WRITE, errno.EIO, LOG, {"after": 9, "times": 1}),
    "a sync of the log fails once": (SYNC, errno.EIO, LOG, {"after": 1, "times": 1}),
    "syncs of the log fail": (SYNC, errno.EIO, LOG, {}),
    "the log cannot be copied back": (WRITE, errno.ENOSPC, DATABASE, {"after": 40}),
    "no file can be written, the disk is full": (WRITE | TRUNCATE, errno.ENOSPC, "/office/", {}),
    "the repositories' disk is full": (WRITE, errno.ENOSPC, REPOSITORIES, {}),
    "the repositories cannot be synced": (SYNC, errno.EIO, REPOSITORIES, {}),
}


def count_lines(office, kind):
    with open(office.log) as file:
        return sum(line.startswith(kind) for line in file)


def go_on(office, child):
    """The same process acknowledges again."""
    before = len(office.read_log()[0])
    office.wait_for_answers(64)
    assert len(office.read_log()[0]) > before, "nothing is acknowledged any more"
    child.send_signal(15)
    return office.end(child)


def fail(office, shim, rule):
    calls, fault, name, more = rule
    child = office.begin("--stumble", "--project", environment=shim.environment())
    shim.fail(calls, fault, name, **more)
    begun = time.monotonic()
    wanted = 1 if "times" in more else 3
    while time.monotonic() < begun + PATIENCE and (
            time.monotonic() < begun + SECONDS or shim.failed() < wanted):
        time.sleep(0.05)
    failed = shim.failed()
    during = len(office.read_log()[0])
    shim.clear()
    counted = go_on(office, child)
    assert failed > 0, "no call came to fail"
    return (f"{failed} calls failed, {counted['stumbled']} answers to try again, "
            f"{counted['unsure']} not known and found out, {during} acknowledged until then; "
            f"{office.examine(1)}")


def refuse_command(office, shim, calls, fault, name):
    """A command says what is wrong, ends with 75 or 1, and works when the disk does."""
    draft = office.folder + ".xml"
    shim.clear()
    with open(draft, "w") as file:
        file.write(LETTER)
    ask = [office.naskah, "letter", "new", draft, "--dir", office.folder, "--as", "damar"]
    office.run(*ask, environment=shim.environment())
    shim.fail(calls, fault, name)
    result = office.run(*ask, status=None, environment=shim.environment())
    shim.clear()
    assert result.returncode in (1, 75), f"exit {result.returncode}: {result.stderr}"
    lines = [line for line in result.stderr.splitlines() if line]
    assert len(lines) == 1 and lines[0].startswith("naskah: "), f"said: {result.stderr}"
    office.run(*ask, environment=shim.environment())
    office.doctor()
    return f"exit {result.returncode}, \"{lines[0]}\", then it works"


def fill(office, mount):
    """A file system of a few megabytes is filled under load, and then has room again."""
    child = office.begin("--stumble", "--project")
    ballast = os.path.join(mount, "ballast")
    with open(ballast, "wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(65536))
        except OSError as fault:
            assert fault.errno == errno.ENOSPC, fault
    waited = time.monotonic() + PATIENCE
    while count_lines(office, "stumble") == 0 and time.monotonic() < waited:
        time.sleep(0.05)
    time.sleep(SECONDS)
    os.unlink(ballast)
    counted = go_on(office, child)
    assert counted["stumbled"] > 0, "the disk was never full"
    return f"{counted['stumbled']} answers to try again; {office.examine(1)}"


def fill_file_system(template, work):
    mount = os.path.join(work, "disk")
    os.mkdir(mount)
    command = ["mount", "-t", "tmpfs", "-o", "size=48m", "naskah-fault", mount]
    if shutil.which("mount") is None or subprocess.run(command, capture_output=True).returncode != 0:
        raise NotPassed("this account may not mount one")
    try:
        office = template.clone(mount, "office")
        office.log = os.path.join(work, "full.log")
        return fill(office, mount)
    finally:
        subprocess.run(["umount", mount], check=True)


LETTER = """<letter xmlns="urn:naskah:letter:1" kind="surat-dinas" xml:lang="id">
<security>biasa</security><urgency>biasa</urgency><classification>KP.08.1</classification>
<subject>Undangan Rapat</subject><to><position ref="kepala-biro-sdm"/></to>
<reviewers><reviewer position="kepala-bagian-tata-usaha"/></reviewers>
<signatories><signatory position="kepala-biro-umum" capacity="definitive"/></signatories>
<body><p>Rapat diadakan di Aula Tirta.</p></body></letter>
"""


def main():
    tap = Tap()
    with work_folder() as work:
        shim = Shim(sys.argv[3], work)
        template = Office(sys.argv[1], sys.argv[2], work, "template").make()
        for name, rule in CASES.items():
            office = template.clone(work, "office")
            tap.run(name, fail, office, shim, rule)
            shim.clear()
            office.remove()
        office = template.clone(work, "office")
        tap.run("a command on a full disk", refuse_command, office, shim, WRITE, errno.ENOSPC, LOG)
        tap.run("a command whose sync fails", refuse_command, office, shim, SYNC, errno.EIO, LOG)
        tap.run("a small file system is full", fill_file_system, template, work)
    tap.end()


main()
