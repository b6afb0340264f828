// Photos go to the portal one by one as they are picked, so that a mistake in the text or a lost line costs none of them.
const MOST = 10;

ritm.behaviour("photos", (field) => {
  const input = field.querySelector("[type=file]");
  const tiles = field.querySelector(".tiles");
  // The browser's own field speaks the browser's language and shows what is no longer in it.
  field.querySelector(".add-photos > span").hidden = false;
  input.className = "visually-hidden";
  let queue = Promise.resolve();
  let waiting = 0;

  input.addEventListener("change", () => {
    for (const file of input.files) add(file);
    input.value = "";
  });

  function add(file) {
    const tile = document.createElement("div");
    tile.className = "tile tile--busy";
    tile.innerHTML = `<img alt=""><progress max="1" value="0" aria-label="${field.dataset.busy}"></progress>`;
    tile.firstChild.src = URL.createObjectURL(file);
    tiles.append(tile);
    if (tiles.children.length > MOST) return fail(tile, field.dataset.most);
    busy(1);
    queue = queue.then(() => send(file, tile)).finally(() => busy(-1));
  }

  async function send(file, tile) {
    const token = field.closest("form").elements.csrf_token.value;
    const small = await ritm.shrink(file, tile.querySelector("img"));
    const answer = await ritm.upload(small, token, (part) => (tile.querySelector("progress").value = part));
    if (answer?.status === 200) tile.outerHTML = answer.responseText;
    else if (answer?.status === 422) fail(tile, answer.responseText);
    else fail(tile, field.dataset.failed, file);
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function fail(tile, words, file) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "tile__failed";
    button.setAttribute("role", "alert");
    button.textContent = words;
    button.addEventListener("click", () => {
      tile.remove();
      if (file) add(file);
    });
    tile.querySelector("progress").replaceWith(button);
  }

  function busy(step) {
    waiting += step;
    const button = field.closest("form").querySelector(".write__send");
    button.dataset.words ??= button.textContent;
    button.disabled = waiting > 0;
    button.textContent = waiting ? field.dataset.waiting : button.dataset.words;
  }
});
