/**
 * @typedef {string | number | Node | null | undefined | false} Child
 * @typedef {Record<string, string | number | boolean | null | undefined | ((event: any) => void)>} Props
 */

/**
 * Makes an element. Properties that begin with `on` are listeners, `true` sets an empty attribute, and `false`, null and
 * undefined set none. Children that are no nodes become text, never markup.
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Props} [props]
 * @param {...(Child | Child[])} children
 * @returns {HTMLElementTagNameMap[Name]}
 */
export function el(name, props = {}, ...children) {
  const element = document.createElement(name);
  set(element, props);
  element.append(...nodes(children));
  return element;
}

/**
 * The same for SVG.
 * @param {string} name
 * @param {Props} [props]
 * @param {...(Child | Child[])} children
 */
export function svg(name, props = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  set(element, props);
  element.append(...nodes(children));
  return element;
}

/**
 * Replaces what is in an element. The focus goes to what now has the same id as what had it.
 * @param {Element} element
 * @param {...(Child | Child[])} children
 */
export function fill(element, ...children) {
  const { activeElement } = document;
  const held = activeElement && element.contains(activeElement) ? activeElement.id : "";
  element.replaceChildren(...nodes(children));
  if (held !== "") document.getElementById(held)?.focus();
}

/**
 * @param {Element} element
 * @param {Props} props
 */
function set(element, props) {
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined)
      element.setAttribute(name, String(value));
  }
}

/**
 * @param {(Child | Child[])[]} children
 * @returns {Node[]}
 */
function nodes(children) {
  return children
    .flat()
    .filter((child) => child !== null && child !== undefined && child !== false)
    .map((child) => (child instanceof Node ? child : document.createTextNode(String(child))));
}

/**
 * Something to open. It stays open while what is in it is drawn anew.
 * @param {string} className
 */
export function disclosure(className = "") {
  const title = el("summary");
  const body = el("div");
  const element = el("details", { class: className, hidden: true }, title, body);
  return {
    element,
    /** Without content there is nothing to open. @param {string} summary @param {...Child} content */
    show: (summary, ...content) => {
      title.textContent = summary;
      fill(body, ...content);
      element.hidden = body.childNodes.length === 0;
    },
  };
}

/**
 * Calls `action` once nothing has been asked for a while.
 * @template {unknown[]} Args
 * @param {number} ms
 * @param {(...args: Args) => void} action
 */
export function debounced(ms, action) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  return (/** @type {Args} */ ...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => action(...args), ms);
  };
}
