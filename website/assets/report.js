// "Report an error": a text with the fact's id, page and words, to be copied or sent.
(function () {
  "use strict";
  var dialog = document.createElement("dialog");
  var contact = document.body.getAttribute("data-contact") || "";
  dialog.className = "report";
  dialog.setAttribute("aria-labelledby", "report-head");
  dialog.innerHTML = '<h2 id="report-head">Report an error</h2><p>Say what is wrong, then copy the text or send it.</p>' +
    '<label for="report-text">The report</label><textarea id="report-text" rows="14"></textarea>' +
    '<p><button type="button" class="copy">Copy</button> <a class="send" href="#">Send by e-mail</a> ' +
    '<button type="button" class="close">Close</button> <span role="status"></span></p>';
  document.body.appendChild(dialog);
  var area = dialog.querySelector("textarea");
  var told = dialog.querySelector("[role=status]");
  var send = dialog.querySelector(".send");

  function text(node) { return node ? node.textContent.replace(/\s+/g, " ").trim() : ""; }

  function prepare(fact) {
    var quoted = text(fact.querySelector("q") || fact.querySelector("p"));
    var places = fact.tagName === "TR" ? Array.prototype.map.call(fact.cells, text) : [text(fact.querySelector(".meta"))];
    var page = places.map(function (place) { return /^page (\d+)/.exec(place); }).filter(Boolean)[0];
    var file = document.querySelector("dd.file");
    var read = fact.tagName === "TR" ? Array.prototype.slice.call(fact.cells, 0, 3).map(text).join(" | ") : "";
    return ["Fact: " + fact.id, "Document: " + text(document.querySelector("h1")), "File: " + text(file)]
      .concat(page ? ["Page: " + page[1]] : [], read ? ["Read as: " + read] : [], ["Words: “" + quoted + "”", "",
        "What is wrong: ", "", "What it should be: ", ""]).join("\n");
  }

  function mail() {
    send.href = "mailto:" + contact + "?subject=" + encodeURIComponent("An error in the Children’s Services Warehouse") +
      "&body=" + encodeURIComponent(area.value);
  }

  document.querySelectorAll("main tr[id], main li.passage[id]").forEach(function (fact) {
    var place = fact.tagName === "TR" ? fact.cells[fact.cells.length - 1] : fact.querySelector(".meta");
    var button = document.createElement("button");
    button.type = "button";
    button.className = "report-this";
    button.textContent = "Report an error";
    button.addEventListener("click", function () {
      area.value = prepare(fact);
      told.textContent = "";
      mail();
      dialog.showModal();
      area.focus();
    });
    place.appendChild(document.createTextNode(" "));
    place.appendChild(button);
  });
  area.addEventListener("input", mail);
  dialog.querySelector(".close").addEventListener("click", function () { dialog.close(); });
  dialog.querySelector(".copy").addEventListener("click", function () {
    area.select();
    var copied = document.execCommand("copy"); // the newer way is closed to pages that are opened from disk
    told.textContent = copied ? "Copied." : "Press Ctrl and C.";
  });
})();
