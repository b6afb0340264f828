// Shows of a question's form what its kind needs; without a script all of it stands there, and what does not count is ignored.
ritm.behaviour("question", form => {
  const show = () => {
    const kind = form.querySelector("[name=kind]:checked")?.value;
    for (const part of form.querySelectorAll("[data-for]")) part.hidden = !part.dataset.for.split(" ").includes(kind);
  };
  form.addEventListener("change", show);
  show();
});
