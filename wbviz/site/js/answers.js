// @ts-check
// Of a page that is printed into the book's PDF: what is folded opens, and answers go to the end, below who asks.

(() => {
  const answer = "article :is(.sd-dropdown, .wb-still:not(.wb-house, .wb-timeline) details)";

  /** The exercise, question or level that an answer belongs to. @param {Element} folded */
  function asks(folded) {
    const widget = folded.closest(".wb-still");
    if (widget) return widget.querySelector("p > strong, .wb-title")?.textContent ?? "";
    for (let node = folded.previousElementSibling; node; node = node.previousElementSibling) {
      const said = node.querySelector(node.localName === "p" ? ":scope > strong:first-child" : ".wb-quiz p > strong");
      if (said) return said.textContent ?? "";
    }
    return "";
  }

  const answers = document.createElement("section");
  const title = answers.appendChild(document.createElement("h2"));
  title.textContent = "Answers";
  let before = "";
  for (const folded of document.querySelectorAll("details")) {
    folded.open = true;
    if (!folded.matches(answer)) continue;
    const asked = asks(folded);
    if (asked !== before) answers.append(Object.assign(document.createElement("h3"), { textContent: asked }));
    before = asked;
    const name = document.createElement("p");
    name.append(
      Object.assign(document.createElement("em"), {
        textContent: folded.querySelector("summary")?.textContent?.trim() ?? "",
      }),
    );
    answers.append(name, ...[...folded.children].filter((node) => node.localName !== "summary"));
    folded.remove();
  }
  if (answers.childElementCount > 1) document.querySelector("article")?.append(answers);
})();
