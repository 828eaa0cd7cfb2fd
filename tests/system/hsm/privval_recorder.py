"""Stands between a stock daemon and its signer and writes down what they say."""

import json
import socket
import threading


class PrivvalRecorder:
    """The signer calls at `path`. The file gets one JSON object a line, "daemon" or "signer" holding bytes in hex."""

    def __init__(self, file, daemon_socket, path):
        self.daemon_socket, self.file, self.path = daemon_socket, open(file, "w"), path
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(path))
        self.listener.listen()
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            signer, _ = self.listener.accept()
            daemon = socket.socket(socket.AF_UNIX)
            try:
                daemon.connect(str(self.daemon_socket))
            except OSError:
                signer.close()
                continue
            for speaker, source, target in (("daemon", daemon, signer), ("signer", signer, daemon)):
                threading.Thread(target=self.pass_on, args=(speaker, source, target), daemon=True).start()

    def pass_on(self, speaker, source, target):
        try:
            while data := source.recv(65536):
                self.file.write(json.dumps({speaker: data.hex()}) + "\n")
                self.file.flush()
                target.sendall(data)
        except OSError:
            pass
        target.close()
