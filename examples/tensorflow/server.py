#!/usr/bin/env python3
"""A TensorFlow model behind KServe's V2 and TensorFlow Serving's REST routes, with nothing but the standard library beside TensorFlow.

    server.py --port PORT [--name NAME] [--concurrency N] [--saved-model FOLDER]

Without a saved model it makes a dense network of 16 inputs and 4 outputs with fixed random weights. It listens at once, and is
ready (GET /v2/health/ready answers 200) when the model is loaded. Up to N requests run at once; more of them wait.
SIGTERM lets it finish what runs. The first line it prints is `listening 127.0.0.1:PORT`.
"""
import argparse
import json
import os
import signal
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

INPUTS, OUTPUTS, HIDDEN = 16, 4, (256, 256, 256)
BODY_LIMIT = 16 << 20
BOUNDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)


class Refusal(Exception):
    """A request that gets another answer than it hoped for."""

    def __init__(self, status, message):
        super().__init__(message)
        self.status = status


def random_network(tf):
    generator = tf.random.Generator.from_seed(11)
    sizes = (INPUTS, *HIDDEN, OUTPUTS)
    layers = [tf.constant(generator.normal(shape) * shape[0] ** -0.5) for shape in zip(sizes, sizes[1:])]

    @tf.function(input_signature=[tf.TensorSpec((None, INPUTS), tf.float32)])
    def network(rows):
        for layer in layers[:-1]:
            rows = tf.nn.relu(rows @ layer)
        return rows @ layers[-1]

    return network


def saved_network(tf, folder):
    model = tf.saved_model.load(folder)
    signature = model.signatures["serving_default"]
    name = next(iter(signature.structured_input_signature[1]))

    def network(rows):
        return next(iter(signature(**{name: rows}).values()))

    network.owner = model  # else its variables are freed
    return network


class Model:
    """The network when it is loaded, and the counts of what it did."""

    def __init__(self, options):
        self.options = options
        self.name = options.name
        self.predict = None
        self.failure = None
        self.places = threading.BoundedSemaphore(options.concurrency)
        self.lock = threading.Lock()
        self.waiting = self.running = self.failed = 0
        self.counts = [0] * (len(BOUNDS) + 1)
        self.seconds = 0.0

    def load(self):
        try:
            import tensorflow as tf

            tf.config.threading.set_intra_op_parallelism_threads(1)
            folder = self.options.saved_model
            network = saved_network(tf, folder) if folder else random_network(tf)

            def predict(rows):
                return network(tf.constant(rows, tf.float32)).numpy().tolist()

            if not folder:
                predict([[0.0] * INPUTS])  # the first call is slow
            self.predict = predict
        except Exception as error:  # whatever it is, the process is of no use
            print(f"the model cannot be loaded: {error}", file=sys.stderr, flush=True)
            os._exit(1)

    def run(self, rows):
        if self.predict is None:
            raise Refusal(503, "the model is loading; ask again")
        self.count(waiting=1)
        with self.places:
            self.count(waiting=-1, running=1)
            start = time.monotonic()
            try:
                return self.predict(rows)
            except Exception as error:  # TensorFlow tells of wrong shapes by many classes
                self.count(failed=1)
                raise Refusal(400, f"the model refused the input: {str(error)[:300]}") from error
            finally:
                self.finish(time.monotonic() - start)

    def count(self, waiting=0, running=0, failed=0):
        with self.lock:
            self.waiting += waiting
            self.running += running
            self.failed += failed

    def finish(self, seconds):
        with self.lock:
            self.running -= 1
            self.seconds += seconds
            self.counts[sum(bound < seconds for bound in BOUNDS)] += 1

    def metrics(self):
        with self.lock:
            label = f'model="{self.name}"'
            lines = []
            for name, kind, value in (
                ("tensorflow_model_ready", "gauge", int(self.predict is not None)),
                ("tensorflow_requests_waiting", "gauge", self.waiting),
                ("tensorflow_requests_running", "gauge", self.running),
                ("tensorflow_request_failures_total", "counter", self.failed),
            ):
                lines += [f"# TYPE {name} {kind}", f"{name}{{{label}}} {value}"]
            lines.append("# TYPE tensorflow_request_seconds histogram")
            total = 0
            for bound, count in zip((*BOUNDS, "+Inf"), self.counts):
                total += count
                lines.append(f'tensorflow_request_seconds_bucket{{{label},le="{bound}"}} {total}')
            lines.append(f"tensorflow_request_seconds_sum{{{label}}} {self.seconds}")
            lines.append(f"tensorflow_request_seconds_count{{{label}}} {total}")
        return "\n".join(lines) + "\n"


