"""Development only: how much memory a server takes, for attack_server.py and load_server.py."""


def memory(pid, field="VmRSS"):
    """Megabytes (10⁶ bytes) of a process."""
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith(field)) * 1024 / 1e6
