// Shows what is typed into a password field for as long as the button stays pressed in.
ritm.behaviour("reveal", (button) => {
  const field = document.getElementById(button.dataset.for);
  button.hidden = false;
  const show = (shown) => {
    field.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
  };
  button.addEventListener("click", () => {
    show(field.type === "password");
    field.focus();
  });
  // A browser must not remember it as an ordinary text.
  field.form.addEventListener("submit", () => show(false));
});
