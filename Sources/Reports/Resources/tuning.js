"use strict";
// The trade-off curve of a search for settings.
(() => {
    const { data, $, element, svg, amount, percent, nines, serviceTicks, niceStep, placeTip, fill } = page;
    const candidates = data.candidates, standard = candidates[0], chosen = candidates[data.chosen];
    const target = `${+(data.attainment_target * 100).toFixed(3)} %`;
    const share = value => `${percent(value)} %`;
    const role = index => index === data.chosen ? "chosen" : index === 0 ? "default" : "";

    // Saved where it is cheaper; where it is dearer, what that is for comes first.
    function gain() {
        const hours = standard.accelerator_hours - chosen.accelerator_hours, part = Math.abs(hours / standard.accelerator_hours * 100).toFixed(1);
        return hours >= 0
            ? `The chosen settings take ${amount(hours)} accelerator-hours (${part} %) less than the defaults.`
            : `The chosen settings serve ${share(chosen.attainment)} in time in place of ${share(standard.attainment)}, for ${part} % more accelerator-hours.`;
    }

    function words() {
        $("subject").textContent = data.subject;
        const head = {
            default_is_best: `No other settings of ${data.policy} are better than the defaults.`,
            refused: `The defaults of ${data.policy} are kept.`,
            confirmed: gain(),
            unconfirmed: gain(),
        };
        $("verdict").textContent = head[data.verdict];
        $("remark").textContent = data.summary;
        const tile = (name, figure, unit) => element(
            "div", { class: "tile" }, element("div", { class: "name" }, name),
            element("div", { class: "figure" }, figure, " ", element("small", {}, unit)));
        $("tiles").replaceChildren(
            tile("default", amount(standard.accelerator_hours), "accelerator-hours"),
            tile("default, in time", share(standard.attainment), `of ${target} wanted`),
            tile("chosen", amount(chosen.accelerator_hours), "accelerator-hours"),
            tile("chosen, in time", share(chosen.attainment), `of ${target} wanted`));
        for (const note of data.notes) $("notes").append(element("li", {}, note));
        for (const [name, value] of Object.entries(data.plant)) {
            $("plant").append(element("div", {}, element("dt", {}, name.replaceAll("_", " ")), element("dd", {}, String(value))));
        }
    }

    function tables() {
        fill($("settings"), ["setting", "default", "chosen", "searched"], data.parameters.map((one, place) => [
            one.name, String(standard.settings[place]), String(chosen.settings[place]), `${one.from} to ${one.to}`,
        ]));
        $("curve-help").textContent = `Settings that no other beats in both cost and attainment, measured with ${chosen.seeds} seeds each, and the default.`;
        const rows = [...new Set([...data.curve, 0, data.chosen])].sort((a, b) => candidates[a].accelerator_hours - candidates[b].accelerator_hours);
        fill($("curve"), ["", "accelerator-hours", "in time", ...data.parameters.map(one => one.name)], rows.map(index => [
            role(index), amount(candidates[index].accelerator_hours), share(candidates[index].attainment),
            ...candidates[index].settings.map(String),
        ]));
        $("held-out-card").hidden = !data.held_out;
        if (!data.held_out) return;
        fill($("held-out"), ["", "accelerator-hours", "in time"], ["default", "chosen"].map(name => [
            name, amount(data.held_out[name].accelerator_hours), share(data.held_out[name].attainment),
        ]));
    }

    // MARK: The picture

    function drawScatter() {
        const holder = $("scatter");
        holder.replaceChildren();
        if (holder.clientWidth < 200) return;
        const width = holder.clientWidth, height = width < 620 ? 380 : 440;
        const area = { left: 68, right: width - 22, top: 30, bottom: height - 46 };
        const hours = candidates.map(one => one.accelerator_hours), shares = [...candidates.map(one => one.attainment), data.attainment_target];
        const span = Math.max(...hours) - Math.min(...hours) || 1;
        const least = Math.max(0, Math.min(...hours) - span * .06), most = Math.max(...hours) + span * .06;
        const bottom = Math.min(...shares.map(nines)) - .1, top = Math.max(...shares.map(nines)) + .1;
        const x = value => area.left + (value - least) / (most - least) * (area.right - area.left);
        const y = ratio => area.bottom - (nines(ratio) - bottom) / (top - bottom) * (area.bottom - area.top);
        const root = svg("svg", {
            viewBox: `0 0 ${width} ${height}`, height, role: "img",
            "aria-label": "Share of requests answered in time against accelerator-hours, a point for each candidate",
        });
        holder.append(root);
        axes(root, area, { x, y, least, most, bottom, top });
        const line = data.curve.map(index => `${x(candidates[index].accelerator_hours)},${y(candidates[index].attainment)}`).join(" ");
        root.append(svg("polyline", { points: line, fill: "none", stroke: "var(--c0)", "stroke-width": 2, "stroke-opacity": .6 }));
        const special = new Set([0, data.chosen]);
        candidates.forEach((one, index) => special.has(index) || point(root, holder, index, x, y));
        for (const index of special) point(root, holder, index, x, y);
    }

    function axes(root, area, { x, y, least, most, bottom, top }) {
        const line = (x1, y1, x2, y2, more = {}) => root.append(svg("line", { x1, y1, x2, y2, stroke: "var(--grid)", ...more }));
        const text = (content, px, py, more = {}) => root.append(svg("text", { x: px, y: py, ...more }, String(content)));
        root.append(svg("rect", {
            x: area.left, y: area.top, width: area.right - area.left, height: Math.max(0, y(data.attainment_target) - area.top), fill: "var(--meets)",
        }));
        let last = Infinity;
        for (const tick of serviceTicks.filter(one => nines(one) >= bottom && nines(one) <= top)) {
            if (last - y(tick) < 17) continue;
            last = y(tick);
            line(area.left, y(tick), area.right, y(tick));
            text(`${+(tick * 100).toFixed(2)} %`, area.left - 8, y(tick) + 4, { "text-anchor": "end" });
        }
        const step = niceStep(most - least, Math.max(4, (area.right - area.left) / 95));
        for (let tick = Math.ceil(least / step) * step; tick <= most; tick += step) {
            line(x(tick), area.top, x(tick), area.bottom);
            text(+tick.toFixed(6), x(tick), area.bottom + 18, { "text-anchor": "middle" });
        }
        const aim = y(data.attainment_target);
        line(area.left, aim, area.right, aim, { stroke: "var(--good)", "stroke-width": 1.4 });
        text(`target: ${target} good`, area.right - 6, aim + 15, { "text-anchor": "end", style: "fill:var(--good)" });
        text("accelerator-hours", area.right, area.bottom + 38, { "text-anchor": "end" });
        text("requests answered in time", 0, 12);
    }

    function point(root, holder, index, x, y) {
        const one = candidates[index], name = role(index), place = { x: x(one.accelerator_hours), y: y(one.attainment) };
        const isOnCurve = data.curve.includes(index);
        const colour = name === "chosen" ? "var(--c1)" : name === "default" ? "var(--c2)" : isOnCurve ? "var(--c0)" : "var(--demand)";
        const group = svg("g", { class: "point", tabindex: 0, "data-candidate": index });
        group.append(svg("circle", { cx: place.x, cy: place.y, r: 12, fill: "transparent" }));
        group.append(svg("circle", {
            cx: place.x, cy: place.y, r: name ? 8 : isOnCurve ? 5.5 : 4, fill: colour, stroke: "var(--card)", "stroke-width": 1.2,
            "fill-opacity": name || isOnCurve ? 1 : one.seeds < chosen.seeds ? .4 : .8,
        }));
        const focus = on => {
            holder.querySelectorAll(".tip").forEach(tip => tip.remove());
            if (on) tip(holder, index, place);
        };
        for (const event of ["mouseenter", "focus"]) group.addEventListener(event, () => focus(true));
        for (const event of ["mouseleave", "blur"]) group.addEventListener(event, () => focus(false));
        root.append(group);
        if (name) root.append(svg("text", { class: "label", x: place.x + 12, y: place.y + (name === "chosen" ? -6 : 14) }, name));
    }

    function tip(holder, index, place) {
        const one = candidates[index];
        const line = (name, value) => element("div", { class: "row" }, element("span", {}, name), element("span", {}, value));
        const node = element(
            "div", { class: "tip" }, element("b", {}, role(index) || `candidate ${index}`), line("good", share(one.attainment)),
            line("accelerator-hours", amount(one.accelerator_hours)), line("seeds", String(one.seeds)),
            ...data.parameters.map((parameter, at) => line(parameter.name, String(one.settings[at]))));
        holder.append(node);
        placeTip(node, holder, place.x, place.y);
    }

    words();
    tables();
    drawScatter();
    addEventListener("resize", drawScatter);
})();
