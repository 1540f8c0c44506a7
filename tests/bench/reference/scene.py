"""What the measurements of reference/ share: a network namespace, and a daemon in it."""

import contextlib
import os
import pathlib
import re
import socket
import subprocess
import sys
import time

ADDRESS = "127.0.0.1"
NEIGHBOUR = "127.0.0.2"


@contextlib.contextmanager
def namespace():
    """Yields what to put before a command so that it runs in there. Its loopback is all there is,
    and its routes say "cubic": what congestion control the machine prefers is no part of what is
    measured."""
    name = f"lanpeer-bench-{os.getpid()}"
    inside = ["ip", "netns", "exec", name]
    subprocess.run(["ip", "netns", "add", name], check=True)
    try:
        subprocess.run(inside + ["ip", "link", "set", "lo", "up"], check=True)
        # By route: a namespace may not choose just any default.
        for prefix in (ADDRESS, "127.0.0.0/8"):
            subprocess.run(inside + ["ip", "route", "replace", "local", prefix, "dev", "lo",
                                     "table", "local", "proto", "kernel", "scope", "host",
                                     "src", ADDRESS, "congctl", "cubic"], check=True)
        yield inside
    finally:
        subprocess.run(["ip", "netns", "del", name], check=True)


class Process:
    """A server that runs, as a child."""

    def __init__(self, name, command, **options):
        self.name = name
        self.process = subprocess.Popen(command, **options)

    def pids(self):
        """Its own and its children's: nginx works in one."""
        own = self.process.pid
        children = f"/proc/{own}/task/{own}/children"
        return [own] + [int(pid) for pid in pathlib.Path(children).read_text().split()]

    def resident_kib(self):
        total = 0
        for pid in self.pids():
            status = pathlib.Path(f"/proc/{pid}/status").read_text()
            total += int(re.search(r"VmRSS:\s+(\d+)", status)[1])
        return total

    def cpu_s(self):
        """On a processor so far, all threads, to the nanosecond."""
        total = 0
        for pid in self.pids():
            for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
                total += int((task / "schedstat").read_text().split()[0])
        return total / 1e9

    def stop(self):
        self.process.terminate()
        self.process.wait()


def await_listening(inside, port, what):
    for _ in range(200):
        probe = subprocess.run(inside + ["bash", "-c", f"exec 3<>/dev/tcp/{ADDRESS}/{port}"],
                               stderr=subprocess.DEVNULL)
        if probe.returncode == 0:
            return
        time.sleep(0.05)
    raise RuntimeError(f"{what} does not listen on {port}")


class Daemon(Process):
    """lanpeerd on the namespace's loopback, with files on offer and no other limit than memory."""

    PORT = 6515

    def __init__(self, inside, build, directory, settings=()):
        self._inside = inside
        self._build = build
        self._socket = str(directory / "control.sock")
        state = directory / "state"
        state.mkdir(mode=0o700)
        command = [f"{build}/bin/lanpeerd", "--foreground", "--state-dir", str(state),
                   "--socket", self._socket, "--set", "loopback=on",
                   "--set", "store.free_disk_bytes=0", "--set", "log_level=warning"]
        for setting in settings:
            command += ["--set", setting]
        super().__init__("lanpeerd", inside + command)
        self.port = self.PORT
        await_listening(inside, self.port, self.name)

    def offer(self, url, file):
        """Puts a file on offer. Returns the path under which it is served, as a neighbour on the
        LAN learns it: by "I need"."""
        subprocess.run([f"{self._build}/bin/lanpeer", "--socket", self._socket, "offer", url,
                        str(file)], check=True, stdout=subprocess.DEVNULL)
        asked = subprocess.run(self._inside + [sys.executable, __file__, url],
                               check=True, capture_output=True, text=True)
        return asked.stdout.strip()


def ask(url):
    """Runs inside: asks for the URL once, prints the path of the first answer's location."""
    asker = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    asker.bind((NEIGHBOUR, 0))
    asker.settimeout(5)
    packet = (f'<service type="request" version="1.0" ID="{os.getpid()}" node="bench" method="get" '
              f'href="{url}" acceptprotocol="http" delay="0"/>')
    asker.sendto(packet.encode(), (ADDRESS, 1967))
    answer = asker.recv(2000).decode()
    location = re.search(r'location="http://[^/"]+/([^"]+)"', answer)
    if location is None:
        raise RuntimeError(f"no location in {answer}")
    print(location[1])


if __name__ == "__main__":
    ask(sys.argv[1])
