// Tables that can be filtered and sorted, and that say when they are wider than the window. Without this script they are
// whole, in their own order.
(function () {
  "use strict";

  function addFilter(table) {
    var rows = Array.prototype.slice.call(table.tBodies[0].rows);
    if (rows.length < 8) return;
    var texts = rows.map(function (row) { return row.textContent.toLowerCase(); });
    var box = document.createElement("div");
    var label = document.createElement("label");
    var input = document.createElement("input");
    var told = document.createElement("span");
    box.className = "filter";
    input.type = "search";
    label.textContent = table.getAttribute("data-filter") + " ";
    told.className = "small";
    told.setAttribute("role", "status");
    label.appendChild(input);
    box.appendChild(label);
    box.appendChild(told);
    var scroller = table.closest(".scroller") || table;
    scroller.parentNode.insertBefore(box, scroller);
    input.addEventListener("input", function () {
      var words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      var shown = 0;
      rows.forEach(function (row, index) {
        var fits = words.every(function (word) { return texts[index].indexOf(word) >= 0; });
        row.hidden = !fits;
        shown += fits ? 1 : 0;
      });
      told.textContent = words.length ? shown + " of " + rows.length : "";
    });
  }

  function cellValue(row, index) {
    var cell = row.cells[index];
    var given = cell.getAttribute("data-sort");
    var text = given === null ? cell.textContent.trim() : given;
    var figure = text.replace(/[,%£]/g, "");
    return figure !== "" && !isNaN(figure) ? Number(figure) : text === "–" ? "" : text.toLowerCase();
  }

  function compare(a, b) {
    if (a === b) return 0;
    if (a === "" || b === "") return a === "" ? 1 : -1; // what has no value stands last either way
    if (typeof a === typeof b) return a < b ? -1 : 1;
    return typeof a === "number" ? -1 : 1;
  }

  function sortBy(table, index, heads) {
    var descending = heads[index].getAttribute("aria-sort") === "ascending";
    var body = table.tBodies[0];
    var rows = Array.prototype.map.call(body.rows, function (row, place) {
      return { row: row, value: cellValue(row, index), place: place };
    });
    rows.sort(function (a, b) {
      var order = compare(a.value, b.value);
      if (a.value !== "" && b.value !== "" && descending) order = -order;
      return order || a.place - b.place;
    });
    rows.forEach(function (item) { body.appendChild(item.row); });
    heads.forEach(function (head) { head.removeAttribute("aria-sort"); });
    heads[index].setAttribute("aria-sort", descending ? "descending" : "ascending");
  }

  function addSorting(table) {
    if (table.tBodies[0].rows.length < 2) return;
    var heads = Array.prototype.slice.call(table.tHead.rows[0].cells);
    heads.forEach(function (head, index) {
      if (head.tagName !== "TH" || head.hasAttribute("data-plain")) return;
      var button = document.createElement("button");
      button.type = "button";
      while (head.firstChild) button.appendChild(head.firstChild);
      head.appendChild(button);
      button.addEventListener("click", function () { sortBy(table, index, heads); });
    });
  }

  // A table that is wider than the window says so.
  function markWider() {
    document.querySelectorAll(".scroller").forEach(function (scroller) {
      scroller.classList.toggle("wider", scroller.scrollWidth > scroller.clientWidth + 1);
    });
  }

  document.querySelectorAll("table[data-filter]").forEach(addFilter);
  document.querySelectorAll("table[data-sortable]").forEach(addSorting);
  markWider();
  window.addEventListener("resize", markWider);
  document.addEventListener("toggle", markWider, true);
})();
