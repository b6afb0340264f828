// The audience picker: search among many stores; all colleagues and single ones exclude each other.
ritm.behaviour("audience", (picker) => {
  const [all, some] = picker.querySelectorAll("[type=radio]");
  const boxes = [...picker.querySelectorAll("[type=checkbox]")];
  const details = picker.querySelector("details");
  const search = picker.querySelector("[type=search]");
  const none = picker.querySelector("[data-none]");
  search.parentElement.hidden = false;

  picker.addEventListener("change", ({ target }) => {
    if (target === all) for (const box of boxes) box.checked = false;
    if (target === some) details.open = true;
    if (target.type === "checkbox") (boxes.some((box) => box.checked) ? some : all).checked = true;
  });

  search.addEventListener("input", () => {
    const words = plain(search.value).split(/\s+/).filter(Boolean);
    let found = 0;
    for (const section of picker.querySelectorAll("section")) {
      let here = 0;
      for (const choice of section.querySelectorAll(".choice")) {
        const text = plain(`${section.firstElementChild.textContent} ${choice.textContent}`);
        choice.hidden = !words.every((word) => text.includes(word));
        here += !choice.hidden;
      }
      section.hidden = !here;
      found += here;
    }
    none.hidden = found > 0;
  });
  search.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
});

const plain = (text) => text.toLowerCase().replaceAll("ё", "е").trim();
