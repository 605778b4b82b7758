// Nodes, plain descriptions of elements, and making the page equal to them: only what differs is touched.

const SVG = "http://www.w3.org/2000/svg";

export const h = (tag, attributes = {}, ...children) => ({
  tag,
  attributes,
  key: attributes.key,
  children: children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false),
});

const drawn = new WeakMap(); // element -> the node that it shows

// Namespace of a node and of what is inside it, unless it is foreignObject.
const spaceOf = (node, space) => (node.tag === "svg" ? SVG : space);

const create = (node, space) => {
  if (typeof node !== "object") return document.createTextNode(node);
  const own = spaceOf(node, space);
  const element = own ? document.createElementNS(own, node.tag) : document.createElement(node.tag);
  drawn.set(element, { tag: node.tag, attributes: {}, children: [] });
  update(element, node, space);
  return element;
};

const update = (element, node, space) => {
  const before = drawn.get(element);
  if (before === node) return;
  drawn.set(element, node);
  for (const name of Object.keys(before.attributes)) {
    if (!(name in node.attributes)) assign(element, name, null);
  }
  for (const [name, value] of Object.entries(node.attributes)) {
    if (value !== before.attributes[name] || name === "value" || name === "checked") assign(element, name, value);
  }
  reconcile(element, node.children, node.tag === "foreignObject" ? null : spaceOf(node, space));
};

const assign = (element, name, value) => {
  if (name === "key") return;
  if (name.startsWith("on")) element[name] = value;
  else if (name === "value" && "value" in element) {
    // What a reader is typing is newer than what Python has answered.
    const focused = element === element.getRootNode().activeElement;
    const typing = focused && element.matches("textarea, input:not([type])");
    if (!typing && element.value !== String(value ?? "")) element.value = value ?? "";
  } else if (name === "checked" || name === "disabled" || name === "selected") element[name] = Boolean(value);
  else if (value === null || value === undefined || value === false) element.removeAttribute(name);
  else {
    const text = value === true ? "" : String(value);
    if (element.getAttribute(name) !== text) element.setAttribute(name, text);
  }
};

const shows = (element, node) =>
  typeof node === "object" ? drawn.get(element)?.tag === node.tag : element.nodeType === Node.TEXT_NODE;

export const reconcile = (parent, nodes, space) => {
  const keyed = new Map(), others = [];
  for (const child of parent.childNodes) {
    const key = drawn.get(child)?.key;
    if (key === undefined) others.push(child);
    else keyed.set(key, child);
  }
  const wanted = nodes.map((node) => {
    const old = node.key === undefined ? others.shift() : keyed.get(node.key);
    if (!old || !shows(old, node)) return create(node, space);
    if (typeof node === "object") update(old, node, space);
    else if (old.data !== String(node)) old.data = node;
    return old;
  });
  const keep = new Set(wanted);
  for (const child of [...parent.childNodes]) if (!keep.has(child)) child.remove();
  wanted.forEach((child, index) => {
    if (parent.childNodes[index] !== child) parent.insertBefore(child, parent.childNodes[index] ?? null);
  });
};
