"""Forecasts of other programs at the rolling origins of the benchmark, kept as JSON: OUT/PEER/SET/NAME.json.

Usage: peers.py SERIES OUT [PEER...]. What is already there is kept; delete it to make it anew. At an origin a peer knows the
samples before it and nothing else. Gaps are filled by interpolation, because the peers take none. The quantiles of all peers
are cut at zero and sorted, as ours are: no series here is negative.
"""

import json
import logging
import math
import pathlib
import sys
import time
import warnings

import numpy
import pandas

warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)

QUANTILES = [0.5, 0.9, 0.99]
HORIZONS_SECONDS = [300, 1800, 7200]
ORIGINS_MAX = 12
DAY = 86_400
# Central intervals whose upper ends are the quantiles 0.9 and 0.99.
LEVELS = [80, 98]


def read(path):
    frame = pandas.read_csv(path)
    step = float(frame.timestamp[1] - frame.timestamp[0])
    return step, frame.value.to_numpy(dtype=float)


def steps_ahead(count, step):
    """The longest horizon, in steps: at least a step long, and at most a quarter of the series."""
    allowed = [round(h / step) for h in HORIZONS_SECONDS if h >= step and h / step <= count / 4]
    return max(allowed)


def origins(count, ahead):
    """How many samples are known at each origin: spread evenly over the second half."""
    first, last = math.ceil(count / 2), count - ahead
    number = min(ORIGINS_MAX, last - first + 1)
    return [first + (last - first) * k // (number - 1) for k in range(number)]


def filled(values):
    return pandas.Series(values).interpolate(limit_direction="both").to_numpy()


def season(step, count):
    """A day in steps when two of them are known, else None: the peers find no season by themselves."""
    day = round(DAY / step)
    return day if count >= 2 * day else None


def fourier(start, count, period, order):
    angle = 2 * numpy.pi * numpy.arange(start, start + count)[:, None] * numpy.arange(1, order + 1) / period
    return numpy.hstack([numpy.sin(angle), numpy.cos(angle)])


def from_levels(answer):
    """The answer of a model of statsforecast as rows of quantiles."""
    return numpy.column_stack([answer["mean"], answer["hi-80"], answer["hi-98"]])


class AutoETS:
    """Without season: its search allows none longer than 24 steps."""

    history = 4_320

    def forecast(self, known, step, ahead):
        from statsforecast.models import AutoETS as Model

        return from_levels(Model(season_length=1).forecast(known, h=ahead, level=LEVELS))


class AutoARIMA:
    """The day by Fourier terms. Fitted at the first origin of a series; at later ones the fit goes on over the new samples."""

    history = 1_440

    def __init__(self):
        self.model = None

    def forecast(self, known, step, ahead):
        from statsforecast.models import AutoARIMA as Model

        period = season(step, self.total)
        terms = future = None
        if period:
            first = self.origin - len(known)
            terms, future = fourier(first, len(known), period, 4), fourier(self.origin, ahead, period, 4)
        if self.model is None:
            self.model = Model(season_length=1, approximation=True).fit(known, X=terms)
            return from_levels(self.model.predict(h=ahead, X=future, level=LEVELS))
        return from_levels(self.model.forward(known, h=ahead, X=terms, X_future=future, level=LEVELS))


class MSTL:
    """Day, and week where two of them fit; its smoother takes minutes on longer histories.

    Where a day has more than 500 steps it takes half a minute an origin: there the hour is its season.
    """

    history = 1_500

    def forecast(self, known, step, ahead):
        from statsforecast.models import AutoETS as Trend, MSTL as Model

        day = season(step, len(known))
        if day and day > 500:
            day = round(3_600 / step)
        lengths = [length for length in ([day, 7 * day] if day else [1]) if length * 2 <= len(known)]
        if lengths == [1]:
            return from_levels(Trend(season_length=1).forecast(known, h=ahead, level=LEVELS))
        model = Model(season_length=lengths, trend_forecaster=Trend(model="ZZN"))
        return from_levels(model.forecast(known, h=ahead, level=LEVELS))


class Theta:
    """The dynamic optimised one; the search among all four kinds takes 8 s where a day has 1,440 steps."""

    history = 3_000

    def forecast(self, known, step, ahead):
        from statsforecast.models import DynamicOptimizedTheta as Model

        return from_levels(Model(season_length=season(step, len(known)) or 1).forecast(known, h=ahead, level=LEVELS))


class Prophet:
    history = 4_320

    def forecast(self, known, step, ahead):
        from prophet import Prophet as Model

        times = pandas.Timestamp("2024-01-01") + pandas.to_timedelta(numpy.arange(len(known) + ahead) * step, unit="s")
        model = Model(uncertainty_samples=300)
        numpy.random.seed(1)
        model.fit(pandas.DataFrame({"ds": times[: len(known)], "y": known}), seed=1)
        samples = model.predictive_samples(pandas.DataFrame({"ds": times[len(known) :]}))["yhat"]
        return numpy.quantile(samples, QUANTILES, axis=1).T


class LightGBM:
    """One model per quantile; a row is an origin, a step ahead and the lags seen from there."""

    history = 10_080
    rows_max = 10_000

    def forecast(self, known, step, ahead):
        import lightgbm

        lags = min(24, len(known) // 4)
        period = season(step, len(known))
        scale = numpy.abs(known).mean() or 1.0
        values = known / scale

        def rows(at, leads):
            parts = [values[at[:, None] - 1 - numpy.arange(lags)], leads[:, None]]
            parts.append(parts[0].mean(axis=1)[:, None])
            if period:
                target = at + leads - 1
                parts.append(values[target - period * numpy.ceil(leads / period).astype(int)][:, None])
                parts.append((target % period)[:, None])
            return numpy.hstack(parts)

        generator = numpy.random.default_rng(1)
        first = max(lags, period or 0)
        at = numpy.arange(first, len(values) - 1)
        pairs = min(self.rows_max, len(at) * ahead)
        at = generator.choice(at, pairs)
        leads = generator.integers(1, ahead + 1, pairs)
        inside = at + leads - 1 < len(values)
        at, leads = at[inside], leads[inside]
        data, target = rows(at, leads), values[at + leads - 1]
        future = rows(numpy.full(ahead, len(values)), numpy.arange(1, ahead + 1))
        answers = []
        for quantile in QUANTILES:
            options = {"objective": "quantile", "alpha": quantile, "num_leaves": 31, "verbosity": -1, "num_threads": 1, "seed": 1}
            model = lightgbm.train(options, lightgbm.Dataset(data, target), num_boost_round=60)
            answers.append(model.predict(future) * scale)
        return numpy.column_stack(answers)


PEERS = {"autoets": AutoETS, "autoarima": AutoARIMA, "theta": Theta, "prophet": Prophet, "lightgbm": LightGBM, "mstl": MSTL}


def run(peer, path, target):
    step, values = read(path)
    ahead = steps_ahead(len(values), step)
    model = PEERS[peer]()
    model.total = len(values) // 2
    answers = []
    for origin in origins(len(values), ahead):
        begin = time.perf_counter()
        model.origin = origin
        problem = None
        known = filled(values[:origin])[-model.history :]
        try:
            answer = model.forecast(known, step, ahead)
            if not numpy.isfinite(answer).all():
                raise ValueError("not finite")
        except Exception as error:  # A peer that fails repeats the last value; the table says how often.
            problem = f"{type(error).__name__}: {error}"
            answer = numpy.full((ahead, 3), known[-1])
        elapsed = time.perf_counter() - begin
        answer = numpy.sort(numpy.maximum(answer, 0), axis=1)
        answers.append(
            {"known": origin, "seconds": elapsed, "problem": problem, "quantiles": [[float(f"{v:.6g}") for v in row] for row in answer]})
    target.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"step": step, "levels": QUANTILES, "origins": answers})
    part = target.with_suffix(".part")
    part.write_text(text)
    part.rename(target)
    failed = [a["problem"] for a in answers if a["problem"]]
    mean = sum(a["seconds"] for a in answers) / len(answers)
    print(f"{peer} {path.stem}: {mean:.2f} s an origin{', failed ' + str(len(failed)) + ': ' + failed[0] if failed else ''}", flush=True)


if __name__ == "__main__":
    series, out = map(pathlib.Path, sys.argv[1:3])
    for peer in sys.argv[3:] or PEERS:
        for path in sorted(series.glob("*/*.csv")):
            target = out / peer / path.relative_to(series).with_suffix(".json")
            if not target.exists():
                run(peer, path, target)
