// A button that prints the page.
ritm.behaviour("print", (button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});
