// Looks at the chat as it is drawn now: axe-core's rules, and what axe-core leaves to others. Gives what is wrong, one
// sentence each, and how much was looked at, so that an empty page can't pass. It knows the chat as drawn elements alone.
// `everything`, which stands before it, says whether axe-core's rules are asked too.
return (async () => {
  const forced = matchMedia("(forced-colors: active)").matches;
  const host = document.querySelector("secondme-chat");
  const found = [];
  const visible = (element) =>
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true });
  // Text for screen readers alone is cut to nothing: it has no colours, and no place.
  const drawn = (element) => visible(element) && !element.closest(".unseen");
  const name = (element) => {
    const part = element.getAttribute("part") ?? element.getAttribute("class");
    return `${element.localName}${part ? `.${part.replaceAll(" ", ".")}` : ""}`;
  };

  /* axe-core */
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const rules = {
    // A chat stands beside the page's landmarks, whatever they are; its launcher belongs to none.
    region: { enabled: false },
    // What an avatar sends has no captions, and no machine can tell whether a film says anything.
    "video-caption": { enabled: false },
  };
  const options = { runOnly: { type: "tag", values: tags }, resultTypes: ["violations", "incomplete"], rules };
  const none = { violations: [], incomplete: [], passes: [] };
  const results = everything ? await axe.run("secondme-chat", options) : none;
  for (const { id, help, nodes } of results.violations)
    for (const { target, failureSummary } of nodes)
      found.push(`axe ${id}: ${help}: ${target.flat().join(" ")}: ${failureSummary.replace(/\s+/g, " ")}`);
  // What axe-core can't decide about contrast is decided below, for every text; nothing else may be left open.
  for (const { id, help, nodes } of results.incomplete)
    for (const { target } of id === "color-contrast" ? [] : nodes)
      found.push(`axe ${id} is undecided: ${help}: ${target.flat().join(" ")}`);

  // From here on nothing can change.
  const elements = [...host.shadowRoot.querySelectorAll("*:not(style)")].filter(drawn);

  /* Contrast (WCAG 1.4.3 and 1.4.11) */
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const known = new Map();
  const parse = (color) => {
    if (!known.has(color)) {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = color;
      canvas.fillRect(0, 0, 1, 1);
      const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
      known.set(color, [red, green, blue, alpha / 255]);
    }
    return known.get(color);
  };
  const over = ([r1, g1, b1, a1], [r2, g2, b2, a2]) => {
    const alpha = a1 + a2 * (1 - a1);
    const mix = (one, two) => (alpha ? (one * a1 + two * a2 * (1 - a1)) / alpha : 0);
    return [mix(r1, r2), mix(g1, g2), mix(b1, b2), alpha];
  };
  const luminance = (color) => {
    const [red, green, blue] = color.slice(0, 3).map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const parent = (element) => element.parentElement ?? element.getRootNode().host;
  /** How a colour stands out on what is behind it, from the element outwards to the page, groups with opacity among it. */
  const contrast = (element, color) => {
    let [front, back] = [parse(color), [0, 0, 0, 0]];
    for (let at = element; at; at = parent(at)) {
      const style = getComputedStyle(at);
      if (style.backgroundImage !== "none") found.push(`${name(at)} has a background that no one can compute`);
      const ground = parse(style.backgroundColor);
      [front, back] = [over(front, ground), over(back, ground)];
      const opacity = Number(style.opacity);
      front[3] *= opacity;
      back[3] *= opacity;
    }
    const page = matchMedia("(prefers-color-scheme: dark)").matches ? [0, 0, 0, 1] : [255, 255, 255, 1];
    const [one, other] = [luminance(over(front, page)), luminance(over(back, page))];
    return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
  };
  let measured = 0;
  const demand = (least, ratio, what) => {
    measured += 1;
    if (ratio < least) found.push(`contrast: ${what} has ${ratio.toFixed(2)} of ${least}`);
  };
  for (const element of forced ? [] : elements) {
    // What can't be used has no need to stand out.
    if (element.closest(":disabled")) continue;
    const style = getComputedStyle(element);
    const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700);
    const least = large ? 3 : 4.5;
    const says = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    if (says) demand(least, contrast(element, style.color), `the text of ${name(element)}`);
    if (element.matches("input, textarea")) {
      demand(4.5, contrast(element, style.color), `what is written into ${name(element)}`);
      const hint = getComputedStyle(element, "::placeholder");
      demand(4.5, contrast(element, hint.color), `the placeholder of ${name(element)}`);
      demand(3, contrast(parent(element), style.borderBlockStartColor), `the edge of ${name(element)}`);
    }
    if (element.localName === "svg")
      demand(3, contrast(element, style.stroke), `the icon of ${name(element.parentElement)}`);
  }

  /* Targets (WCAG 2.5.8) */
  const TARGETS = "a[href], button, input, select, summary, textarea, audio, video, [role=button], [role^=menuitem]";
  let targets = 0;
  for (const element of elements.filter((element) => element.matches(TARGETS))) {
    const { width, height } = element.getBoundingClientRect();
    targets += 1;
    if (width < 24 || height < 24) found.push(`target: ${name(element)} is ${width.toFixed(1)} x ${height.toFixed(1)} px`);
  }

  /* Reflow (WCAG 1.4.10): nothing beyond the screen's edges, nothing cut off, nothing that scrolls sideways but code. */
  const scrolls = (element) => /auto|scroll/.test(getComputedStyle(element).overflowY);
  const scroller = (element) => {
    for (let at = parent(element); at && at !== host; at = parent(at)) if (scrolls(at)) return at;
    return null;
  };
  const SLACK = 1;
  for (const element of elements) {
    if (element.closest("pre, table, svg") && !element.matches("pre, table, svg")) continue;
    const style = getComputedStyle(element);
    const { left, right, top, bottom, width } = element.getBoundingClientRect();
    if (!width) continue;
    if (left < -SLACK || right > document.documentElement.clientWidth + SLACK)
      found.push(`reflow: ${name(element)} reaches from ${left.toFixed(0)} to ${right.toFixed(0)} px sideways`);
    if (!scroller(element) && (top < -SLACK || bottom > innerHeight + SLACK))
      found.push(`reflow: ${name(element)} reaches from ${top.toFixed(0)} to ${bottom.toFixed(0)} px downwards`);
    if (element.matches("pre, table") || style.display === "inline") continue;
    if (style.overflowX !== "visible" && element.scrollWidth > element.clientWidth + SLACK)
      found.push(`reflow: ${name(element)} is ${element.scrollWidth} px wide in ${element.clientWidth}`);
    if (/hidden|clip/.test(style.overflowY) && element.scrollHeight > element.clientHeight + SLACK)
      found.push(`reflow: ${name(element)} is ${element.scrollHeight} px high in ${element.clientHeight}`);
  }

  return { found, passed: results.passes.length, measured, targets };
})();
