"use strict";

const element = (id) => document.getElementById(id);
/** What images.json says: the images, and the server's limits. */
let list = { images: [], largestFactor: 1, maxWidth: 1, maxHeight: 1, maxArea: 1 };
/**
 * The image shown: its entry of the list, how many times its size the page shows, OpenSeadragon's viewer, the divider's place from
 * 0 to 1, and the comparison that was chosen last.
 */
let shown = null;

/**
 * How many times an image's size the page shows: the server's largest factor, or the next below it where a file itself has such a
 * name, which would come in its place.
 */
function largestFactor(image) {
  const names = new Set(list.images.map((entry) => entry.id));
  let factor = list.largestFactor;
  while (factor > 1 && ["", "~bicubic", "~nearest"].some((made) => names.has(`${image.id}@${factor}x${made}`))) factor -= 1;
  return factor;
}

const service = ({ image, factor }, suffix = "") =>
  `iiif/3/${encodeURIComponent(image.id + (factor > 1 ? `@${factor}x` : "") + suffix)}`;

async function start() {
  try {
    const answer = await fetch("images.json");
    if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
    list = await answer.json();
  } catch (error) {
    element("message").textContent = `The pictures cannot be listed: ${error.message}.`;
    return;
  }
  element("message").hidden = true;
  element("cards").replaceChildren(...list.images.map(card));
  addEventListener("hashchange", route);
  route();
}

/** An image in the gallery. */
function card(image) {
  const link = document.createElement("a");
  link.href = "#" + encodeURIComponent(image.id);
  const picture = document.createElement("img");
  const long = Math.max(image.width, image.height), short = Math.min(image.width, image.height);
  // Of what is so long that the other side would have less than half a pixel, which is no image (§4.2), the middle.
  const part = long > 800 * short ? "square/max" : `full/${long > 400 ? "!400,400" : "max"}`;
  picture.src = `iiif/3/${encodeURIComponent(image.id)}/${part}/0/default.jpg`;
  picture.loading = "lazy";
  picture.alt = "";
  // A busy server refuses, and says to a script alone until when.
  let tries = 0;
  picture.addEventListener("error", () => {
    tries += 1;
    if (tries < 10) setTimeout(() => { picture.src = picture.src; }, 1500 * tries);
  });
  const text = document.createElement("span");
  text.textContent = image.id;
  const extent = document.createElement("small");
  extent.textContent = `${image.width} × ${image.height}`;
  text.append(extent);
  link.append(picture, text);
  const item = document.createElement("li");
  item.append(link);
  return item;
}

/** Shows what the address's fragment names: an image, or the gallery. */
function route() {
  let name = "";
  try { name = decodeURIComponent(location.hash.slice(1)); } catch { /* not ours */ }
  const image = list.images.find((entry) => entry.id === name), before = shown?.image;
  close();
  element("gallery").hidden = Boolean(image);
  element("viewer").hidden = !image;
  document.title = image ? `${image.id} – liif` : "liif";
  if (image) open(image);
  // Whoever uses the keyboard goes on at the image that was left.
  else if (before) element("cards").children[list.images.indexOf(before)].firstChild.focus();
}

function close() {
  if (shown) shown.viewer.destroy();
  shown = null;
  element("compare").value = "";
  element("scale").value = "";
  // A download goes on, and takes no other beside it.
  if (!element("download").querySelector("button").disabled) element("progress").value = "";
  element("invented").hidden = true;
  trouble("");
  showDivider(false);
}

/** Says on the stage what is wrong. */
function trouble(text) {
  element("trouble").textContent = text;
  element("trouble").hidden = !text;
}

