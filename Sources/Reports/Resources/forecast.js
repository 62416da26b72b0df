"use strict";
(() => {
    const { data, $, css, fill } = page;

    function amount(value) {
        if (value === null || value === undefined) return "–";
        const size = Math.abs(value);
        return size >= 1000 ? Math.round(value).toLocaleString("en") : String(+value.toPrecision(3));
    }

    function length(seconds) {
        const parts = [[86400, "d"], [3600, "h"], [60, "min"], [1, "s"]];
        let rest = Math.round(seconds * 1000) / 1000, text = [];
        for (const [unit, name] of parts) {
            const number = name === "s" ? rest : Math.floor(rest / unit);
            if (number > 0) text.push(`${number} ${name}`);
            rest -= number * unit;
        }
        return text.slice(0, 2).join(" ") || "0 s";
    }

    function words() {
        const last = data.forecast[data.forecast.length - 1], top = last.quantiles.length - 1;
        const ahead = length(last.time_s - data.issued_at_s);
        $("subject").textContent = `${data.name}: ${data.samples.toLocaleString("en")} samples, one every ${length(data.step_s)}`;
        $("verdict").textContent = top < 0
            ? `In ${ahead}: ${amount(last.mean)} ${data.measure}`
            : `In ${ahead}: ${amount(last.mean)}, and with ${+(data.levels[top] * 100).toPrecision(4)} % probability at most ${amount(last.quantiles[top])} ${data.measure}`;
        $("remark").textContent = data.periods_s.length
            ? `The series repeats itself every ${data.periods_s.map(length).join(" and ")}.` : "No period was found in the series.";
        for (const note of data.notes) {
            const item = document.createElement("li");
            item.textContent = note;
            $("notes").append(item);
        }
    }

    function tables() {
        const names = data.levels.map(level => `q${level}`);
        fill($("scores"), ["forecast", "scaled loss", ...names.map(name => `below ${name}`)], data.scores.map(score => [
            score.name, score.scaled_pinball_loss === null ? "–" : score.scaled_pinball_loss.toFixed(3),
            ...score.coverage.map(share => `${(share * 100).toFixed(1)} %`),
        ]));
        fill($("steps"), ["ahead", "mean", ...names], data.forecast.map(step => [
            length(step.time_s - data.issued_at_s), amount(step.mean), ...step.quantiles.map(amount),
        ]));
    }

    let plot = null;
    function draw() {
        const past = data.past.length, ahead = data.forecast.length, blank = count => Array(count).fill(null);
        const times = [...data.past.map((_, index) => data.past_start_s + index * data.step_s), ...data.forecast.map(step => step.time_s)];
        const middle = data.levels.findIndex(level => level >= .5);
        const quantile = index => [...blank(past), ...data.forecast.map(step => step.quantiles.length ? step.quantiles[index] : null)];
        const center = [...blank(past), ...data.forecast.map(step => step.quantiles.length && middle >= 0 ? step.quantiles[middle] : step.mean)];
        const font = "12px system-ui, -apple-system, Segoe UI, Roboto, DejaVu Sans, sans-serif";
        const look = { stroke: css("--soft"), font, grid: { stroke: css("--grid"), width: 1 }, ticks: { show: false } };
        const line = { width: 1.5, points: { show: false }, value: (_, value) => amount(value) };
        if (plot) plot.destroy();
        plot = new uPlot({
            width: $("chart").clientWidth, height: 340,
            scales: { x: { time: false } },
            series: [
                { label: "time", value: (_, value) => value === null ? "–" : length(Math.max(value, 0)) },
                { ...line, label: "measured", stroke: css("--c2") },
                { ...line, label: "expected", stroke: css("--c0"), width: 2.5 },
                { ...line, label: `q${data.levels[data.levels.length - 1]}`, stroke: css("--c1"), width: 1 },
                { ...line, label: `q${data.levels[0]}`, stroke: css("--c1"), width: 1 },
            ],
            bands: [{ series: [3, 4], fill: css("--demand-fill") }],
            axes: [{ ...look, values: (_, ticks) => ticks.map(tick => length(Math.max(tick, 0))), space: 110 }, { ...look, size: 70, values: (_, ticks) => ticks.map(amount) }],
        }, [times, [...data.past, ...blank(ahead)], center, quantile(data.levels.length - 1), quantile(0)], $("chart"));
    }

    words();
    tables();
    draw();
    addEventListener("resize", draw);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
})();
