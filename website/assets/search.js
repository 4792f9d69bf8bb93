// The search page: loads the scripts of the words that are asked for, and the texts that it shows. See website/search.py.
(function () {
  "use strict";
  var facts = window.SITE_FACTS;
  var form = document.getElementById("search");
  var found = document.getElementById("found");
  var list = document.getElementById("results");
  var more = document.getElementById("more");
  var PAGE = 20;
  var loading = {};
  var topicNames = {};
  var firsts = []; // of each report the number of its first fact
  var asked = 0;
  var authorities = window.SITE_AUTHORITIES || [];
  var hints = document.getElementById("hints");
  var by = document.getElementById("by");
  var take = document.getElementById("take");

  if (!facts) { found.textContent = "The search data could not be loaded."; return; }
  facts.topics.forEach(function (topic) { topicNames[topic[0]] = topic[1]; });
  facts.reports.reduce(function (first, report) {
    firsts.push(first);
    return first + report.counts[0] + report.counts[1];
  }, 0);

  // Data are classic scripts that assign to window, so that the page works from disk, too.
  function load(path, name) {
    if (!loading[path]) {
      loading[path] = new Promise(function (resolve, reject) {
        var script = document.createElement("script");
        script.src = path;
        script.onload = function () { resolve(window[name]); };
        script.onerror = function () { delete loading[path]; reject(new Error("could not load " + path)); };
        document.head.appendChild(script);
      });
    }
    return loading[path];
  }

  function tokens(text) {
    var plain = text.toLowerCase().replace(/[’']/g, "").normalize("NFKD").replace(/[\u0300-\u036f]/g, "");
    var words = (plain.match(/[a-z0-9]+/g) || []).filter(function (word) { return word.length > 1; });
    return words.map(function (word) {
      return word.length > 3 && /s$/.test(word) && !/ss$/.test(word) ? word.slice(0, -1) : word;
    });
  }

  function spaced(text) { return " " + tokens(text).join(" ") + " "; }

  // What stands in quotation marks, as it is looked for in a text.
  function phrases(text) {
    return (text.match(/["“”][^"“”]+["“”]/g) || []).map(spaced).filter(function (phrase) { return / .+ .+ /.test(phrase); });
  }

  function unpack(packed) {
    var number = 0;
    return packed.split(" ").map(function (step) { return (number += parseInt(step, 36)); });
  }

  // For a word, the weight that each fact gets from it; null where nearly every fact has the word.
  function postings(word) {
    var shard = word.slice(0, 2);
    if (facts.shards.indexOf(shard) < 0) return Promise.resolve(new Map());
    return load("words/" + shard + ".js", "SITE_WORDS_" + shard).then(function (words) {
      var weights = new Map();
      var matches = Object.keys(words).filter(function (known) {
        return known === word || (word.length > 3 && known.indexOf(word) === 0);
      });
      if (matches.some(function (known) { return words[known] === "*"; })) return null;
      matches.forEach(function (known) {
        unpack(words[known]).forEach(function (number) {
          weights.set(number, Math.max(known === word ? 1 : 0.6, weights.get(number) || 0));
        });
      });
      // How rare the word is counts for all of its forms together: a rare longer form is no better than the word itself.
      var rarity = Math.log(1 + facts.count / Math.max(weights.size, 1));
      weights.forEach(function (share, number) { weights.set(number, share * rarity); });
      return weights;
    });
  }

  function reportOf(number) {
    var low = 0, high = firsts.length - 1;
    while (low < high) {
      var middle = (low + high + 1) >> 1;
      if (firsts[middle] <= number) low = middle; else high = middle - 1;
    }
    return low;
  }

  function textsOf(number) {
    var chunk = Math.floor(number / facts.chunk);
    return load("texts/" + chunk + ".js", "SITE_TEXTS_" + chunk);
  }

  function factOf(number) {
    return textsOf(number).then(function (texts) { return texts[number % facts.chunk]; });
  }

  // Gives the facts whose texts hold every phrase word by word, some and then more at a time, while they are wanted.
  function sift(numbers, wanted, isWanted, some) {
    function from(start, size) {
      if (start >= numbers.length || !isWanted()) return Promise.resolve();
      var part = numbers.slice(start, start + size);
      return Promise.all(part.map(factOf)).then(function (read) {
        return some(part.filter(function (_, place) {
          var text = spaced(read[place][4]);
          return wanted.every(function (phrase) { return text.indexOf(phrase) >= 0; });
        }));
      }).then(function () {
        return new Promise(function (resolve) { setTimeout(resolve, 30); }); // the window shows what there is
      }).then(function () { return from(start + size, 4 * size); });
    }
    if (wanted.length) return from(0, 2 * PAGE);
    some(numbers);
    return Promise.resolve();
  }

  function fits(number, query) {
    var index = reportOf(number);
    var report = facts.reports[index];
    var kind = number - firsts[index] < report.counts[0] ? "r" : "f";
    return (!query.kind || query.kind === kind) &&
      (!query.authority || query.authority === report.authority) &&
      (!query.document || query.document === report.kind) &&
      (!query.grade || query.grade === report.grade) &&
      (!query.from || report.year >= Number(query.from)) &&
      (!query.to || report.year <= Number(query.to));
  }

  function everything() {
    var all = [];
    for (var number = 0; number < facts.count; number++) all.push(number);
    return all;
  }

  // The numbers of the facts that answer, the best first; of equals the newest, which have the smallest numbers.
  function search(query) {
    var words = Array.from(new Set(tokens(query.q)));
    var topic = query.topic
      ? load("topics/" + query.topic + ".js", "SITE_TOPIC_" + query.topic).then(unpack, function () { return []; })
      : Promise.resolve(null);
    return Promise.all([topic].concat(words.map(postings))).then(function (parts) {
      var within = parts[0];
      var weighted = parts.slice(1).filter(function (part) { return part !== null; });
      var scores = new Map();
      weighted.forEach(function (weights) {
        weights.forEach(function (weight, number) {
          var before = scores.get(number) || [0, 0];
          scores.set(number, [before[0] + 1, before[1] + weight]);
        });
      });
      var numbers = within || (weighted.length ? Array.from(scores.keys()) : everything());
      numbers = numbers.filter(function (number) { return fits(number, query); });
      var unknown = words.filter(function (word, place) { return parts[place + 1] && !parts[place + 1].size; });
      if (!weighted.length) return { numbers: numbers, words: words, unknown: [], whole: true };
      var having = function (count) {
        return numbers.filter(function (number) { return scores.has(number) && scores.get(number)[0] >= count; });
      };
      var best = weighted.length;
      var answer = having(best);
      while (!answer.length && best > 1) answer = having(--best);
      answer.sort(function (a, b) {
        return query.order === "newest" ? a - b : scores.get(b)[1] - scores.get(a)[1] || a - b;
      });
      return { numbers: answer, words: words, unknown: unknown, whole: best === weighted.length };
    });
  }

  function element(tag, className, text) {
    var made = document.createElement(tag);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  }

  function link(address, text) {
    var made = element("a", "", text);
    made.href = address;
    return made;
  }

  // A text with the words that were asked for marked.
  function marked(text, words) {
    var paragraph = element("p");
    text.split(/([A-Za-zÀ-ÿ0-9’']+)/).forEach(function (part, index) {
      var word = index % 2 ? tokens(part)[0] : "";
      var hit = word && words.some(function (asking) {
        return word === asking || (asking.length > 3 && word.indexOf(asking) === 0);
      });
      paragraph.appendChild(hit ? element("mark", "", part) : document.createTextNode(part));
    });
    return paragraph;
  }

  function show(number, words) {
    return factOf(number).then(function (fact) {
      var report = facts.reports[reportOf(number)];
      var item = element("li", "passage");
      var text = marked(fact[4], words);
      if (fact[2]) text.insertBefore(element("span", "paragraph", fact[2] + " "), text.firstChild);
      var meta = element("p", "meta", report.authority + " · ");
      meta.appendChild(link("../documents/" + report.id + ".html#" + fact[0], [report.what, report.date].filter(Boolean).join(", ")));
      meta.appendChild(document.createTextNode(
        (fact[1] === "r" ? " · recommendation" : " · finding") + (fact[3] ? " · page " + fact[3] : "") +
        (report.grade ? " · overall " + report.grade : "")
      ));
      fact[5].forEach(function (topic) {
        meta.appendChild(document.createTextNode(" · "));
        meta.appendChild(link("../topics/" + topic + ".html", topicNames[topic] || topic));
      });
      item.appendChild(text);
      item.appendChild(meta);
      return item;
    });
  }

  // How far one word is from another, up to two: letters that are wrong, missing, too many, or in the other's place.
  function distance(one, other) {
    if (Math.abs(one.length - other.length) > 2) return 3;
    var before = [], row = [];
    for (var i = 0; i <= one.length; i++) {
      var next = [i];
      for (var j = 1; i && j <= other.length; j++) {
        var same = one[i - 1] === other[j - 1];
        next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (same ? 0 : 1));
        if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) next[j] = Math.min(next[j], before[j - 2] + 1);
      }
      if (!i) for (j = 1; j <= other.length; j++) next[j] = j;
      before = row;
      row = next;
    }
    return row[other.length];
  }

  // The known word that a word nowhere found stands for: the nearest, of equals the most frequent.
  function meant(word) {
    return load("vocabulary.js", "SITE_VOCABULARY").then(function (vocabulary) {
      var best = null, least = word.length < 5 ? 2 : 3;
      vocabulary.split(" ").forEach(function (known) {
        var far = distance(word, known);
        if (far < least) { least = far; best = known; }
      });
      return best;
    });
  }

  function proposeWords(query, unknown, turn) {
    unknown.forEach(function (word) {
      meant(word).then(function (known) {
        if (!known || turn !== asked) return;
        var words = query.q.replace(/[A-Za-zÀ-ÿ0-9’']+/g, function (typed) { return tokens(typed)[0] === word ? known : typed; });
        var line = element("p", "", "Did you mean ");
        line.appendChild(link(addressOf(Object.assign({}, query, { q: words })), words));
        line.appendChild(document.createTextNode("?"));
        hints.appendChild(line);
      });
    });
  }

  // Words that stand apart in a long passage say another thing than the same words together.
  function proposePhrase(query, words) {
    if (words.length < 2 || /["“”]/.test(query.q)) return;
    var phrase = "“" + query.q + "”";
    var line = element("p", "", "Only where these words stand together: ");
    line.appendChild(link(addressOf(Object.assign({}, query, { q: phrase })), phrase));
    hints.appendChild(line);
  }

  // An authority that is asked for by its name has a page of its own.
  function proposeAuthorities(query) {
    var words = " " + query.q.toLowerCase().replace(/[^a-z0-9]+/g, " ").trim() + " ";
    if (!words.trim()) return;
    authorities.forEach(function (one) {
      var forms = [one[0].toLowerCase().replace(/[^a-z0-9]+/g, " ").trim()].concat(one[2].split("|"));
      if (!forms.some(function (form) { return form && words.indexOf(" " + form + " ") >= 0; })) return;
      var line = element("p");
      if (one[1]) {
        line.appendChild(link("../authorities/" + one[1] + ".html", one[0]));
        line.appendChild(document.createTextNode(": its page, with grades, figures and what is asked of it."));
      } else line.textContent = "No document here is about " + one[0] + ".";
      hints.appendChild(line);
    });
  }

  // How many of the passages found are of each authority, the most first; each leads to its own.
  function countByAuthority(query, numbers) {
    var counts = new Map();
    numbers.forEach(function (number) {
      var name = facts.reports[reportOf(number)].authority;
      counts.set(name, (counts.get(name) || 0) + 1);
    });
    var body = by.querySelector("tbody");
    body.textContent = "";
    Array.from(counts).sort(function (a, b) { return b[1] - a[1] || (a[0] < b[0] ? -1 : 1); }).forEach(function (pair) {
      var row = body.insertRow();
      var head = element("th");
      head.scope = "row";
      head.appendChild(link(addressOf(Object.assign({}, query, { authority: pair[0] })), pair[0]));
      row.appendChild(head);
      row.appendChild(element("td", "number", String(pair[1])));
    });
    by.querySelector("summary").textContent = "By authority: " + counts.size.toLocaleString("en-GB");
    by.hidden = counts.size < 2;
  }

  // All that was found as CSV.
  function takeAway(numbers) {
    Promise.all(numbers.map(factOf)).then(function (found) {
      var lines = [["authority", "document", "date", "kind", "number", "page", "overall grade", "topics", "words", "id"]];
      found.forEach(function (fact, place) {
        var report = facts.reports[reportOf(numbers[place])];
        lines.push([report.authority, report.what, report.date, fact[1] === "r" ? "recommendation" : "finding", fact[2], fact[3] || "",
          report.grade, fact[5].map(function (topic) { return topicNames[topic] || topic; }).join("; "), fact[4], fact[0]]);
      });
      window.siteDownload(lines, "search " + form.elements.q.value);
    });
  }

  function read() {
    var query = {};
    Array.prototype.forEach.call(form.elements, function (field) { if (field.name) query[field.name] = field.value.trim(); });
    return query;
  }

  function addressOf(query) {
    var kept = Object.keys(query).filter(function (name) { return query[name]; });
    return "#" + kept.map(function (name) { return name + "=" + encodeURIComponent(query[name]); }).join("&");
  }

  function run() {
    var query = read();
    var turn = ++asked;
    var kept = Object.keys(query).filter(function (name) { return query[name] && name !== "order"; });
    try { history.replaceState(null, "", addressOf(query)); } catch (refused) { /* some browsers refuse it from disk */ }
    list.textContent = "";
    hints.textContent = "";
    more.hidden = take.hidden = by.hidden = true;
    if (!kept.length) { found.textContent = facts.count.toLocaleString("en-GB") + " passages can be searched."; return Promise.resolve(); }
    found.textContent = "Searching …";
    return search(query).then(function (answer) {
      if (turn !== asked) return null;
      var held = [];
      var shown = 0;
      proposeAuthorities(query);
      if (answer.whole) proposePhrase(query, answer.words);
      proposeWords(query, answer.unknown, turn);

      function next() {
        var numbers = held.slice(shown, shown + PAGE);
        shown += numbers.length;
        return Promise.all(numbers.map(function (number) { return show(number, answer.words); })).then(function (items) {
          if (turn !== asked) return;
          items.forEach(function (item) { list.appendChild(item); });
        });
      }

      // A phrase is looked for in the texts, the best of them first: what is found is shown before all is counted.
      function some(fitting) {
        held = held.concat(fitting);
        found.textContent = held.length.toLocaleString("en-GB") + " so far …";
        return !shown && held.length >= PAGE ? next() : null;
      }

      return sift(answer.numbers, phrases(query.q), function () { return turn === asked; }, some).then(function () {
        if (turn !== asked) return null;
        var count = held.length;
        countByAuthority(query, held);
        take.hidden = !count;
        take.onclick = function () { takeAway(held); };
        found.textContent = count === 0 ? "Nothing was found."
          : (count.toLocaleString("en-GB") + (count === 1 ? " passage" : " passages")) +
            (answer.whole ? "." : ": none has all the words, these have most of them.");
        more.onclick = function () {
          var before = list.children.length;
          next().then(function () {
            var first = list.children[before];
            if (first) { first.querySelector("a").focus(); }
            more.hidden = shown >= count;
          });
        };
        return (shown ? Promise.resolve() : next()).then(function () { more.hidden = shown >= count; });
      });
    }).catch(function (error) { found.textContent = "The search data could not be loaded: " + error.message + "."; });
  }

  function fill() {
    form.reset();
    location.hash.slice(1).split("&").forEach(function (pair) {
      var parts = pair.split("=");
      var field = form.elements[parts[0]];
      if (field && parts[1]) {
        try { field.value = decodeURIComponent(parts[1].replace(/\+/g, " ")); } catch (broken) { field.value = parts[1]; }
      }
    });
  }

  form.hidden = false;
  form.addEventListener("submit", function (event) { event.preventDefault(); run(); });
  form.addEventListener("change", function (event) { if (event.target.tagName === "SELECT") run(); });
  window.addEventListener("hashchange", function () { fill(); run(); });
  fill();
  run();
})();
