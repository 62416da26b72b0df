"use strict";
// Draws the page from the JSON in #data. One trace is shown at a time; `view` is all that changes.
(() => {
    const { data, $, element, svg, css, grouped, amount, percent, nines, serviceTicks, niceStep, placeTip } = page;
    const view = { trace: 0, chosen: new Set(), measure: "ttft99", desired: false, sort: null };
    const colours = 12;

    // MARK: Writing figures

    const targetText = `${+(data.target * 100).toFixed(3)} %`;

    function seconds(value) {
        if (value === null || value === undefined || value < 0) return "never";
        if (value < 0.9995) return `${(value * 1000).toFixed(value < 0.00995 ? 1 : 0)} ms`;
        return value < 9.995 ? `${value.toFixed(2)} s` : value < 99.95 ? `${value.toFixed(1)} s` : `${grouped(value)} s`;
    }

    function period(value) {
        if (value < 120) return `${value.toFixed(0)} s`;
        if (value < 7200) return `${(value / 60).toFixed(0)} min`;
        return value < 172800 ? `${(value / 3600).toFixed(1)} h` : `${(value / 86400).toFixed(1)} days`;
    }

    // A point in time: hours and minutes from the start, with the day when there are several.
    function clock(time, withSeconds) {
        const sign = time < 0 ? "−" : "", all = Math.round(Math.abs(time));
        const day = trace().seconds > 129600 ? Math.floor(all / 86400) : null;
        const hours = day === null ? Math.floor(all / 3600) : Math.floor(all % 86400 / 3600);
        const two = value => String(value).padStart(2, "0");
        let text = `${sign}${hours}:${two(Math.floor(all % 3600 / 60))}`;
        if (withSeconds && all % 60) text += `:${two(all % 60)}`;
        return day === null ? text : `day ${day + 1}, ${text}`;
    }

    function withDeviation(pair, write, writeDeviation) {
        const cell = [write(pair[0])];
        if (pair[1] !== null && pair[0] !== null) cell.push(element("span", { class: "sd" }, ` ± ${writeDeviation(pair[1], pair[0])}`));
        return cell;
    }

    // MARK: Traces, policies, colours

    const trace = () => data.traces[view.trace];
    const key = row => row.policy + (row.tuned ? "*" : "");
    const title = row => row.policy + (row.tuned ? " (tuned)" : "");
    const chosenRows = () => trace().rows.filter(row => view.chosen.has(key(row)));

    // A policy has the same colour everywhere; Tideway has the first one.
    const names = [...new Set(data.traces.flatMap(one => one.rows.map(row => row.policy)))]
        .sort((a, b) => (b === "tideway") - (a === "tideway") || (a < b ? -1 : 1));
    const number = row => names.includes("tideway") ? names.indexOf(row.policy) : names.indexOf(row.policy) + 1;
    const colourName = row => `--c${number(row) % colours}`;
    const isSquare = row => Math.floor(number(row) / colours) % 2 === 1;

    function mark(row, x, y, size) {
        const colour = `var(${colourName(row)})`;
        const paint = row.tuned
            ? { fill: "var(--card)", stroke: colour, "stroke-width": 2.4 }
            : { fill: colour, stroke: "var(--card)", "stroke-width": 1.2 };
        return isSquare(row)
            ? svg("rect", { x: x - size * .9, y: y - size * .9, width: size * 1.8, height: size * 1.8, rx: 1.5, ...paint })
            : svg("circle", { cx: x, cy: y, r: size, ...paint });
    }

    const swatch = row => svg("svg", { width: 13, height: 13, viewBox: "0 0 13 13", "aria-hidden": "true" }, mark(row, 6.5, 6.5, 5));

    // What is compared at first: Tideway and the cheapest that meet the target, each once.
    function firstChoice() {
        const rows = trace().rows.filter(row => row.time && !row.tuned);
        const best = [...rows.filter(row => row.policy === "tideway"), ...rows.filter(row => row.meets), ...rows];
        return new Set(best.map(key).filter((name, place, all) => all.indexOf(name) === place).slice(0, 3));
    }

    // MARK: The head

    function drawTabs() {
        const holder = $("traces");
        if (data.traces.length < 2) return;
        if (data.traces.length > 5) {
            holder.replaceChildren(element(
                "select", { "aria-label": "Trace", onchange: event => showTrace(+event.target.value) },
                ...data.traces.map((one, place) => element("option", { value: place }, one.name))));
            holder.firstChild.value = view.trace;
            return;
        }
        holder.replaceChildren(...data.traces.map((one, place) => element(
            "button", {
                role: "tab", "aria-selected": place === view.trace, "data-trace": place, onclick: () => showTrace(place),
            }, one.name)));
    }

    function drawHead() {
        const now = trace(), untuned = now.rows.filter(row => !row.tuned);
        const best = untuned.find(row => row.meets);
        const served = [...untuned].sort((a, b) => b.attainment[0] - a.attainment[0])[0];
        const row = best || served;
        const seeds = Math.max(...now.rows.map(one => one.seeds));
        $("subject").textContent = `${now.name}: ${grouped(now.requests)} requests in ${period(now.seconds)}`
            + (seeds > 1 ? `, ${seeds} seeds, means ± standard deviations` : "");
        const verdict = $("verdict");
        if (!row) verdict.textContent = "No policy was run.";
        else if (best) {
            verdict.replaceChildren(
                element("b", {}, best.policy), ` is the cheapest policy that answers ${targetText} of requests in time.`);
        } else {
            verdict.replaceChildren(
                `No policy as it comes answers ${targetText} of requests in time. `, element("b", {}, served.policy),
                ` comes closest with ${percent(served.attainment[0])} %.`);
        }
        $("remark").textContent = row ? remark(row, untuned) : "";
        $("tiles").replaceChildren(...tiles(row, now.references));
    }

    function remark(row, untuned) {
        const failing = untuned.filter(one => !one.meets);
        const parts = [];
        if (row.clairvoyant && row.clairvoyant[0] !== null) {
            parts.push(`It takes ${amount(row.clairvoyant[0])} times the accelerator-hours of a schedule that knows the future.`);
        }
        if (row.static && row.static[0] !== null && Math.abs(row.static[0] - 1) >= .005) {
            const share = Math.abs(1 - row.static[0]) * 100;
            parts.push(`That is ${share.toFixed(0)} % ${row.static[0] < 1 ? "less" : "more"} than the best constant fleet, known only in hindsight.`);
        }
        if (row.meets && failing.length) {
            const worst = failing[failing.length - 1];
            parts.push(`${failing.length} of ${untuned.length} policies miss the target as they come; ${worst.policy} answers ${percent(worst.attainment[0])} % in time.`);
        }
        return parts.join(" ");
    }

    function tiles(row, references) {
        const tile = (name, figure, unit) => element(
            "div", { class: "tile" }, element("div", { class: "name" }, name),
            element("div", { class: "figure" }, figure, " ", element("small", {}, unit)));
        const list = row ? [
            tile(row.policy, amount(row.hours[0]), "accelerator-hours"),
            tile("its bill, at the profile's price", amount(row.cost[0]), ""),
        ] : [];
        if (!references) return list;
        const known = (name, value, unit) => value === null ? [] : [tile(name, amount(value), unit)];
        return [
            ...list,
            ...known("clairvoyant schedule", references.clairvoyant_accelerator_hours, "accelerator-hours"),
            ...known(`static fleet of ${references.static_replicas}`, references.static_accelerator_hours, "accelerator-hours"),
            ...known("fluid bound", references.fluid_accelerator_hours, "accelerator-hours"),
        ];
    }

    // MARK: Cost against service

    function drawScatter() {
        const holder = $("scatter"), now = trace(), rows = now.rows;
        holder.replaceChildren();
        holder.classList.remove("focused");
        if (!rows.length || holder.clientWidth < 200) return;
        const width = holder.clientWidth, height = width < 620 ? 400 : 470;
        const area = { left: 68, right: width - 22, top: 44, bottom: height - 46 };
        const references = referenceLines(now.references);
        const costs = [...rows.map(row => row.hours[0]), ...references.map(one => one.hours)];
        const costMax = Math.max(...costs) * 1.06 || 1;
        const costMin = Math.min(...costs) > costMax * .3 ? Math.min(...costs) * .85 : 0;
        const lowest = Math.min(...rows.map(row => row.attainment[0]), data.target);
        const bottom = Math.max(...serviceTicks.filter(tick => tick <= lowest));
        const highest = Math.max(...rows.map(row => row.attainment[0]), data.target);
        const top = serviceTicks.find(tick => tick >= .999 && tick > highest) || .9999;
        const x = hours => area.left + (hours - costMin) / (costMax - costMin) * (area.right - area.left);
        const y = ratio => area.bottom
            - (Math.min(nines(ratio), nines(top)) - nines(bottom)) / (nines(top) - nines(bottom)) * (area.bottom - area.top);
        const root = svg("svg", {
            viewBox: `0 0 ${width} ${height}`, height, role: "img",
            "aria-label": "Share of requests answered in time against accelerator-hours, a point per policy",
        });
        holder.append(root);
        drawScatterAxes(root, area, { x, y, costMin, costMax, bottom, top }, references);
        const places = drawPoints(root, holder, rows, x, y);
        drawLabels(root, rows, places, area);
    }

    function referenceLines(references) {
        if (!references) return [];
        return [
            { name: "fluid bound", hours: references.fluid_accelerator_hours },
            { name: "clairvoyant", hours: references.clairvoyant_accelerator_hours },
            { name: "static", hours: references.static_accelerator_hours },
        ].filter(one => one.hours !== null);
    }

    function drawScatterAxes(root, area, scale, references) {
        const { x, y } = scale;
        const line = (x1, y1, x2, y2, more = {}) => root.append(svg("line", { x1, y1, x2, y2, stroke: "var(--grid)", ...more }));
        const text = (content, px, py, more = {}) => {
            const node = svg("text", { x: px, y: py, ...more });
            node.textContent = content;
            root.append(node);
        };
        root.append(svg("rect", {
            x: area.left, y: area.top, width: area.right - area.left, height: Math.max(0, y(data.target) - area.top), fill: "var(--meets)",
        }));
        let last = Infinity;
        for (const tick of serviceTicks.filter(one => one >= scale.bottom && one <= scale.top)) {
            if (last - y(tick) < 17 && tick !== data.target) continue;
            last = y(tick);
            line(area.left, y(tick), area.right, y(tick));
            text(tick === .9999 ? "99.99+ %" : `${+(tick * 100).toFixed(2)} %`, area.left - 8, y(tick) + 4, { "text-anchor": "end" });
        }
        const step = niceStep(scale.costMax - scale.costMin, Math.max(4, (area.right - area.left) / 95));
        for (let tick = Math.ceil(scale.costMin / step) * step; tick <= scale.costMax; tick += step) {
            line(x(tick), area.top, x(tick), area.bottom);
            text(+tick.toFixed(6), x(tick), area.bottom + 18, { "text-anchor": "middle" });
        }
        line(area.left, y(data.target), area.right, y(data.target), { stroke: "var(--good)", "stroke-width": 1.4 });
        text(`target: ${targetText} good`, area.right - 6, y(data.target) + 15, { "text-anchor": "end", style: "fill:var(--good)" });
        text("accelerator-hours", area.right, area.bottom + 38, { "text-anchor": "end" });
        text("requests answered in time", 0, 12);
        let edge = -Infinity, level = 0;
        for (const one of [...references].sort((a, b) => a.hours - b.hours)) {
            const half = one.name.length * 3.4;
            level = x(one.hours) - half < edge + 8 ? 1 - level : 0;
            edge = x(one.hours) + half;
            line(x(one.hours), area.top - 2, x(one.hours), area.bottom, { stroke: "var(--soft)", "stroke-dasharray": "5 4" });
            text(one.name, x(one.hours), area.top - 8 - level * 14, { "text-anchor": "middle" });
        }
    }

    function drawPoints(root, holder, rows, x, y) {
        const places = new Map(rows.map(row => [key(row), { x: x(row.hours[0]), y: y(row.attainment[0]) }]));
        for (const row of rows.filter(one => one.tuned)) {
            const from = places.get(row.policy), to = places.get(key(row));
            if (!from) continue;
            root.append(svg("line", {
                x1: from.x, y1: from.y, x2: to.x, y2: to.y, stroke: `var(${colourName(row)})`, "stroke-opacity": .35,
            }));
        }
        for (const row of [...rows].reverse()) {
            const place = places.get(key(row)), colour = `var(${colourName(row)})`;
            const group = svg("g", { class: "point", tabindex: 0, "data-key": key(row) });
            const [share, shareSD] = row.attainment, [hours, hoursSD] = row.hours;
            if (shareSD) {
                group.append(svg("line", {
                    x1: place.x, x2: place.x, y1: y(Math.max(0, share - shareSD)), y2: y(Math.min(1, share + shareSD)),
                    stroke: colour, "stroke-opacity": .5,
                }));
            }
            if (hoursSD) {
                group.append(svg("line", {
                    x1: x(Math.max(0, hours - hoursSD)), x2: x(hours + hoursSD), y1: place.y, y2: place.y,
                    stroke: colour, "stroke-opacity": .5,
                }));
            }
            group.append(svg("circle", { cx: place.x, cy: place.y, r: 13, fill: "transparent" }));
            group.append(mark(row, place.x, place.y, row.policy === "tideway" ? 7.5 : 6));
            const focus = on => focusPoint(holder, row, place, on);
            for (const event of ["mouseenter", "focus"]) group.addEventListener(event, () => focus(true));
            for (const event of ["mouseleave", "blur"]) group.addEventListener(event, () => focus(false));
            group.addEventListener("click", () => toggle(row));
            root.append(group);
        }
        return places;
    }

    function focusPoint(holder, row, place, on) {
        holder.querySelectorAll(".tip").forEach(tip => tip.remove());
        holder.classList.toggle("focused", on);
        holder.querySelectorAll("[data-key]").forEach(node =>
            node.classList.toggle("focus", on && node.getAttribute("data-key").replace("*", "") === row.policy));
        if (!on) return;
        const line = (name, value) => element("div", { class: "row" }, element("span", {}, name), element("span", {}, value));
        const tip = element(
            "div", { class: "tip" }, element("b", {}, title(row)),
            line("good", `${percent(row.attainment[0])} %`), line("accelerator-hours", amount(row.hours[0])),
            row.clairvoyant ? line("× clairvoyant", amount(row.clairvoyant[0])) : null,
            row.static ? line("× static", amount(row.static[0])) : null,
            line("TTFT p99", seconds(row.ttft99[0])), line("ITL p99", seconds(row.itl99[0])),
            row.time ? element("span", { class: "faint" }, "click: show over time") : null);
        holder.append(tip);
        placeTip(tip, holder, place.x, place.y);
    }

    // Writes a name beside each untuned point, where one of four places is free; the others are told by pointing at them.
    function drawLabels(root, rows, places, area) {
        const taken = [...places.values()].map(place => ({ left: place.x - 8, right: place.x + 8, top: place.y - 8, bottom: place.y + 8 }));
        const clashes = box => box.left < area.left || box.right > area.right + 18 || box.bottom > area.bottom
            || taken.some(other => box.left < other.right && box.right > other.left && box.top < other.bottom && box.bottom > other.top);
        for (const row of rows.filter(one => !one.tuned)) {
            const { x, y } = places.get(key(row));
            const node = svg("text", { class: "label", "data-key": key(row) });
            node.textContent = row.policy;
            root.append(node);
            const width = node.getComputedTextLength(), height = 13;
            const spots = [
                [x + 11, y + 4], [x - 11 - width, y + 4], [x - width / 2, y - 12], [x - width / 2, y + 21],
                [x + 9, y - 9], [x + 9, y + 17], [x - 9 - width, y - 9], [x - 9 - width, y + 17],
            ];
            const box = ([left, base]) => ({ left, right: left + width, top: base - height + 2, bottom: base + 3 });
            const spot = spots.find(one => !clashes(box(one)));
            if (!spot) {
                node.remove();
                continue;
            }
            node.setAttribute("x", spot[0]);
            node.setAttribute("y", spot[1]);
            taken.push(box(spot));
        }
    }

    // MARK: Over time

    const measures = {
        ttft99: { name: "TTFT p99", text: "Time to first token, 99th percentile", unit: "by arrival; log scale", log: true, limit: data.ttftLimit, write: seconds },
        ttft50: { name: "TTFT p50", text: "Time to first token, median", unit: "by arrival; log scale", log: true, limit: data.ttftLimit, write: seconds },
        itl99: { name: "ITL p99", text: "Mean time between tokens of a request, 99th percentile", unit: "by arrival; log scale", log: true, limit: data.itlLimit, write: seconds },
        queued: { name: "Waiting", text: "Requests that no replica has taken yet", unit: "requests", write: value => grouped(value) },
        good: { name: "Good", text: "Requests answered in time", unit: "share of those that arrived", limit: data.target, write: value => `${percent(value)} %` },
    };
    let charts = [];

    function drawChips() {
        // A policy's tuned run stands beside it, as the second half of one chip.
        const rows = trace().rows.filter(row => row.time);
        $("chips").replaceChildren(...names.map(name => element(
            "span", { class: "pair" },
            ...rows.filter(row => row.policy === name).sort((a, b) => a.tuned - b.tuned).map(chip)))
            .filter(pair => pair.firstChild));
        $("measures").replaceChildren(...Object.entries(measures).map(([name, measure]) => element(
            "button", {
                "aria-pressed": name === view.measure, "data-measure": name,
                onclick: () => { view.measure = name; drawChips(); drawCharts(); },
            }, measure.name)));
    }

    const chip = row => element(
        "button", {
            class: "chip", "aria-pressed": view.chosen.has(key(row)), "aria-label": title(row), "data-chip": key(row),
            onclick: () => toggle(row),
        }, swatch(row), row.tuned ? "tuned" : row.policy);

    function toggle(row) {
        if (!row.time) return;
        if (!view.chosen.delete(key(row))) view.chosen.add(key(row));
        drawChips();
        drawCharts();
    }

    function drawCharts() {
        if ($("fleet").clientWidth < 200) return;
        const range = charts.length ? { min: charts[0].scales.x.min, max: charts[0].scales.x.max } : null;
        charts.forEach(chart => chart.destroy());
        charts = [];
        const measure = measures[view.measure];
        $("measure-title").replaceChildren(`${measure.text} `, element("span", { class: "unit" }, measure.unit));
        for (const id of ["fleet", "latency"]) $(id).replaceChildren();
        if (!trace().times.length || !trace().rows.some(row => row.time)) {
            for (const id of ["fleet", "latency"]) {
                $(id).append(element("p", { class: "empty" }, "Nothing was recorded over time."));
            }
            return;
        }
        charts = [fleetChart(), measureChart(measure)];
        const times = trace().times;
        const fits = range && range.min >= times[0] && range.max <= times[times.length - 1];
        if (fits && view.drawnTrace === view.trace) charts.forEach(chart => chart.setScale("x", range));
        view.drawnTrace = view.trace;
    }

    const steps = () => uPlot.paths.stepped({ align: 1 });

    function line(row, more) {
        return { label: title(row), stroke: css(colourName(row)), width: 2, dash: row.tuned ? [7, 3] : undefined, points: { show: false }, ...more };
    }

    function fleetChart() {
        const series = [{}, {
            label: "demand", stroke: css("--demand"), fill: css("--demand-fill"), width: 1, points: { show: false }, write: value => amount(value),
        }];
        const columns = [trace().times, trace().demand];
        for (const row of chosenRows()) {
            series.push(line(row, { paths: steps(), write: value => String(value) }));
            columns.push(row.time.ready);
            if (!view.desired) continue;
            series.push(line(row, { label: `${title(row)}, desired`, paths: steps(), width: 1.2, dash: [2, 3], write: value => String(value) }));
            columns.push(row.time.desired);
        }
        const range = (chart, low, high) => [0, Math.max(1, high * 1.08)];
        return chart("fleet", series, columns, { y: { range } }, {
            values: (_, ticks) => ticks.map(tick => Number.isInteger(tick) ? tick : ""),
        }, null);
    }

    function measureChart(measure) {
        const rows = chosenRows().map(row => ({ row, values: row.time[view.measure] }));
        const finite = rows.flatMap(one => one.values).filter(value => value !== null && value >= 0);
        // Those who were never answered stand above all others.
        const top = Math.max(...finite, measure.limit || 0, measure.log ? .01 : 0) * 1.6;
        const series = [{}], columns = [trace().times];
        for (const { row, values } of rows) {
            const shown = values.map(value => value === null ? null : value < 0 ? top : measure.log && value === 0 ? null : value);
            series.push(line(row, { spanGaps: true, width: 1.8, write: (value, place) => values[place] < 0 ? "some never answered" : measure.write(value) }));
            columns.push(shown);
        }
        const scale = measure.log
            ? { distr: 3, range: (_, low, high) => low ? [Math.min(low, measure.limit || low) * .8, Math.max(high, measure.limit || 0) * 1.25] : [.01, 10] }
            : { range: (_, low, high) => view.measure === "good" ? [0, 1.02] : [0, Math.max(1, high * 1.08)] };
        const axis = {
            values: (_, ticks) => ticks.map(tick => view.measure === "good" ? `${Math.round(tick * 100)} %` : measure.log ? roundSeconds(tick) : grouped(tick)),
            ...(measure.log ? { splits: (_, __, low, high) => logTicks(low, high), filter: (_, ticks) => ticks } : {}),
        };
        return chart("latency", series, columns, { y: scale }, axis, measure.limit);
    }

    const roundSeconds = value => value < 1 ? `${+(value * 1000).toPrecision(2)} ms` : `${+value.toPrecision(2)} s`;

    function logTicks(low, high) {
        const decades = Math.log10(high / low), factors = decades > 2.6 ? [1] : decades > 1.2 ? [1, 3] : [1, 2, 5];
        const ticks = [];
        for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
            for (const factor of factors) {
                const tick = +(factor * 10 ** power).toPrecision(3);
                if (tick >= low && tick <= high) ticks.push(tick);
            }
        }
        return ticks;
    }

    const timeSteps = [1, 5, 10, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800];

    function chart(id, series, columns, scales, axis, limit) {
        const font = "12px system-ui, -apple-system, Segoe UI, Roboto, DejaVu Sans, sans-serif";
        const look = { stroke: css("--soft"), font, grid: { stroke: css("--grid"), width: 1 }, ticks: { show: false } };
        const holder = $(id);
        return new uPlot({
            width: holder.clientWidth, height: 270,
            scales: { x: { time: false }, ...scales },
            series,
            axes: [
                { ...look, incrs: timeSteps, space: trace().seconds > 129600 ? 105 : 60, values: (_, ticks) => ticks.map(tick => clock(tick, true)) },
                { ...look, size: 62, ...axis },
            ],
            legend: { show: false },
            cursor: { sync: { key: "time", scales: ["x", null] }, y: false, points: { size: 6 } },
            plugins: [limitLine(limit), tooltip(holder)],
        }, columns, holder);
    }

    function limitLine(limit) {
        if (!limit) return { hooks: {} };
        return {
            hooks: {
                draw: chart => {
                    const y = Math.round(chart.valToPos(limit, "y", true)), { left, top, width, height } = chart.bbox;
                    if (y < top || y > top + height) return;
                    const context = chart.ctx;
                    context.save();
                    context.strokeStyle = css("--good");
                    context.fillStyle = css("--good");
                    context.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio]);
                    context.beginPath();
                    context.moveTo(left, y);
                    context.lineTo(left + width, y);
                    context.stroke();
                    context.font = `${12 * devicePixelRatio}px system-ui, DejaVu Sans, sans-serif`;
                    context.textAlign = "right";
                    context.fillText(view.measure === "good" ? "target" : "limit", left + width - 6, y - 5 * devicePixelRatio);
                    context.restore();
                },
            },
        };
    }

    function tooltip(holder) {
        let tip = null;
        const hide = () => { if (tip) tip.style.display = "none"; };
        return {
            hooks: {
                init: chart => {
                    tip = element("div", { class: "tip", style: "display:none" });
                    holder.append(tip);
                    chart.over.addEventListener("mouseleave", hide);
                },
                setCursor: chart => {
                    const place = chart.cursor.idx;
                    if (place === null || place === undefined || chart.cursor.left < 0 || chart.series.length < 2) return hide();
                    const lines = chart.series.slice(1).map((series, offset) => {
                        const value = chart.data[offset + 1][place];
                        if (value === null || value === undefined) return null;
                        return element(
                            "div", { class: "row" },
                            element("span", {}, element("i", { style: `background:${typeof series.stroke === "function" ? series.stroke() : series.stroke}` }), series.label),
                            element("span", {}, series.write(value, place)));
                    });
                    tip.replaceChildren(element("b", {}, clock(chart.data[0][place], true)), ...lines.filter(one => one));
                    tip.style.display = "";
                    placeTip(tip, holder, chart.cursor.left + 62, chart.over.clientHeight / 2);
                },
            },
        };
    }

    // MARK: The worst hour

    const reasonTexts = {
        load: "load", forecast: "forecast", burst: "burst", stabilised: "kept back", rate_limited: "rate limit", steady: "steady",
        no_data: "no data", scheduled: "scheduled",
    };

    function drawWorst() {
        const rows = trace().rows.filter(row => row.worst).sort((a, b) => b.worst.missed - a.worst.missed);
        const heads = [
            ["policy"], ["from – to", "narrow-hide"], ["missed"], ["good"], ["demand at most", "wide"], ["desired at most"], ["ready"],
            ["waiting at most"], ["why it changed the fleet", "wide"],
        ];
        const body = element("tbody");
        for (const row of rows) {
            const hour = row.worst;
            const open = element("button", { class: "open", "aria-expanded": "false", "data-worst": key(row) }, swatch(row), ` ${title(row)}`);
            const line = element(
                "tr", {}, element("td", {}, open),
                element("td", { class: "narrow-hide" }, `${clock(hour.start)} – ${clock(hour.end)}`),
                element("td", {}, grouped(hour.missed)), element("td", {}, `${percent(hour.good)} %`),
                element("td", { class: "wide" }, amount(hour.demandMax)), element("td", {}, hour.desiredMax),
                element("td", {}, hour.readyMin === hour.readyMax ? hour.readyMin : `${hour.readyMin} – ${hour.readyMax}`),
                element("td", {}, grouped(hour.queuedMax)),
                element("td", { class: "wide text" }, reasons(hour)));
            open.addEventListener("click", () => {
                const isOpen = open.getAttribute("aria-expanded") === "true";
                open.setAttribute("aria-expanded", String(!isOpen));
                if (isOpen) line.nextSibling.remove();
                else line.after(element("tr", { class: "detail" }, element("td", { colspan: heads.length }, ...worstDetail(row))));
            });
            body.append(line);
        }
        if (!rows.length) body.append(element("tr", {}, element("td", { colspan: heads.length }, "Nothing was recorded over time.")));
        $("worst").replaceChildren(
            element("thead", {}, element("tr", {}, ...heads.map(([name, kind]) => element("th", { class: kind }, name)))), body);
    }

    const reasons = hour => hour.reasons.length
        ? hour.reasons.map(([name, count]) => `${reasonTexts[name] || name} ${count}×`).join(", ") : "it did not change it";

    function worstDetail(row) {
        const hour = row.worst, worst = [...hour.rows].filter(one => one[6] !== null).sort((a, b) => a[6] - b[6])[0];
        const sentence = worst && worst[6] < 1
            ? `At ${clock(worst[0], true)} demand was worth ${amount(worst[1])} replicas; ${worst[4]} were ready, ${worst[2]} desired, ${grouped(worst[5])} requests waited, and ${percent(worst[6])} % of those that arrived were answered in time.`
            : "Every request of this hour was answered in time.";
        const heads = ["time", "demand", "desired", "current", "ready", "waiting", "good", "TTFT p99"];
        return [
            element("p", {}, sentence, ` Changes by reason: ${reasons(hour)}.`),
            element(
                "table", {}, element("thead", {}, element("tr", {}, ...heads.map(name => element("th", {}, name)))),
                element("tbody", {}, ...hour.rows.map(one => element(
                    "tr", {}, element("td", {}, clock(one[0], true)), element("td", {}, amount(one[1])),
                    ...one.slice(2, 5).map(count => element("td", {}, count)), element("td", {}, grouped(one[5])),
                    element("td", {}, one[6] === null ? "–" : `${percent(one[6])} %`),
                    element("td", {}, one[7] === null ? "–" : seconds(one[7])))))),
        ];
    }

    // MARK: All policies

    const columns = [
        { name: "good %", of: row => row.attainment, write: percent, deviation: value => (value * 100).toFixed(1), down: true, kind: "attainment" },
        { name: "accelerator-hours", of: row => row.hours, write: amount, deviation: (value, mean) => value.toFixed((amount(mean).split(".")[1] || "").length) },
        { name: "× clairvoyant", of: row => row.clairvoyant, write: amount },
        { name: "× static", of: row => row.static, write: amount },
        { name: "× fluid", of: row => row.fluid, write: amount, kind: "wide" },
        { name: "cost", of: row => row.cost, write: amount, kind: "wide" },
        { name: "kWh", of: row => row.energy, write: amount, kind: "wide" },
        { name: "TTFT p50", of: row => row.ttft50, write: seconds, kind: "wide" },
        { name: "TTFT p99", of: row => row.ttft99, write: seconds },
        { name: "ITL p99", of: row => row.itl99, write: seconds, kind: "narrow-hide" },
        { name: "unfinished", of: row => row.unfinished, write: grouped, kind: "narrow-hide" },
        { name: "starts", of: row => row.starts, write: grouped, kind: "narrow-hide" },
    ];

    function drawTable() {
        const rows = sorted(trace().rows), body = element("tbody");
        $("table-help").textContent = `First those that answer ${targetText} in time, the cheapest first, then the others, the best served first. A column's name sorts by it.`;
        let met = null;
        for (const row of rows) {
            if (!view.sort && met !== row.meets) {
                const text = row.meets ? `meet the target of ${targetText}` : `miss the target of ${targetText}`;
                body.append(element("tr", { class: "split" }, element("td", { colspan: columns.length + 1 }, text)));
                met = row.meets;
            }
            body.append(element(
                "tr", { class: row.meets ? "meets" : "misses" },
                element("td", {}, swatch(row), ` ${row.policy}`, row.tuned ? element("span", { class: "tag", title: `main setting × ${amount(row.knob[0])}` }, "tuned") : null),
                ...columns.map(column => {
                    const pair = column.of(row);
                    const content = !pair ? ["–"] : column.deviation ? withDeviation(pair, column.write, column.deviation) : [column.write(pair[0])];
                    return element("td", { class: column.kind }, ...content);
                })));
        }
        const head = columns.map((column, place) => element(
            "th", { class: column.kind, "aria-sort": view.sort && view.sort.place === place ? (view.sort.down ? "descending" : "ascending") : null },
            element("button", { "data-sort": place, onclick: () => sortBy(place) }, column.name)));
        $("policies").replaceChildren(element("thead", {}, element("tr", {}, element("th", {}, "policy"), ...head)), body);
    }

    // A first click sorts, a second turns the order round, a third brings back the first order.
    function sortBy(place) {
        const natural = Boolean(columns[place].down);
        if (!view.sort || view.sort.place !== place) view.sort = { place, down: natural };
        else view.sort = view.sort.down === natural ? { place, down: !natural } : null;
        drawTable();
    }

    function sorted(rows) {
        if (!view.sort) return rows;
        const of = columns[view.sort.place].of, sign = view.sort.down ? -1 : 1;
        const value = row => { const pair = of(row); return pair && pair[0] !== null ? pair[0] : Infinity; };
        return [...rows].sort((a, b) => {
            const left = value(a), right = value(b);
            return left === right ? 0 : (left < right ? -1 : 1) * sign;
        });
    }

    // MARK: The rest

    function drawPlant() {
        $("plant").replaceChildren(...data.plant.map(([name, value]) => element(
            "div", {}, element("dt", {}, name.replaceAll("_", " ")), element("dd", {}, value))));
        $("notes").replaceChildren(...data.notes.map(note => element("li", {}, note)));
        $("shapes").textContent = data.traces.some(one => one.rows.some(row => row.tuned))
            ? "Filled: as it comes. Hollow: tuned on this very trace." : "";
    }

    function showTrace(place) {
        view.trace = place;
        view.chosen = firstChoice();
        drawTabs();
        drawHead();
        drawScatter();
        drawChips();
        drawCharts();
        drawWorst();
        drawTable();
    }

    $("show-desired").addEventListener("change", event => { view.desired = event.target.checked; drawCharts(); });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawCharts);
    // Also the first drawing, where the page was made before it had a size.
    let width = 0;
    new ResizeObserver(() => {
        if ($("fleet").clientWidth === width || !data.traces.length) return;
        width = $("fleet").clientWidth;
        drawScatter();
        drawCharts();
    }).observe($("fleet"));
    if (data.traces.length) {
        drawPlant();
        showTrace(0);
    } else {
        drawPlant();
        $("verdict").textContent = "No run was made.";
    }
})();
