// Big digits for a PIN; the keyboard and a plain form do as well.
ritm.behaviour("pin-pad", (form) => {
  const field = form.querySelector("[name=pin]");
  const keys = form.querySelector(".pad__keys");
  keys.hidden = false;
  form.querySelector(".pad__enter").hidden = true;
  keys.addEventListener("click", (event) => {
    const key = event.target.closest("button[type=button]");
    if (!key) return;
    field.value = key.value === "back" ? field.value.slice(0, -1) : (field.value + key.value).slice(0, 6);
    field.focus();
  });
  field.addEventListener("input", () => (field.value = field.value.replace(/\D/g, "")));
});
// "Back" must not bring the pad with its digits again.
addEventListener("pageshow", (event) => event.persisted && location.reload());
