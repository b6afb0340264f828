// A link that copies its own address; where the browser does not let it, it stays a link.
ritm.behaviour("copy", (link) => {
  link.addEventListener("click", async (event) => {
    event.preventDefault();
    if (!(await copied(link.href))) return location.assign(link.href);
    const label = link.querySelector("span") || link;
    const words = label.textContent;
    label.textContent = link.dataset.done;
    label.setAttribute("role", "status");
    setTimeout(() => {
      label.textContent = words;
      const menu = link.closest(".menu");
      if (menu) menu.open = false;
    }, 1500);
  });
});

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Inside the company the portal may well run without https, and then there is no clipboard to write to.
    const field = document.createElement("textarea");
    field.value = text;
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }
}
