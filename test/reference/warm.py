"""Runs Python programs for tests, each in a fork of this process, which has imported what they need: to import torch, transformers
and TRL anew for each takes ten times as long as what most of them do.

    warm.py SOCKET MODULE...      # listens until its stdin is closed
    ask.py SOCKET PROGRAM ARG...  # runs one, as `python PROGRAM ARG...` would

PROGRAM is a script, or `trl`: then TRL's own command line, whose training script runs in the fork too and not in one more process.
"""

import contextlib
import importlib
import json
import os
import runpy
import select
import signal
import socket
import sys
import threading
import traceback


def run_script(argv):
    sys.argv = argv
    sys.path[0] = os.path.dirname(os.path.abspath(argv[0]))
    runpy.run_path(argv[0], run_name="__main__")


def run_trl(arguments):
    from accelerate.commands import launch
    from trl.cli import main

    def in_this_process(args):
        command, env = launch.prepare_simple_launcher_cmd_env(args)
        os.environ.update(env)
        run_script(command[1:])

    launch.simple_launcher = in_this_process
    sys.argv = ["trl", *arguments]
    sys.exit(main())


def play(asked, files):
    """In the fork: as a process of its own would, with the asker's folder, environment and files."""
    code = 1
    try:
        for number, file in enumerate(files):
            os.dup2(file, number)
        os.chdir(asked["cwd"])
        os.environ.clear()
        os.environ.update(asked["env"])
        program, *arguments = asked["argv"]
        if program == "trl":
            run_trl(arguments)
        else:
            run_script([program, *arguments])
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def end_with_asker(child, connection):
    """The fork's exit code, once it has ended; it is ended where its asker is, as a process of the asker's own would be."""
    ends = os.pidfd_open(child)
    gone = connection in select.select([ends, connection], [], [])[0]
    if gone:
        os.kill(child, signal.SIGTERM)
    os.close(ends)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def end_with_parent():
    sys.stdin.buffer.read()
    os._exit(0)


def attend(connection):
    """In a fork: hears what is asked for, plays it in another, and says how that ended. Nobody else waits for an asker that is slow or gone."""
    head, files, *_ = socket.recv_fds(connection, 8, 3)
    size = int.from_bytes(head, "big")
    asked = b""
    while len(asked) < size:
        more = connection.recv(size - len(asked))
        if more == b"":
            os._exit(1)
        asked += more
    if size == 0:
        os._exit(1)
    child = os.fork()
    if child == 0:
        connection.close()
        play(json.loads(asked), files)
    code = str(end_with_asker(child, connection)).encode()
    # Nobody may be left to be told.
    with contextlib.suppress(ConnectionError):
        connection.sendall(code)
    os._exit(0)


def main(address, modules):
    for name in modules:
        module, _, wanted = name.partition(":")
        loaded = importlib.import_module(module)
        # TRL and transformers load a class when it is asked for.
        for one in filter(None, wanted.split(",")):
            getattr(loaded, one)
    listener = socket.socket(socket.AF_UNIX)
    # Whoever finds the address may ask at once: between bind and listen nobody could.
    listener.bind(f"{address}.begun")
    listener.listen()
    os.rename(f"{address}.begun", address)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    threading.Thread(target=end_with_parent, daemon=True).start()
    while True:
        connection, _ = listener.accept()
        # Several may be at work: each is waited for by a process of its own.
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            listener.close()
            attend(connection)
        connection.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
