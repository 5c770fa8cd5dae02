"""QEMU's control protocol: commands, their answers, events.

Source: QEMU documentation, "QEMU Machine Protocol Specification".
"""

from __future__ import annotations

import json
import socket
from typing import Any, Dict, List


class QmpError(Exception):
    """QEMU refused a command; the text is its reason."""


class QmpLink:
    """One end of the control socket. Reading never blocks."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.events: List[Dict[str, Any]] = []
        self.answers: List[Dict[str, Any]] = []
        self.stops = 0  # the number of STOP events
        self.closed = False
        self._partial = b""
        sock.setblocking(False)

    def send(self, command: str, arguments: Dict[str, Any]) -> None:
        """Sends one command, which fits any socket's buffer. QEMU reads one
        character at a time, which is slow: send no unnecessary ones."""
        message: Dict[str, Any] = {"execute": command}
        if arguments:
            message["arguments"] = arguments
        text = json.dumps(message, separators=(",", ":"))
        try:
            self.sock.sendall(text.encode() + b"\n")
        except OSError:
            self.closed = True

    def receive(self) -> None:
        """Sorts what has arrived into events and answers."""
        try:
            data = self.sock.recv(1 << 16)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self.closed = True
            return
        *lines, self._partial = (self._partial + data).split(b"\n")
        for line in filter(None, (line.strip() for line in lines)):
            message = json.loads(line)
            if "event" in message:
                self.events.append(message)
                self.stops += message["event"] == "STOP"
            elif "QMP" not in message:
                self.answers.append(message)

    def take_answer(self) -> Any:
        """The oldest answer; there must be one."""
        answer = self.answers.pop(0)
        if "error" in answer:
            raise QmpError(answer["error"].get("desc", "unknown error"))
        return answer.get("return")
