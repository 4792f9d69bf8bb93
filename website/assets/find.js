// A box that leads from an authority's name, or a part of it, to its page.
(function () {
  "use strict";
  var known = window.SITE_AUTHORITIES || [];
  var form = document.querySelector(".find");
  if (!form) return;
  var input = form.querySelector("input");
  var told = form.querySelector("[role=status]");
  var root = form.getAttribute("data-root");

  function plain(text) { return text.toLowerCase().replace(/[^a-z0-9]+/g, " ").trim(); }

  function matching(asked) {
    var exact = known.filter(function (one) { return plain(one[0]) === asked || one[2].split("|").indexOf(asked) >= 0; });
    return exact.length ? exact : known.filter(function (one) { return (plain(one[0]) + "|" + one[2]).indexOf(asked) >= 0; });
  }

  function go() {
    var asked = plain(input.value);
    var found = asked ? matching(asked) : [];
    var paged = found.filter(function (one) { return one[1]; });
    if (paged.length === 1) location.href = root + "authorities/" + paged[0][1] + ".html";
    else if (paged.length) location.href = root + "authorities/index.html#find=" + encodeURIComponent(input.value.trim());
    told.textContent = !asked || paged.length ? "" : found.length === 1 ? "No document here is about " + found[0][0] + "."
      : found.length ? "No document here is about one of them." : "No authority has that name.";
  }

  known.forEach(function (one) {
    var option = document.createElement("option");
    option.value = one[0];
    form.querySelector("datalist").appendChild(option);
  });
  form.hidden = false;
  form.addEventListener("submit", function (event) { event.preventDefault(); go(); });
  input.addEventListener("input", function (event) {
    var isChosen = !event.inputType || event.inputType === "insertReplacementText"; // from the list, not typed
    if (isChosen && known.some(function (one) { return one[0] === input.value; })) go();
  });
})();
