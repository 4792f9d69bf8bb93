// Authorities and regions side by side: loads the script of each that is chosen. See website/compare.py.
(function () {
  "use strict";
  var rows = window.SITE_COMPARE;
  var form = document.getElementById("compare");
  var told = document.getElementById("told");
  var place = document.getElementById("compared");
  var selects = Array.prototype.slice.call(form.querySelectorAll("select"));
  var loading = {};
  var turn = 0;

  if (!rows) { told.textContent = "The data could not be loaded."; return; }

  function load(key) {
    if (!loading[key]) {
      loading[key] = new Promise(function (resolve, reject) {
        var script = document.createElement("script");
        script.src = "data/" + key + ".js";
        script.onload = function () { resolve(window["SITE_COMPARED_" + key]); };
        script.onerror = function () { delete loading[key]; reject(new Error("could not load " + key)); };
        document.head.appendChild(script);
      });
    }
    return loading[key];
  }

  function element(tag, className, text) {
    var made = document.createElement(tag);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  }

  function link(address, text, className) {
    var made = element("a", className, text);
    made.href = address;
    return made;
  }

  function filled(cell) {
    var made = element("td");
    if (!cell) { made.appendChild(element("span", "none", "–")); return made; }
    var grade = cell[2] ? "grade " + cell[2] : "";
    made.appendChild(cell[1] ? link("../" + cell[1], cell[0], grade) : element("span", grade, cell[0]));
    if (cell[3]) { made.appendChild(document.createTextNode(" ")); made.appendChild(element("span", "small", cell[3])); }
    return made;
  }

  function section(title, known, keys, compared) {
    var present = known.filter(function (row) { return compared.some(function (one) { return one.cells[row[0]]; }); });
    if (!present.length) return;
    var scroller = element("div", "scroller" + (present.length > 25 ? " long" : ""));
    var table = element("table", "listing side");
    var head = table.createTHead().insertRow();
    var body = table.appendChild(element("tbody"));
    scroller.setAttribute("role", "group");
    scroller.setAttribute("aria-label", title);
    scroller.tabIndex = 0;
    table.appendChild(element("caption", "", title));
    [""].concat(compared).forEach(function (one, index) {
      var cell = element("th");
      cell.scope = "col";
      if (!index) cell.textContent = "What";
      else if (keys[index - 1].indexOf("region-") === 0) cell.textContent = one.name;
      else cell.appendChild(link("../authorities/" + keys[index - 1] + ".html", one.name));
      head.appendChild(cell);
    });
    present.forEach(function (row) {
      var line = body.insertRow();
      var label = element("th", "", row[1]);
      label.scope = "row";
      line.appendChild(label);
      compared.forEach(function (one) { line.appendChild(filled(one.cells[row[0]])); });
    });
    place.appendChild(element("h2", "", title));
    scroller.appendChild(table);
    place.appendChild(scroller);
    window.siteTable(table);
  }

  function show() {
    var keys = selects.map(function (select) { return select.value; }).filter(Boolean);
    var mine = ++turn;
    try { history.replaceState(null, "", "#" + keys.join(",")); } catch (refused) { /* some browsers refuse it from disk */ }
    if (keys.length < 2) {
      place.textContent = "";
      told.textContent = "Choose two or more.";
      return;
    }
    Promise.all(keys.map(load)).then(function (compared) {
      if (mine !== turn) return;
      place.textContent = "";
      told.textContent = compared.map(function (one) { return one.name + " (" + one.note + ")"; }).join("; ");
      rows.sections.forEach(function (part) { section(part[0], part[1], keys, compared); });
    }).catch(function (error) { told.textContent = "The data could not be loaded: " + error.message + "."; });
  }

  function fill() {
    var keys = location.hash.slice(1).split(",");
    selects.forEach(function (select, index) { select.value = keys[index] || ""; });
    show();
  }

  selects.forEach(function (select) {
    rows.known.forEach(function (one) {
      var option = element("option", "", one[1]);
      option.value = one[0];
      select.appendChild(option);
    });
    select.addEventListener("change", show);
  });
  form.hidden = false;
  window.addEventListener("hashchange", fill);
  fill();
})();
