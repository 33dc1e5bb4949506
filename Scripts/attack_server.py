"""Development only: hostile requests to a running liif serve (Scripts/attack-server).

Usage: attack_server.py URL PID MUTATIONS
"""

import collections
import json
import os
import random
import socket
import sys
import time
import urllib.parse

from process_memory import memory

# Seconds for an answer: the first enlargement waits for its features, on a machine that may have other things to do.
PATIENCE = 300
SEEDS = [
    "/iiif/3/photo/info.json", "/iiif/2/photo@16x/info.json", "/iiif/3/photo/full/max/0/default.jpg",
    "/iiif/3/photo@16x/10,20,300,200/150,100/90/gray.png", "/iiif/3/photo~bicubic/pct:10,10,50,50/^pct:200/!180/bitonal.webp",
    "/iiif/2/deep%20name/square/full/270/color.jpg", "/iiif/3/deep%20name@2x~nearest/full/!30,30/0/default.png", "/",
    "/viewer.js", "/images.json", "/health", "/metrics", "/iiif/3/photo/full/^max/0/default.jpg",
]
TOKENS = [
    "..", "../", "%2e%2e%2f", "%2F", "%5c", "\\", "//", "%00", "%", "%g0", "%ff", "%c0%ae", "%25", "%u002e", "secret.txt", "hidden",
    "link.txt", "etc/passwd", "-1", "0", "1", "9" * 10, "9" * 19, "9" * 40, "18446744073709551615", "-9223372036854775808", "1e308",
    "NaN", "inf", "0x10", "٣", "é", "\u202e", "^", "!", "pct:", ",", ",,", "@", "@16x", "@99999x", "~", "~bicubic", "full", "max",
    ".jpg", "default", ".", "?", "?x=../../", "#", ";", " ", "+", "<script>", "'", '"', "${jndi:x}", "{{7*7}}", "\x01", "\x7f",
]
TYPES = ("image/", "application/json", "application/ld+json", "text/html", "text/css", "text/javascript", "text/plain")


def mutated(rng):
    text = rng.choice(SEEDS)
    for _ in range(rng.randint(1, 3)):
        kind, place = rng.randrange(7), rng.randint(0, len(text))
        if kind == 0:
            text = text[:place] + rng.choice(TOKENS) + text[place:]
        elif kind == 1:
            end = rng.randint(place, min(len(text), place + 6))
            text = text[:place] + text[end:]
        elif kind == 2:
            text = text[:place] + chr(rng.choice([rng.randint(33, 126), rng.randint(1, 255)])) + text[place + 1:]
        elif kind == 3:
            parts = text.split("/")
            parts[rng.randrange(len(parts))] = rng.choice(TOKENS)
            text = "/".join(parts)
        elif kind == 4:
            parts = text.split("/")
            i, j = rng.randrange(len(parts)), rng.randrange(len(parts))
            parts[i], parts[j] = parts[j], parts[i]
            text = "/".join(parts)
        elif kind == 5:
            numbers = [i for i, c in enumerate(text) if c.isdigit()]
            i = rng.choice(numbers) if numbers else 0
            text = text[:i] + rng.choice(TOKENS[19:30]) + text[i + 1:]
        else:
            text = text[:place] + text[:place] + text[place:]
    return text


class Client:
    def __init__(self, host, port):
        self.host, self.port, self.socket, self.buffer = host, port, None, b""

    def connect(self):
        self.socket, self.buffer = socket.create_connection((self.host, self.port), timeout=PATIENCE), b""

    def send(self, data):
        """The status and what came; 0 where the connection was closed without an answer."""
        if self.socket is None:
            self.connect()
        try:
            self.socket.sendall(data)
            while b"\r\n\r\n" not in self.buffer:
                self.read()
            head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
            fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:] if b": " in line)
            length = int(fields.get(b"content-length", b"0"))
            if data.startswith(b"HEAD") or head[9:12] in (b"304", b"204"):
                length = 0
            while len(self.buffer) < length:
                self.read()
            body, self.buffer = self.buffer[:length], self.buffer[length:]
            if fields.get(b"connection") == b"close":
                self.close()
            return int(head[9:12]), fields, body
        except (ConnectionError, EOFError):
            self.close()
            return 0, {}, b""

    def read(self):
        chunk = self.socket.recv(65536)
        if not chunk:
            raise EOFError
        self.buffer += chunk

    def close(self):
        if self.socket is not None:
            self.socket.close()
        self.socket = None


