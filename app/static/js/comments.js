// "#comment-7" leads to its comment even where that stands on another page of a long talk.
addEventListener("DOMContentLoaded", () => {
  const [, id] = location.hash.match(/^#comment-(\d+)$/) || [];
  if (id && !document.getElementById(`comment-${id}`) && !location.search.includes(`comment=${id}`)) {
    location.replace(`/comments/${id}`);
  }
});
