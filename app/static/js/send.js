// A choice that needs no second step sends its form at once; the button beside it is for pages without scripts.
ritm.behaviour("send", (control) => {
  const button = control.form.querySelector("[type=submit]:not([form])");
  if (button) button.hidden = true;
  control.addEventListener("change", () => {
    if (control.type !== "file" || control.files.length) control.form.requestSubmit(button);
  });
});
