"""Writes the measured series on even grids: out/SET/NAME.csv with the columns timestamp (seconds) and value.

A sample that the source does not have is an empty value. Usage: series.py DATA OUT, DATA being the folder of measured data.
"""

import csv
import gzip
import json
import pathlib
import statistics
import sys
from datetime import datetime


def open_text(path):
    return gzip.open(path, "rt") if path.suffix == ".gz" else open(path)


def seconds(text):
    text = text.replace("T", " ")[:26]
    pattern = "%Y-%m-%d %H:%M:%S.%f" if "." in text else "%Y-%m-%d %H:%M:%S"
    return (datetime.strptime(text, pattern) - datetime(1970, 1, 1)).total_seconds()


def gridded(samples):
    """Samples on a grid of their median distance; those that share a cell are averaged."""
    samples.sort()
    distances = [after[0] - before[0] for before, after in zip(samples, samples[1:])]
    step = statistics.median(distances)
    cells = {}
    for time, value in samples:
        cells.setdefault(round((time - samples[0][0]) / step), []).append(value)
    return step, [statistics.mean(cells[i]) if i in cells else None for i in range(max(cells) + 1)]


def write(out, name, step, values):
    path = out / f"{name}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w") as file:
        file.write("timestamp,value\n")
        for index, value in enumerate(values):
            file.write(f"{index * step:g},{'' if value is None else repr(value)}\n")


def nab(data, out):
    for path in sorted((data / "forecasting/nab").rglob("*.csv*")):
        with open_text(path) as file:
            rows = [(seconds(row["timestamp"]), float(row["value"])) for row in csv.DictReader(file)]
        write(out, "nab/" + path.name.split(".csv")[0], *gridded(rows))


def azure_2023(data, out):
    """Requests and prompt tokens per second in steps of 10 s; the last, unfinished one is left out."""
    step = 10
    for service in ("code", "conv"):
        with open(data / f"traces/azure-llm-2023/AzureLLMInferenceTrace_{service}.csv") as file:
            rows = [(seconds(row["TIMESTAMP"]), int(row["ContextTokens"])) for row in csv.DictReader(file)]
        first = rows[0][0]
        count = int((rows[-1][0] - first) / step)
        requests, tokens = [0.0] * count, [0.0] * count
        for time, prompt in rows:
            cell = int((time - first) / step)
            if cell < count:
                requests[cell] += 1 / step
                tokens[cell] += prompt / step
        write(out, f"azure-2023/{service}_requests_10s", step, requests)
        write(out, f"azure-2023/{service}_prompt_tokens_10s", step, tokens)


def azure_2024(data, out):
    folder = data / "traces/azure-llm-2024-digitised"
    for name, column in (("code_week_rpm_5min", "rpm_mid"), ("code_week_input_tokens_per_min_5min", "tpm_mid")):
        with open(folder / f"{name}.csv") as file:
            rows = [(seconds(row["timestamp_utc"]), float(row[column])) for row in csv.DictReader(file)]
        write(out, f"azure-2024-digitised/{name}", *gridded(rows))


def faro(data, out):
    functions = {}
    with gzip.open(data / "traces/faro/azure_functions_2019_sample_per_minute.csv.gz", "rt") as file:
        for row in csv.DictReader(file):
            minute = (int(row["day"]) - 1) * 1440 + int(row["minute"])
            functions.setdefault(row["func"], {})[minute] = float(row["invocations"])
    for name, minutes in sorted(functions.items()):
        first = min(minutes)
        write(out, f"faro-functions/{name}", 60, [minutes.get(m) for m in range(first, max(minutes) + 1)])
    jobs = {}
    with gzip.open(data / "traces/faro/input_10jobs_6h_per_minute.json.gz", "rt") as file:
        for line in file:
            for cluster, counts in json.loads(line)["counts"].items():
                jobs.setdefault(cluster, []).append(float(sum(counts.values())))
    for name, values in sorted(jobs.items()):
        write(out, f"faro-jobs/{name}", 60, values)


if __name__ == "__main__":
    data, out = map(pathlib.Path, sys.argv[1:3])
    for source in (nab, azure_2023, azure_2024, faro):
        source(data, out)
