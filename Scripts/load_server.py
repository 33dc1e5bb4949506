"""Development only: 64 viewers' tile requests to a running liif serve (Scripts/load-server).

Usage: load_server.py URL PID SECONDS CACHE_MEGABYTES
"""

import asyncio
import collections
import json
import os
import random
import sys
import time
import urllib.parse
import urllib.request

from process_memory import memory

VIEWERS, CONNECTIONS = 64, 2


class Connection:
    """Keep-alive HTTP/1.1 by hand: the client must cost less than the server."""

    def __init__(self, host, port):
        self.host, self.port, self.stream = host, port, None

    async def get(self, path):
        if self.stream is None:
            self.stream = await asyncio.open_connection(self.host, self.port)
        reader, writer = self.stream
        start = time.perf_counter()
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\n\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        status = int(head.split(" ", 2)[1])
        length = next(int(line.split(":")[1]) for line in head.split("\r\n") if line.lower().startswith("content-length:"))
        body = await reader.readexactly(length)
        return status, time.perf_counter() - start, body


def tile(info, image, rng, depth):
    """The URI of a tile as OpenSeadragon asks for it."""
    scale = rng.choice(info["tiles"][0]["scaleFactors"][depth:])
    side = 512 * scale
    x = rng.randrange((info["width"] + side - 1) // side) * side
    y = rng.randrange((info["height"] + side - 1) // side) * side
    w, h = min(side, info["width"] - x), min(side, info["height"] - y)
    size = f"{-(-w // scale)},{-(-h // scale)}"
    return f"/iiif/3/{image}/{x},{y},{w},{h}/{size}/0/default.jpg"


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000 if ordered else float("nan")


def metrics(url):
    text = urllib.request.urlopen(url + "/metrics").read().decode()
    return {line.split(" ")[0]: float(line.split(" ")[1]) for line in text.splitlines() if not line.startswith("#")}


async def main():
    url, pid, seconds, caches = sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4])
    parts = urllib.parse.urlsplit(url)
    images = json.load(urllib.request.urlopen(url + "/images.json"))["images"]
    infos = {}
    for entry in images:
        for suffix in ["@16x", "@16x~bicubic"]:
            name = urllib.parse.quote(entry["id"], safe="") + suffix
            infos[name] = json.load(urllib.request.urlopen(f"{url}/iiif/3/{name}/info.json"))
    print(f"{len(images)} images; load of the machine {os.getloadavg()[0]:.1f}; memory at the start {memory(pid):.0f} MB")

    # One after the other, without load: an uncached tile, beside what the engine itself took.
    rng, alone = random.Random(1), Connection(parts.hostname, parts.port)
    name = next(iter(infos))
    await alone.get(tile(infos[name], name, rng, 0))
    before, times = metrics(url), []
    while len(times) < 12:
        info = infos[name]
        x, y = rng.randrange(info["width"] - 512), rng.randrange(info["height"] - 512)
        status, duration, _ = await alone.get(f"/iiif/3/{name}/{x},{y},512,512/max/0/default.jpg")
        times.append(duration)
    after = metrics(url)
    def mean(key):
        count = after[key + "_count"] - before[key + "_count"]
        return (after[key + "_sum"] - before[key + "_sum"]) / max(count, 1) * 1000
    print(f"uncached 512×512 tile at 16×: median {percentile(times, 0.5):.0f} ms, mean {sum(times) / len(times) * 1000:.0f} ms; "
          f"of this rendering and compression {mean('liif_render_seconds'):.0f} ms, the engine alone {mean('liif_engine_seconds'):.0f} ms")

    # Everybody at once.
    statuses, durations, known, peak = collections.Counter(), [], set(), memory(pid)
    end = time.perf_counter() + seconds

    async def view(seed):
        rng, connection = random.Random(seed), Connection(parts.hostname, parts.port)
        while time.perf_counter() < end:
            name = rng.choice(list(infos))
            # Viewers look at the same places more often than not.
            path = rng.choice(tuple(known)) if known and rng.random() < 0.7 else tile(infos[name], name, rng, 0)
            try:
                status, duration, _ = await connection.get(path)
            except (ConnectionError, asyncio.IncompleteReadError):
                statuses["closed"] += 1
                connection.stream = None
                continue
            statuses[status] += 1
            durations.append(duration)
            if status == 200 and len(known) < 400:
                known.add(path)
            if status == 503:
                await asyncio.sleep(0.2)

    async def watch():
        nonlocal peak
        while time.perf_counter() < end:
            peak = max(peak, memory(pid))
            await asyncio.sleep(0.1)

    before = metrics(url)
    await asyncio.gather(watch(), *[view(seed) for seed in range(VIEWERS * CONNECTIONS)])
    after = metrics(url)
    print(f"{VIEWERS} viewers with {CONNECTIONS} connections for {seconds:.0f} s: "
          + ", ".join(f"{count} × {status}" for status, count in sorted(statuses.items(), key=str))
          + f"; {after['liif_images_rendered_total'] - before['liif_images_rendered_total']:.0f} rendered, "
          f"{after['liif_image_cache_hits_total'] - before['liif_image_cache_hits_total']:.0f} from the cache")
    print(f"all answers: median {percentile(durations, 0.5):.0f} ms, 95 % {percentile(durations, 0.95):.0f} ms")

    # Tiles that are in the cache, asked for by all viewers at once.
    cached = list(known)[-64:]
    # The first connection has been idle for too long.
    alone = Connection(parts.hostname, parts.port)
    for path in cached:
        await alone.get(path)
    durations, before = [], metrics(url)

    async def again(seed):
        rng, connection = random.Random(seed), Connection(parts.hostname, parts.port)
        for _ in range(40):
            status, duration, _ = await connection.get(rng.choice(cached))
            statuses[status] += 1
            durations.append(duration)
            await asyncio.sleep(rng.random() * 0.5)

    await asyncio.gather(*[again(seed) for seed in range(VIEWERS)])
    after = metrics(url)
    print(f"cached tiles, 64 viewers: median {percentile(durations, 0.5):.1f} ms, 95 % {percentile(durations, 0.95):.1f} ms; "
          f"{after['liif_images_rendered_total'] - before['liif_images_rendered_total']:.0f} of {len(durations)} had to be rendered")
    highest = memory(pid, "VmHWM")
    used = sum(after[f"liif_{name}_cache_bytes"] for name in ["image", "feature", "picture"]) / 1e6
    print(f"memory: highest {highest:.0f} MB; the caches may take {caches:.0f} MB and hold {used:.0f} MB; "
          f"at the end {memory(pid):.0f} MB; load of the machine {os.getloadavg()[0]:.1f}")
    bad = {status: count for status, count in statuses.items() if status not in (200, 503)}
    sys.exit(f"other answers than 200 and 503: {bad}" if bad else 0)


asyncio.run(main())
