// Goes on where the video stopped, on whatever device, and says every ten seconds where it stands.
ritm.behaviour("video", video => {
  const from = Number(video.dataset.from);
  if (from > 5) video.addEventListener("loadedmetadata", () => { if (from < video.duration - 5) video.currentTime = from; }, {once: true});
  let said = from;
  const say = () => {
    const seconds = Math.floor(video.currentTime);
    if (Math.abs(seconds - said) < 10 && !video.ended) return;
    said = seconds;
    fetch(video.dataset.address, {
      method: "POST",
      headers: {"X-CSRFToken": document.querySelector("#act [name=csrf_token]").value},
      body: new URLSearchParams({seconds}),
      keepalive: true,
    }).catch(() => { said = -10; });
  };
  video.addEventListener("timeupdate", say);
  video.addEventListener("pause", say);
});