def rows_of(tensor):
    """The rows of a V2 tensor, whose data may be flat or nested."""
    data, shape = tensor["data"], tensor["shape"]
    if data and isinstance(data[0], list):
        return data
    count, width = shape
    if count * width != len(data):
        raise Refusal(400, f"shape {shape} does not fit {len(data)} values")
    return [data[row * width : (row + 1) * width] for row in range(count)]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 120
    model = None

    def log_message(self, *_):
        pass

    def send(self, status, answer, kind="application/json"):
        body = (answer if isinstance(answer, str) else json.dumps(answer)).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        name, is_ready = self.model.name, self.model.predict is not None
        ready = (200 if is_ready else 503, {"ready": is_ready})
        state = {"version": "1", "state": "AVAILABLE" if is_ready else "LOADING", "status": {"error_code": "OK"}}
        tensor = {"name": "x", "datatype": "FP32", "shape": [-1, INPUTS]}
        answers = {
            "/v2/health/live": (200, {"live": True}),
            "/v2/health/ready": ready,
            f"/v2/models/{name}/ready": ready,
            f"/v2/models/{name}": (200, {
                "name": name, "versions": ["1"], "platform": "tensorflow", "inputs": [tensor],
                "outputs": [{"name": "y", "datatype": "FP32", "shape": [-1, OUTPUTS]}]}),
            f"/v1/models/{name}": (200, {"model_version_status": [state]}),
        }
        if self.path == "/metrics":
            return self.send(200, self.model.metrics(), "text/plain; version=0.0.4")
        self.send(*answers.get(self.path, (404, {"error": f"nothing at {self.path[:100]}"})))

    def do_POST(self):
        try:
            self.send(200, self.answer(self.body()))
        except Refusal as refusal:
            self.send(refusal.status, {"error": str(refusal)})

    def body(self):
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > BODY_LIMIT:
            self.close_connection = True
            raise Refusal(413, f"send a Content-Length of {BODY_LIMIT} at most")
        try:
            return json.loads(self.rfile.read(int(length)))
        except ValueError:
            raise Refusal(400, "the body is no JSON") from None

    def answer(self, body):
        name = self.model.name
        try:
            if self.path == f"/v1/models/{name}:predict":
                return {"predictions": self.model.run(body["instances"])}
            if self.path == f"/v2/models/{name}/infer":
                out = self.model.run(rows_of(body["inputs"][0]))
                flat = [value for row in out for value in row]
                tensor = {"name": "y", "datatype": "FP32", "shape": [len(out), OUTPUTS], "data": flat}
                return {"model_name": name, "model_version": "1", "id": body.get("id", ""), "outputs": [tensor]}
        except (KeyError, IndexError, TypeError, ValueError, AttributeError):
            raise Refusal(400, "send `instances`, or `inputs` with one tensor of shape and data") from None
        raise Refusal(404, f"nothing at {self.path[:100]}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--name", default="scores")
    parser.add_argument("--concurrency", type=int, default=1)
    parser.add_argument("--saved-model", metavar="FOLDER")
    options = parser.parse_args()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
    model = Handler.model = Model(options)
    ThreadingHTTPServer.request_queue_size = 128
    ThreadingHTTPServer.daemon_threads = True
    server = ThreadingHTTPServer(("127.0.0.1", options.port), Handler)
    print(f"listening 127.0.0.1:{server.server_address[1]}", flush=True)
    threading.Thread(target=model.load, daemon=True).start()
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    server.serve_forever()
    while model.waiting + model.running > 0:
        time.sleep(0.01)
    time.sleep(0.05)  # for the last answer to be written


if __name__ == "__main__":
    main()
