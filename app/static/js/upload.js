// A photo on its way: made smaller here first, since a phone's photo has 5 MB and a shop's line is slow; then sent.
const LONGEST = 2000;

// `image` shows the file already; what this browser cannot read goes as it is, the portal may know better.
ritm.shrink = async (file, image) => {
  try {
    await image.decode();
    const scale = Math.min(1, LONGEST / Math.max(image.naturalWidth, image.naturalHeight));
    if (scale === 1 && file.size < 800000) return file;
    const canvas = document.createElement("canvas");
    canvas.width = image.naturalWidth * scale;
    canvas.height = image.naturalHeight * scale;
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.86));
    return blob && blob.size < file.size ? blob : file;
  } catch {
    return file;
  }
};

// fetch() cannot tell how much has gone; the older way can. Gives the request, or null where no answer came.
ritm.upload = (file, token, progress) => {
  const request = new XMLHttpRequest();
  const form = new FormData();
  form.append("photos", file, "photo");
  request.open("POST", "/posts/photos");
  request.setRequestHeader("HX-Request", "true");
  request.setRequestHeader("X-CSRFToken", token);
  request.upload.onprogress = ({ loaded, total }) => progress(loaded / total);
  return new Promise((done) => {
    request.onloadend = () => done(request.status ? request : null);
    request.send(form);
  });
};
