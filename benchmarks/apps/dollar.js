// In place of jQuery: HTML in, its elements out, which is all that folium's popups ask.
window.$ = (html) => {
  const holder = document.createElement('template');
  holder.innerHTML = html.trim();
  return holder.content.children;
};
