"use strict";
(() => {
  const make = (name, words, parent, before) => {
    const made = document.createElement(name);
    made.textContent = words;
    parent.insertBefore(made, before || null);
    return made;
  };
  for (const table of document.querySelectorAll("table[data-rows]")) {
    const body = table.tBodies[0];
    const rows = [...body.rows];
    if (rows.length < 2) continue;
    const box = table.closest(".scroll");
    const label = make("label", "Filter ", box.parentNode, box);
    label.className = "filter";
    const field = make("input", "", label);
    field.type = "search";
    const told = make("span", "", label);
    told.setAttribute("role", "status");
    field.addEventListener("input", () => {
      const wanted = field.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const row of rows) {
        const text = row.textContent.toLowerCase();
        row.hidden = !wanted.every((word) => text.includes(word));
        shown += !row.hidden;
      }
      told.textContent = wanted.length ? ` ${shown} of ${rows.length}` : "";
    });
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      const words = head.textContent;
      if (head.dataset.still !== undefined || !words.trim()) return;
      head.textContent = "";
      const button = make("button", words, head);
      button.type = "button";
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const key = (row) => {
          const cell = row.cells[column];
          const text = (cell.dataset.sort ?? cell.textContent).trim();
          return /^-?[\d.,]+%?$/.test(text) ? parseFloat(text.replace(/,/g, "")) : text.toLowerCase();
        };
        const missing = (value) => value === "–" || value === "";
        const sorted = rows.map((row) => [key(row), row]).sort(([a], [b]) => {
          if (missing(a) || missing(b)) return missing(a) - missing(b);
          const order = typeof a === typeof b ? (a > b) - (a < b) : typeof a === "number" ? -1 : 1;
          return down ? -order : order;
        });
        for (const [, row] of sorted) body.append(row);
      });
    });
  }
  const found = [...document.querySelectorAll(".turns li.has-finding")];
  if (!found.length) return;
  let at = -1;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
    if (event.key !== "n" && event.key !== "p") return;
    at = (at + (event.key === "n" ? 1 : -1) + found.length) % found.length;
    found[at].setAttribute("tabindex", "-1");
    found[at].focus();
    found[at].scrollIntoView({ block: "center" });
  });
  const hint = document.querySelector(".keys");
  if (hint) hint.hidden = false;
})();
