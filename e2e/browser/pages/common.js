// What both front ends share: nb.cells(), nb.outputs() and nb.code() are theirs.

// The pictures that stand in outputs, as they came out.
nb.pictures = async () => {
  const pictures = nb.outputs().flatMap(output => [...output.querySelectorAll('img, svg')]).filter(e => !e.parentElement.closest('svg'));
  await Promise.all(pictures.filter(e => e.decode).map(e => e.decode().catch(() => {})));
  return pictures.map(e => {
    const { width, height } = e.getBoundingClientRect();
    return { kind: e.tagName.toLowerCase(), width: e.naturalWidth ?? width, height: e.naturalHeight ?? height, shown: width };
  });
};

// Watches the output of the last cell, frame by frame: how many states of it
// were seen, how many outputs at most, and whether it collapsed or lost its
// picture in between.
nb.watch = () => {
  const seen = new Set();
  const watched = nb.watched = { frames: 0, states: 0, outputs: 0, collapses: 0, running: true };
  let tallest = 0;
  (function look() {
    if (!watched.running) return;
    const outputs = nb.outputs(nb.cells().length - 1);
    const height = outputs.reduce((sum, e) => sum + e.offsetHeight, 0);
    const picture = outputs.map(e => e.querySelector('img, svg')).find(Boolean);
    watched.frames++;
    watched.outputs = Math.max(watched.outputs, outputs.length);
    if (height < tallest / 2) watched.collapses++;
    tallest = Math.max(tallest, height);
    if (picture) watched.states = seen.add(picture.outerHTML).size;
    requestAnimationFrame(look);
  })();
};
nb.watchedEnough = states => nb.watched.states >= states;
nb.unwatch = () => { nb.watched.running = false; return nb.watched; };

nb.offers = name => nb.completions().includes(name);
nb.ran = count => nb.lastCell().count === count;
nb.lastCell = () => nb.cells().at(-1);
nb.lastHas = text => JSON.stringify(nb.lastCell().outputs).includes(text);

// Every piece of coloured code in the last cell, with its class: [text, class].
nb.colours = () => nb.code().flatMap(line => [...line.querySelectorAll('span[class]')].map(e => [e.innerText, getComputedStyle(e).color]));
nb.wide = () => nb.outputs().filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.innerText.slice(0, 60));

// The texts of outputs that stand out too little from what is behind them: their
// contrast by WCAG 2.2, section 1.4.3, is less than asked for.
nb.faint = least => {
  const rgba = css => { const [r, g, b, a = 1] = css.match(/[\d.]+/g).map(Number); return [r, g, b, a]; };
  const over = ([r, g, b, a], under) => [r, g, b].map((c, i) => a * c + (1 - a) * under[i]);
  const light = rgb => rgb.map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4).reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = e => {
    if (!e) return [255, 255, 255];
    const paint = rgba(getComputedStyle(e).backgroundColor);
    return paint[3] === 1 ? paint.slice(0, 3) : over(paint, behind(e.parentElement));
  };
  const faint = [];
  for (const output of nb.outputs()) {
    const texts = document.createTreeWalker(output, NodeFilter.SHOW_TEXT);
    for (let text; text = texts.nextNode();) {
      const e = text.parentElement;
      if (!text.data.trim() || e.closest('svg, script, style, math, mjx-container, .MathJax') || e.offsetHeight === 0) continue;
      const under = behind(e);
      const [dim, bright] = [light(over(rgba(getComputedStyle(e).color), under)), light(under)].sort((a, b) => a - b);
      const contrast = (bright + 0.05) / (dim + 0.05);
      if (contrast < least) faint.push(`${contrast.toFixed(1)} ${text.data.trim().slice(0, 40)}`);
    }
  }
  return faint;
};
