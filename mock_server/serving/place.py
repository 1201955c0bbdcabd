"""Place of one worker process beside the others: the socket that they share, and their parent."""

import asyncio
import os
import socket
from dataclasses import dataclass

from mock_server.serving.listening import Server


@dataclass
class Place:
    """
    The place of one worker: the *listener* of all, and whether it *is_first*, which announces.

    *ready* is a pipe to the parent, *parent* one from it, which ends when the parent does.
    """

    listener: socket.socket
    is_first: bool
    ready: int
    parent: int

    def begin(self, server: Server) -> None:
        """
        Tell the parent that *server* answers requests; on the running event loop.

        It takes one connection at a time, to leave others to the others, and stops once the parent
        is gone.
        """
        server.at_once = 1
        os.write(self.ready, b"1")
        os.close(self.ready)
        loop = asyncio.get_running_loop()

        def gone() -> None:
            loop.remove_reader(self.parent)
            server.should_exit = True

        loop.add_reader(self.parent, gone)
