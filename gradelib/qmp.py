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
        self.stops = 0  # times that it told that the machine stopped
        self.closed = False
        self._partial = b""
        sock.setblocking(False)

    def send(self, command: str, arguments: Dict[str, Any]) -> None:
        """Sends one command; a command fits any socket's buffer. QEMU reads
        it a character at a time, which takes long: no character is wasted."""
        message: Dict[str, Any] = {"execute": command}
        if arguments:
            message["arguments"] = arguments
        text = json.dumps(message, separators=(",", ":"))
        try:
            self.sock.sendall(text.encode() + b"\n")
        except OSError:
            self.closed = True

    def receive(self) -> None:
        """Sorts whatever has arrived into events and answers."""
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
        """The oldest answer; call only when there is one."""
        answer = self.answers.pop(0)
        if "error" in answer:
            raise QmpError(answer["error"].get("desc", "unknown error"))
        return answer.get("return")