function open(image) {
  element("name").textContent = image.id;
  const factor = largestFactor(image), information = service({ image, factor }) + "/info.json";
  const viewer = OpenSeadragon({
    element: element("picture"), tileSources: information,
    // Clipping, which the comparison needs, and the same look everywhere.
    drawer: "canvas", showNavigationControl: false, maxZoomPixelRatio: 2, minZoomImageRatio: 0.8, visibilityRatio: 0.5,
    gestureSettingsMouse: { clickToZoom: false, dblClickToZoom: true }, timeout: 120000, imageLoaderLimit: 6,
    crossOriginPolicy: false, tileRetryMax: 20, tileRetryDelay: 1500, preserveImageSizeOnResize: true,
  });
  shown = { image, factor, viewer, divider: 0.5, comparison: null };
  viewer.addHandler("open", () => {
    trouble("");
    update();
    // What was chosen before the picture was there.
    if (element("compare").value) compare(element("compare").value);
  });
  viewer.addHandler("update-viewport", update);
  let refusals = 0;
  viewer.addHandler("open-failed", (event) => {
    if (shown?.viewer !== viewer) return;
    refusals += 1;
    const isBusy = /^HTTP (429|503) /.test(event.message) && refusals < 20;
    trouble(isBusy ? "The server is busy; asking again…" : `The picture cannot be opened: ${event.message}`);
    if (isBusy) setTimeout(() => { if (shown?.viewer === viewer) viewer.open(information); }, 2000);
  });
  let isWaiting = false;
  viewer.addHandler("tile-load-failed", ({ tries }) => {
    if (shown?.viewer !== viewer || tries < 3) return;
    isWaiting = tries <= viewer.tileRetryMax;
    trouble(isWaiting ? "Parts of the picture do not come; asking again…" : "Parts of the picture cannot be loaded.");
  });
  viewer.addHandler("tile-loaded", () => {
    if (isWaiting && shown?.viewer === viewer) trouble("");
    isWaiting = false;
  });
  // R and F turn and flip, which neither the comparison nor the download do; the others are the page's own.
  viewer.addHandler("canvas-key", (event) => {
    const { key, keyCode } = event.originalEvent;
    if (keyCode === 82 || keyCode === 70 || zooms[key]) event.preventDefaultAction = true;
  });
  viewer.canvas.setAttribute("role", "application");
  viewer.canvas.setAttribute("aria-label", `${image.id}: the arrow keys move, + and − zoom, 0 shows the whole picture`);
  viewer.canvas.focus();
}

/** Screen pixels per pixel of the picture. */
function scale() {
  const item = shown.viewer.world.getItemAt(0);
  if (!item) return 0;
  return item.viewportToImageZoom(shown.viewer.viewport.getZoom(true)) * shown.factor * devicePixelRatio;
}

function update() {
  if (!shown || !shown.viewer.world.getItemCount()) return;
  const value = scale();
  element("scale").value = `${value < 10 ? value.toFixed(2) : value.toFixed(1)}×`;
  element("invented").hidden = value <= 1.001;
  clip();
}

/** The comparison lies over the image, to the left of the divider. */
function clip() {
  const over = shown.viewer.world.getItemAt(1);
  if (!over) return;
  const x = shown.divider * element("stage").clientWidth;
  element("divider").style.left = `${x}px`;
  element("divider").setAttribute("aria-valuenow", String(Math.round(shown.divider * 100)));
  const edge = over.viewerElementToImageCoordinates(new OpenSeadragon.Point(x, 0)).x;
  const size = over.getContentSize();
  // Never empty: the opacity hides what lies beyond the divider altogether. Set only where it changes, for each change draws anew,
  // which leads here again.
  const width = Math.max(Math.min(edge, size.x), 1e-3);
  if (Math.abs((over.getClip() || { width: -1 }).width - width) > 1e-6) {
    over.setClip(new OpenSeadragon.Rect(0, 0, width, size.y));
  }
  over.setOpacity(edge > 0 ? 1 : 0);
}

function showDivider(isShown, name = "") {
  for (const id of ["divider", "left", "right"]) element(id).hidden = !isShown;
  element("left").textContent = name;
}

function compare(name) {
  const { viewer } = shown;
  const old = viewer.world.getItemAt(1);
  if (old) viewer.world.removeItem(old);
  // Until the other image is there, both sides show the same.
  for (const id of name ? ["left", "right"] : ["divider", "left", "right"]) element(id).hidden = true;
  // What arrives after another choice, be it of the same name, is not wanted any more.
  const comparison = shown.comparison = {};
  // Without the picture below it, it would be taken for it; it is asked for when that is open.
  if (!name || !viewer.isOpen()) return;
  viewer.addTiledImage({
    tileSource: `${service(shown, "~" + name)}/info.json`, x: 0, y: 0, width: 1,
    success: (event) => {
      if (shown?.comparison !== comparison) {
        viewer.world.removeItem(event.item);
        return;
      }
      showDivider(true, name);
      update();
    },
    error: () => {
      if (shown?.comparison !== comparison) return;
      showDivider(false);
      element("compare").value = "";
      element("progress").value = `The picture cannot be compared with ${name}.`;
    },
  });
}

function moveDivider(share) {
  // A drag may outlast the viewer.
  if (!shown) return;
  shown.divider = Math.min(Math.max(share, 0), 1);
  clip();
}

/** The part of the image that is on the screen, in its own pixels. */
function visible() {
  const item = shown.viewer.world.getItemAt(0);
  if (!item) return null;
  const size = item.getContentSize();
  const bounds = item.viewportToImageRectangle(shown.viewer.viewport.getBounds(true));
  const left = Math.max(0, Math.floor(bounds.x)), top = Math.max(0, Math.floor(bounds.y));
  const right = Math.min(size.x, Math.ceil(bounds.x + bounds.width));
  const bottom = Math.min(size.y, Math.ceil(bounds.y + bounds.height));
  return right > left && bottom > top ? { x: left, y: top, width: right - left, height: bottom - top } : null;
}

