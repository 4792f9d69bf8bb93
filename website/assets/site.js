// Tables that can be filtered, sorted and taken away as CSV, in an address that keeps filter and order; parts that are folded
// open where an address leads into them, and on paper. Without this script all is whole, in its own order.
(function () {
  "use strict";
  var kept = {}; // what the address keeps: of each filter, choice and order its value
  var dressed = 0;
  var again = []; // what each table does when the address has changed

  function element(tag, className, text) {
    var made = document.createElement(tag);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  }

  function decoded(text) {
    try { return decodeURIComponent(text.replace(/\+/g, " ")); } catch (broken) { return text; }
  }

  function readAddress() {
    kept = {};
    location.hash.slice(1).split("&").forEach(function (pair) {
      var at = pair.indexOf("=");
      if (at > 0) kept[decoded(pair.slice(0, at))] = decoded(pair.slice(at + 1));
    });
  }

  function keep(name, value) {
    if (value) kept[name] = value; else delete kept[name];
    var pairs = Object.keys(kept).map(function (key) { return encodeURIComponent(key) + "=" + encodeURIComponent(kept[key]); });
    try { history.replaceState(null, "", "#" + pairs.join("&")); } catch (refused) { /* some browsers refuse it from disk */ }
  }

  // What a cell says, without the buttons in it.
  function words(cell) {
    var parts = Array.prototype.filter.call(cell.childNodes, function (part) { return part.className !== "report-this"; });
    return parts.map(function (part) { return part.textContent; }).join("").replace(/\s+/g, " ").trim();
  }

  function choiceOf(cell) {
    var given = cell.getAttribute("data-choice");
    return given === null ? words(cell) : given;
  }

  function cellValue(row, index) {
    var cell = row.cells[index];
    var given = cell.getAttribute("data-sort");
    var text = given === null ? words(cell) : given;
    var figure = text.replace(/[,%£]/g, "");
    return figure !== "" && !isNaN(figure) ? Number(figure) : text === "–" ? "" : text.toLowerCase();
  }

  function compare(a, b) {
    if (a === b) return 0;
    if (a === "" || b === "") return a === "" ? 1 : -1; // what has no value stands last either way
    if (typeof a === typeof b) return a < b ? -1 : 1;
    return typeof a === "number" ? -1 : 1;
  }

  function sortBy(table, heads, index, descending) {
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

  function addSorting(table, key) {
    if (table.tBodies[0].rows.length < 2) return;
    var heads = Array.prototype.slice.call(table.tHead.rows[0].cells);
    heads.forEach(function (head, index) {
      if (head.tagName !== "TH" || head.hasAttribute("data-plain")) return;
      var button = element("button");
      button.type = "button";
      while (head.firstChild) button.appendChild(head.firstChild);
      head.appendChild(button);
      button.addEventListener("click", function () {
        var descending = head.getAttribute("aria-sort") === "ascending";
        sortBy(table, heads, index, descending);
        keep(key + "sort", index + (descending ? "-" : ""));
      });
    });
    function fromAddress() {
      var asked = /^(\d+)(-?)$/.exec(kept[key + "sort"] || "");
      if (asked && heads[asked[1]]) sortBy(table, heads, Number(asked[1]), asked[2] === "-");
    }
    again.push(fromAddress);
    fromAddress();
  }

  function field(bar, label, control) {
    var holder = element("label", "", label + " ");
    holder.appendChild(control);
    bar.appendChild(holder);
    return control;
  }

  // A box for words, and a list for each column of which one value can be chosen.
  function addFilter(table, bar, key) {
    var rows = Array.prototype.slice.call(table.tBodies[0].rows);
    if (rows.length < 8) return;
    var texts = rows.map(function (row) { return row.textContent.toLowerCase(); });
    var input = field(bar, table.getAttribute("data-filter"), element("input"));
    var told = element("span", "small");
    var choices = [];
    input.type = "search";
    told.setAttribute("role", "status");
    Array.prototype.forEach.call(table.tHead.rows[0].cells, function (head, index) {
      if (!head.hasAttribute("data-choose")) return;
      var values = new Map(); // each value with what it sorts by
      rows.forEach(function (row) { values.set(choiceOf(row.cells[index]), cellValue(row, index)); });
      values.delete("");
      values.delete("–");
      if (values.size < 2) return;
      var name = head.getAttribute("data-choose") || words(head).replace(/[↕↑↓]/g, "").trim();
      var select = field(bar, name, element("select"));
      var ordered = Array.from(values.keys()).sort(function (a, b) {
        return compare(values.get(a), values.get(b)) || compare(a, b);
      });
      if (name === "Year" || name === "Kind") ordered.sort();
      [""].concat(ordered).forEach(function (value) {
        var option = element("option", "", value || "All");
        option.value = value;
        select.appendChild(option);
      });
      choices.push({ index: index, select: select, key: key + name.toLowerCase() });
    });
    bar.appendChild(told);

    function show() {
      var asked = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      var chosen = choices.filter(function (choice) { return choice.select.value; });
      var shown = 0;
      rows.forEach(function (row, index) {
        var fits = asked.every(function (word) { return texts[index].indexOf(word) >= 0; }) &&
          chosen.every(function (choice) { return choiceOf(row.cells[choice.index]) === choice.select.value; });
        row.hidden = !fits;
        shown += fits ? 1 : 0;
      });
      told.textContent = asked.length || chosen.length ? shown + " of " + rows.length : "";
    }

    function fromAddress() {
      input.value = kept[key + "find"] || "";
      choices.forEach(function (choice) { choice.select.value = kept[choice.key] || ""; });
      show();
    }

    input.addEventListener("input", function () { keep(key + "find", input.value); show(); });
    choices.forEach(function (choice) {
      choice.select.addEventListener("change", function () { keep(choice.key, choice.select.value); show(); });
    });
    again.push(fromAddress);
    fromAddress();
  }

  // A cell as CSV: quoted, and never a formula to a spreadsheet.
  function csvCell(text) {
    text = String(text);
    var safe = /^[=+@\t]|^-(?![\d.])/.test(text) ? "'" + text : text;
    return '"' + safe.replace(/"/g, '""') + '"';
  }

  // The id of the fact that a row is of, or that it leads to.
  function factOf(row) {
    var link = row.querySelector("a[href*='documents/'][href*='#']");
    return row.id || (link ? decoded(link.getAttribute("href").split("#")[1]) : "");
  }

  function shownRows(table) {
    var heads = Array.prototype.slice.call(table.tHead.rows[0].cells);
    var kept = heads.map(function (head, index) { return index; }).filter(function (index) { return words(heads[index]); });
    var rows = Array.prototype.filter.call(table.tBodies[0].rows, function (row) { return !row.hidden; });
    var facts = rows.map(factOf);
    return [table.tHead.rows[0]].concat(rows).map(function (row, place) {
      var cells = kept.map(function (index) { return row.cells[index] ? words(row.cells[index]) : ""; });
      return facts.some(Boolean) ? cells.concat(place ? facts[place - 1] : "Fact") : cells;
    });
  }

  // Rows of texts as a CSV file that spreadsheets open as UTF-8.
  function download(rows, name) {
    var text = rows.map(function (row) { return row.map(csvCell).join(","); }).join("\r\n") + "\r\n";
    var link = element("a");
    link.href = URL.createObjectURL(new Blob(["\ufeff" + text], { type: "text/csv" }));
    link.download = name.toLowerCase().replace(/[^a-z0-9]+/g, "-").slice(0, 80) + ".csv";
    document.body.appendChild(link);
    link.click();
    link.remove();
    setTimeout(function () { URL.revokeObjectURL(link.href); }, 10000);
  }

  function addDownload(table, bar) {
    var button = element("button", "take", "CSV");
    var caption = table.caption ? words(table.caption) : document.title;
    button.type = "button";
    button.setAttribute("aria-label", "Download as CSV: " + caption);
    button.addEventListener("click", function () {
      download(shownRows(table), document.title.split(" · ")[0] + " " + caption);
    });
    bar.appendChild(button);
  }

  function dress(table) {
    if (!table.tHead || !table.tBodies.length) return;
    var bar = element("div", "tools");
    var scroller = table.closest(".scroller") || table;
    var key = "";
    if (table.hasAttribute("data-filter") || table.hasAttribute("data-sortable")) key = dressed++ ? dressed + "-" : "";
    if (table.hasAttribute("data-filter")) addFilter(table, bar, key);
    if (table.hasAttribute("data-sortable")) addSorting(table, key);
    if (!bar.childNodes.length) bar.className = "tools bare";
    addDownload(table, bar);
    scroller.parentNode.insertBefore(bar, scroller);
  }

  // A table that is wider than the window says so.
  function markWider() {
    document.querySelectorAll(".scroller").forEach(function (scroller) {
      scroller.classList.toggle("wider", scroller.scrollWidth > scroller.clientWidth + 1);
    });
  }

  function openTarget() {
    var target = location.hash.length > 1 && document.getElementById(decoded(location.hash.slice(1)));
    if (!target) return;
    for (var folded = target.closest("details"); folded; folded = folded.parentElement.closest("details")) folded.open = true;
    target.scrollIntoView();
  }

  readAddress();
  document.querySelectorAll("main table").forEach(dress);
  markWider();
  openTarget();
  window.addEventListener("resize", markWider);
  document.addEventListener("toggle", markWider, true);
  window.addEventListener("hashchange", function () {
    readAddress();
    again.forEach(function (task) { task(); });
    openTarget();
  });
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details.fold:not([open])").forEach(function (folded) { folded.open = true; });
  });
  window.siteTable = dress;
  window.siteDownload = download;
})();
