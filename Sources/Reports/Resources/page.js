"use strict";
// What the pages have in common: building elements, writing figures, the scale of attainment.
const page = (() => {
    const data = JSON.parse(document.getElementById("data").textContent);

    const $ = id => document.getElementById(id);

    function element(name, attributes = {}, ...children) {
        const node = document.createElement(name);
        for (const [key, value] of Object.entries(attributes)) {
            if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
            else if (value !== null && value !== undefined) node.setAttribute(key, value);
        }
        node.append(...children.filter(child => child !== null && child !== undefined));
        return node;
    }

    function svg(name, attributes = {}, ...children) {
        const node = document.createElementNS("http://www.w3.org/2000/svg", name);
        for (const [key, value] of Object.entries(attributes)) {
            if (value !== null && value !== undefined) node.setAttribute(key, value);
        }
        node.append(...children);
        return node;
    }

    const css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

    const grouped = value => Math.round(value).toLocaleString("en-US");

    function amount(value) {
        if (value === null || value === undefined) return "–";
        const size = Math.abs(value);
        return size < 9.995 ? value.toFixed(2) : size < 99.95 ? value.toFixed(1) : grouped(value);
    }

    // Rounded down: what misses 99 % is never shown as 99.0.
    const percent = ratio => (Math.floor(ratio * 1000 + 1e-6) / 10).toFixed(1);

    // Counts nines: 90 % is 1, 99 % is 2. Past 99.99 % there is no more to see.
    const nines = ratio => -Math.log10(Math.max(1 - ratio, 1e-4));
    const serviceTicks = [0, .5, .8, .9, .95, .98, .99, .995, .998, .999, .9999];

    function niceStep(span, count) {
        const rough = span / count, power = 10 ** Math.floor(Math.log10(rough));
        return [1, 2, 2.5, 5, 10].map(step => step * power).find(step => step >= rough);
    }

    function placeTip(tip, holder, x, y) {
        const left = x + 16 + tip.offsetWidth > holder.clientWidth ? x - 16 - tip.offsetWidth : x + 16;
        tip.style.left = `${Math.max(0, left)}px`;
        tip.style.top = `${Math.max(0, Math.min(y - tip.offsetHeight / 2, holder.clientHeight - tip.offsetHeight))}px`;
    }

    // Rows of texts; the cells of the first row are heads.
    function fill(table, heads, rows) {
        const line = (cells, tag) => element("tr", {}, ...cells.map(cell => element(tag, {}, cell)));
        table.replaceChildren(
            element("thead", {}, line(heads, "th")), element("tbody", {}, ...rows.map(cells => line(cells, "td"))));
    }

    return { data, $, element, svg, css, grouped, amount, percent, nines, serviceTicks, niceStep, placeTip, fill };
})();
