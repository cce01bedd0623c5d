#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""attack-slow.py NASKAH: connections that are kept open to wear the server out.  The attackers come
from one address and somebody who works from another; whoever works is answered all the while."""
import contextlib
import http.client
import os
import resource
import socket
import sys
import tempfile
import time

import web
from tap import Naskah, run_cases
from web import Logged, alone, made_certificate

ATTACKER, VISITOR = "127.0.0.3", "127.0.0.2"
WAIT = 3  # seconds, of the server
EACH = 30  # connections of one address
WORK = {}


def port_of(server):
    return int(server.address.rsplit(":", 1)[1])


class Visitor:
    """Somebody who works: each request on a connection of its own, from an address of his own."""

    def __init__(self, server):
        self.server, self.cookie = server, ""

    def ask(self, method, path, body=None, **headers):
        peer = http.client.HTTPConnection("127.0.0.1", port_of(self.server), timeout=120,
                                          source_address=(VISITOR, 0))
        with contextlib.closing(peer):
            host = f"127.0.0.1:{port_of(self.server)}"
            headers |= {"Origin": f"http://{host}", "Accept": "text/html", "Cookie": self.cookie,
                        "Connection": "close"}
            peer.request(method, path, body, headers)
            answer = peer.getresponse()
            return answer.status, answer.getheader("Set-Cookie") or "", answer.read()

    def sign_in(self):
        form = f"nama=sekar&sandi={WORK['password']}"
        status, cookie, _ = self.ask("POST", "/masuk", form,
                                     **{"Content-Type": "application/x-www-form-urlencoded"})
        assert status == 303 and "sesi=" in cookie, (status, cookie)
        self.cookie = "sesi=" + cookie.split("sesi=")[1].split(";")[0]

    def works(self):
        assert self.ask("GET", "/livez")[0] == 200
        status, _, page = self.ask("GET", "/beranda")
        assert status == 200 and b"sekar" in page.lower(), (status, page)


def attack(server, n, first=b"", source=ATTACKER, small=False):
    """@n connections that have sent @first; those that the server did not let in are closed by it."""
    peers = []
    for _ in range(n):
        peer = socket.socket()
        if small:
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        peer.bind((source, 0))
        peer.connect(("127.0.0.1", port_of(server)))
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            peer.sendall(first)
        peers.append(peer)
    return peers


def is_ended(peer):
    """Whether the server closed it; what it answered first is read away."""
    try:
        while True:
            if peer.recv(65536, socket.MSG_DONTWAIT) == b"":
                return True
    except BlockingIOError:
        return False
    except (ConnectionResetError, BrokenPipeError):
        return True


def wear_out(visitor, peers, bytes_of):
    """Sends a byte on each connection now and then until the server has ended all: [seconds of each].
    The visitor works meanwhile."""
    began, ends, open_ones, step = time.monotonic(), [], list(peers), 0
    while open_ones:
        for peer in list(open_ones):
            ended = is_ended(peer)
            if not ended:
                try:
                    peer.send(bytes_of(step))
                except (ConnectionResetError, BrokenPipeError):
                    ended = True
            if ended:
                ends.append(time.monotonic() - began)
                open_ones.remove(peer)
                peer.close()
        step += 1
        visitor.works()
        time.sleep(0.2)
    return ends


def served(naskah, *options):
    server = Logged(naskah, "--wait", str(WAIT), "--per-address", str(EACH), "--connections", "200", *options)
    visitor = Visitor(server)
    visitor.sign_in()
    visitor.works()  # the first page takes longer than others
    return server, visitor


def heads(naskah):
    """Heads that come a byte at a time are ended, and keep nobody from his work."""
    server, visitor = served(naskah)
    peers = attack(server, 2 * EACH, b"GET /beranda HTTP/1.1\r\nHost: kantor\r\nX: ")
    ends = wear_out(visitor, peers, lambda step: b"a")
    assert len(ends) == 2 * EACH
    kept = [seconds for seconds in ends if seconds >= WAIT - 0.5]
    assert 1 <= len(kept) <= EACH, ends  # more than that of one address were never let in
    server.stop()


def bodies(naskah):
    """Bodies that come a byte at a time are ended, and are no request."""
    server, visitor = served(naskah)
    for path, kind in (("/masuk", "application/x-www-form-urlencoded"),
                       ("/v", "multipart/form-data; boundary=x")):
        head = (f"POST {path} HTTP/1.1\r\nHost: kantor\r\nContent-Type: {kind}\r\n"
                "Content-Length: 900\r\n\r\n").encode()
        chunks = head.replace(b"Content-Length: 900", b"Transfer-Encoding: chunked")
        peers = attack(server, EACH // 2, head)
        peers += attack(server, EACH // 2, chunks)
        begin = len(peers)
        ends = wear_out(visitor, peers, lambda step: b"a")
        assert len(ends) == begin
    lines = server.stop()
    assert not [line for line in lines if line.get("status", 0) >= 500], lines


def readers(naskah):
    """Who asks for much and reads it a few bytes at a time is ended."""
    server, visitor = served(naskah)
    ask = b"GET / HTTP/1.1\r\nHost: kantor\r\nAccept: text/html\r\n\r\n"
    peers = attack(server, EACH, small=True)
    for peer in peers:
        peer.setblocking(False)
    began, open_ones, sent = time.monotonic(), list(peers), dict.fromkeys(peers, 0)
    while open_ones:
        for peer in list(open_ones):
            try:
                sent[peer] += peer.send(ask * 200)  # answers that are never read fill every buffer
            except BlockingIOError:
                pass
            except (ConnectionResetError, BrokenPipeError):
                open_ones.remove(peer)
                continue
            try:
                if peer.recv(1) == b"":
                    open_ones.remove(peer)
            except BlockingIOError:
                pass
            except (ConnectionResetError, BrokenPipeError):
                open_ones.remove(peer)
        visitor.works()
        time.sleep(0.2)
        assert time.monotonic() - began < 300, len(open_ones)
    for peer in peers:
        peer.close()
    server.stop()


def half_tls(naskah):
    """Who begins with TLS and goes no further is ended."""
    cert, key = made_certificate("lambat")
    server = Logged(naskah, "--wait", str(WAIT), "--tls-cert", cert, "--tls-key", key)
    hello = bytes.fromhex("160301020001fc0303") + bytes(32)
    for first in (b"", hello[:3], hello):
        peers = attack(server, 20, first)
        while peers:
            assert web.ask(server.address, "/livez")[0] == 200
            ended = [peer for peer in peers if is_ended(peer)]
            for peer in ended:
                peer.close()
                peers.remove(peer)
            time.sleep(0.1)
    server.stop()


def memory_of(server):
    """Resident bytes of the process, in MB."""
    with open(f"/proc/{server.child.pid}/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * resource.getpagesize() / 1e6


def is_checked(server):
    """Whether the program was built with a sanitizer, which needs memory for itself."""
    with open(f"/proc/{server.child.pid}/maps", encoding="ascii") as file:
        return "libasan" in file.read()


def room_for(wanted):
    """How many connections this process may open, at most @wanted."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    need = wanted * 4 // 3 + 513
    most = need if hard == resource.RLIM_INFINITY else min(hard, need)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    return min(wanted, (most - 512) * 3 // 4)


def idle(naskah):
    """Ten thousand connections that say nothing cost little memory, and a new visitor is answered."""
    wanted = room_for(10000)
    if wanted < 10000:
        print(f"# {wanted} connections instead of 10000: more descriptors are not allowed here")
    server = Logged(naskah, "--wait", "600", "--connections", str(wanted * 5 // 4))
    visitor = Visitor(server)
    visitor.sign_in()
    visitor.works()
    begin = memory_of(server)
    peers = attack(server, 1000)
    visitor.works()
    first = memory_of(server)
    assert first - begin <= 100, (begin, first)
    assert first <= 150 or is_checked(server), (begin, first)
    peers += attack(server, wanted - 1000)
    visitor.works()
    last = memory_of(server)
    print(f"# memory: {begin:.0f} MB, {first:.0f} with 1,000 connections, {last:.0f} with {wanted}")
    assert last - begin <= 600, (begin, last)
    assert not any(is_ended(peer) for peer in peers[:: 97])
    for peer in peers:
        peer.close()
    visitor.works()
    server.stop()


def crowd(naskah):
    """Where more come than there is room for, those that say nothing make place for who works."""
    wanted = room_for(6000)
    server = Logged(naskah, "--wait", "600", "--connections", "1000")
    visitor = Visitor(server)
    visitor.sign_in()
    peers = []
    for _ in range(0, wanted, 500):
        peers += attack(server, 500)
        visitor.works()
    open_ones = sum(not is_ended(peer) for peer in peers)
    assert open_ones <= 1000, open_ones
    for peer in peers:
        peer.close()
    server.stop()


def limits(naskah):
    """What the limits may be is said."""
    listen = ("serve", "--listen", "127.0.0.1:0")
    for wrong in (("--wait", "-1"), ("--wait", "601"), ("--connections", "3"), ("--per-address", "-5"),
                  ("--connections", "100001")):
        naskah.refuse(1, ["--wait", "600", "100000"], *listen, *wrong)
    naskah.refuse(1, ["--listen"], "serve", "--wait", "5")


def main():
    with tempfile.TemporaryDirectory() as folder:
        web.WORK["folder"] = folder
        naskah = Naskah(os.path.abspath(sys.argv[1]), os.path.join(folder, "kantor"))
        naskah.run("init", naskah.folder, "--demo", "--empty", office=False)
        with open(os.path.join(naskah.folder, "keys/demo-password"), encoding="ascii") as file:
            WORK["password"] = file.read().strip().replace(" ", "+")
        run_cases([alone(case) for case in (heads, bodies, readers, half_tls, idle, crowd, limits)], naskah)


if __name__ == "__main__":
    main()
