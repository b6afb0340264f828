// Reads a badge with the camera: by the browser's own detector where there is one, else by jsQR, fetched only then.
ritm.behaviour("scan", (button) => {
  const field = document.getElementById(button.dataset.field);
  const box = document.getElementById("camera");
  const video = box.querySelector("video");
  const canvas = document.createElement("canvas");
  let stream = null;
  if (!navigator.mediaDevices || !navigator.mediaDevices.getUserMedia) return;
  button.hidden = false;

  async function reader() {
    if ("BarcodeDetector" in window && (await BarcodeDetector.getSupportedFormats()).includes("qr_code")) {
      const detector = new BarcodeDetector({ formats: ["qr_code"] });
      return async () => ((await detector.detect(video))[0] || {}).rawValue;
    }
    if (!window.jsQR) await load(button.dataset.library);
    return async () => {
      canvas.width = video.videoWidth;
      canvas.height = video.videoHeight;
      const context = canvas.getContext("2d", { willReadFrequently: true });
      context.drawImage(video, 0, 0);
      const found = jsQR(context.getImageData(0, 0, canvas.width, canvas.height).data, canvas.width, canvas.height);
      return found && found.data;
    };
  }
  const load = (address) => new Promise((done, failed) => {
    const script = Object.assign(document.createElement("script"), { src: address, onload: done, onerror: failed });
    document.head.append(script);
  });
  function stop() {
    if (stream) stream.getTracks().forEach((track) => track.stop());
    stream = null;
    box.hidden = true;
  }
  async function look(read) {
    const text = stream && video.videoWidth ? await read() : "";
    if (text && /^\d{20}$/.test(text)) {
      stop();
      field.value = text;
      field.form.requestSubmit();
    } else if (stream) setTimeout(look, 200, read);
  }
  button.addEventListener("click", async () => {
    if (stream) return stop();
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "user" } });
      video.srcObject = stream;
      box.hidden = false;
      await video.play();
      look(await reader());
    } catch {
      stop();
      box.hidden = false;
      box.querySelector("p").textContent = button.dataset.failed;
    }
  });
  addEventListener("pagehide", stop);
});