def main():
    url, pid, count = urllib.parse.urlsplit(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    problems, statuses = [], collections.Counter()
    client = Client(url.hostname, url.port)

    def ask(raw, allowed, what):
        status, fields, body = client.send(raw)
        statuses[status] += 1
        if status not in allowed:
            problems.append(f"{status} for {what!r}")
        if b"the secret of" in body or b"root:" in body:
            problems.append(f"{what!r} gave a file that is not listed")
        if status == 200 and not fields.get(b"content-type", b"").decode().startswith(TYPES):
            problems.append(f"{what!r} has the type {fields.get(b'content-type')}")
        return status

    def request(path, method=b"GET"):
        # Bytes as they are, as a hostile client would send them.
        return method + b" " + path.encode("utf-8", "surrogatepass").replace(b"\r", b"").replace(b"\n", b"") + b" HTTP/1.1\r\nHost: x\r\n\r\n"

    def mutations(rng, number):
        for _ in range(number):
            path = mutated(rng)
            # 0: bytes that are no HTTP end the connection.
            ask(request(path), (200, 303, 400, 404, 414, 0), path)

    # Caches are full before the memory is compared.
    mutations(random.Random(0), max(count // 5, 500))
    start = memory(pid)
    mutations(random.Random(1), count)
    grown = memory(pid) - start
    print(f"{count} mutations: " + ", ".join(f"{number} × {status}" for status, number in sorted(statuses.items()))
          + f"; memory {start:.0f} MB, {grown:+.0f} MB afterwards; load of the machine {os.getloadavg()[0]:.1f}")
    if grown > 24:
        problems.append(f"the memory grew by {grown:.0f} MB")

    for path, status in [
        ("/../../secret.txt", 404), ("/iiif/3/..%2f..%2fsecret.txt/info.json", 404), ("/iiif/3/secret/info.json", 404),
        ("/iiif/3/hidden/info.json", 404), ("/iiif/3/%2fetc%2fpasswd/full/max/0/default.jpg", 404),
        ("/iiif/3/photo/full/^999999999,999999999/0/default.jpg", 400), ("/iiif/3/photo/full/^1025,/0/default.jpg", 400),
        ("/iiif/3/photo/0,0,0,0/max/0/default.jpg", 400), ("/iiif/3/photo/full/^pct:1e9/0/default.jpg", 400),
        ("/iiif/3/photo/" + "9" * 5000 + ",0,1,1/max/0/default.jpg", 400), ("/iiif/3/photo%/info.json", 400),
        ("/iiif/3/photo%00.png/info.json", 400), ("/iiif/3/%c0%ae%c0%ae/info.json", 400), ("/iiif/3/photo@1000000x/info.json", 404),
    ]:
        ask(request(path), (status,), path)
    for raw in [
        b"GET / HTTP/1.1\r\nHost: " + b"a" * 100000 + b"\r\n\r\n", b"GET /" + b"a" * 1000000 + b" HTTP/1.1\r\n\r\n", b"\x16\x03\x01\x02\x00" * 50 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"".join(b"X-%d: y\r\n" % i for i in range(5000)) + b"\r\n", b"GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999999\r\n\r\n" + b"z" * 200000,
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET http://example.org/ HTTP/1.1\r\nHost: x\r\n\r\n", b"CONNECT example.org:443 HTTP/1.1\r\nHost: x\r\n\r\n",
    ]:
        ask(raw, (0, 200, 204, 400, 404, 405, 413, 414, 431), raw[:60])
        client.close()

    # Clients that never finish, and clients that never read.
    slow = []
    for index in range(200):
        connection = socket.create_connection((url.hostname, url.port), timeout=PATIENCE)
        connection.sendall([b"GET / HT", b"GET / HTTP/1.1\r\nHost: x\r\nX: ", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\na", b""][index % 4])
        slow.append(connection)
    greedy = []
    for _ in range(100):
        connection = socket.socket()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect((url.hostname, url.port))
        connection.sendall(request("/openseadragon.js"))
        greedy.append(connection)
    begin = time.perf_counter()
    status, _, _ = Client(url.hostname, url.port).send(request("/health"))
    waited = time.perf_counter() - begin
    if status != 200:
        problems.append(f"{status} for /health beside 300 slow clients")
    peak = memory(pid)
    deadline = time.time() + 30
    closed = 0
    for connection in slow:
        connection.settimeout(max(deadline - time.time(), 0.1))
        try:
            while connection.recv(65536):
                pass
            closed += 1
        except ConnectionError:
            closed += 1
        except TimeoutError:
            pass
    print(f"300 slow clients: /health answered in {waited * 1000:.0f} ms beside them, {closed} of 200 that sent nothing more were closed; "
          f"memory {peak:.0f} MB")
    if closed < 200:
        problems.append(f"{200 - closed} connections of clients that send nothing stayed open")
    for connection in greedy:
        connection.close()
    time.sleep(1)
    status, _, body = client.send(request("/health"))
    if status != 200 or json.loads(body)["status"] != "ok":
        problems.append("the server does not answer any more")
    print(f"memory at the end {memory(pid):.0f} MB")
    for problem in problems[:20]:
        print("PROBLEM:", problem)
    sys.exit(f"{len(problems)} problems" if problems else 0)


main()