async function download() {
  const output = element("progress"), button = element("download").querySelector("button");
  // Another image may be shown by the time the answer comes.
  const part = visible(), { image } = shown, address = service(shown);
  if (!part) { output.value = "The picture is not in view."; return; }
  const wanted = Number(element("pixels").value);
  const factor = Math.min(
    wanted / Math.max(part.width, part.height), list.maxWidth / part.width, list.maxHeight / part.height,
    Math.sqrt(list.maxArea / (part.width * part.height)));
  const width = Math.max(1, Math.floor(part.width * factor + 1e-6));
  const height = Math.max(1, Math.floor(part.height * factor + 1e-6));
  const format = element("format").value;
  const region = `${part.x},${part.y},${part.width},${part.height}`;
  const url = `${address}/${region}/^${width},${height}/0/default.${format}`;
  const rendering = `Rendering ${width} × ${height} pixels of ${image.id}…`;
  button.disabled = true;
  output.value = rendering;
  try {
    const answer = await retried(url, (wait) => {
      output.value = wait ? `The server is busy; asking again in ${wait} s…` : rendering;
    });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await answer.blob());
    link.download = `${image.id.replace(/[^\p{L}\p{N}._-]+/gu, "_")}-${width}x${height}.${format}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    const isLess = Math.max(width, height) < wanted;
    output.value = `${link.download}${isLess ? ": as many pixels as this server renders at once" : ""}`;
  } catch (error) {
    output.value = `Not downloaded: ${error.message}`;
  }
  button.disabled = false;
}

/**
 * Fetches, and again after the time that a busy server asks for, if that is not longer than anybody waits. Each time of waiting is
 * told in seconds, and its end by 0.
 */
async function retried(url, waits) {
  for (let attempt = 0; ; attempt += 1) {
    const answer = await fetch(url);
    if (answer.ok) return answer;
    const wait = Number(answer.headers.get("Retry-After")) || 2;
    if (![429, 503].includes(answer.status) || attempt === 20 || wait > 120) {
      // A proxy's own words are a page.
      const isText = answer.headers.get("Content-Type")?.startsWith("text/plain");
      throw new Error(isText ? await answer.text() : `the server answered ${answer.status}`);
    }
    waits(wait);
    await new Promise((done) => setTimeout(done, 1000 * wait));
    waits(0);
  }
}

function zoomBy(factor) {
  shown.viewer.viewport.zoomBy(factor).applyConstraints();
}

/** What keys do wherever the focus is. */
const zooms = {
  "+": () => zoomBy(1.25), "=": () => zoomBy(1.25), "-": () => zoomBy(0.8), "0": () => shown.viewer.viewport.goHome(),
};

element("compare").addEventListener("change", (event) => compare(event.target.value));
element("in").addEventListener("click", () => zoomBy(2));
element("out").addEventListener("click", () => zoomBy(0.5));
element("whole").addEventListener("click", () => shown.viewer.viewport.goHome());
element("deepest").addEventListener("click", () => {
  const item = shown.viewer.world.getItemAt(0);
  if (item) shown.viewer.viewport.zoomTo(item.imageToViewportZoom(1 / devicePixelRatio)).applyConstraints();
});
element("download").addEventListener("submit", (event) => {
  event.preventDefault();
  download();
});
const divider = element("divider");
divider.addEventListener("pointerdown", (event) => divider.setPointerCapture(event.pointerId));
divider.addEventListener("pointermove", (event) => {
  if (!divider.hasPointerCapture(event.pointerId)) return;
  const stage = element("stage").getBoundingClientRect();
  moveDivider((event.clientX - stage.left) / stage.width);
});
divider.addEventListener("keydown", (event) => {
  const step =
    { ArrowLeft: -0.02, ArrowDown: -0.02, ArrowRight: 0.02, ArrowUp: 0.02, PageDown: -0.1, PageUp: 0.1 }[event.key];
  if (step) moveDivider(shown.divider + step);
  else if (event.key === "Home") moveDivider(0);
  else if (event.key === "End") moveDivider(1);
  else return;
  event.preventDefault();
});
addEventListener("keydown", (event) => {
  if (!shown || event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|SELECT)$/.test(event.target.tagName)) return;
  if (event.key === "Escape") location.hash = "";
  zooms[event.key]?.();
  if (event.key === "c" || event.key === "C") {
    const select = element("compare");
    select.selectedIndex = (select.selectedIndex + 1) % select.options.length;
    compare(select.value);
  }
});
start();
