// Small things of forms: where the focus goes, and that a form is sent once.
ritm.behaviour("focus", (element) => element.focus());

// However often its button is pressed, it is sent once; what did not get through may be sent again.
ritm.behaviour("once", (form) => {
  const again = () => delete form.dataset.sent;
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
    form.dataset.sent = "yes";
    setTimeout(again, 8000);
  }, true);
  form.addEventListener("htmx:error", again);
  addEventListener("pageshow", again);
});
