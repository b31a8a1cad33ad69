import { el } from "../dom.js";

let fields = 0;

/**
 * A labelled control.
 * @template {HTMLElement} T
 * @param {string} label
 * @param {T} control
 * @param {string} [help]
 */
export function field(label, control, help) {
  fields += 1;
  control.id ||= `field-${fields}`;
  const hint = help ? el("span", { class: "help", id: `${control.id}-help` }, help) : undefined;
  if (hint) control.setAttribute("aria-describedby", hint.id);
  return el("div", { class: "field" }, el("label", { for: control.id }, label), control, hint);
}

/**
 * A choice.
 * @param {{ value: string, label: string }[]} options
 * @param {string} value
 * @param {(value: string) => void} onChange
 */
export function choice(options, value, onChange) {
  const select = el(
    "select",
    { onchange: () => onChange(select.value) },
    options.map((option) =>
      el("option", { value: option.value, selected: option.value === value }, option.label),
    ),
  );
  return select;
}

/**
 * Names as choices, after one for all of them.
 * @param {string} all
 * @param {(string | number)[]} names
 */
export function orAll(all, names) {
  return [{ value: "", label: all }, ...names.map((name) => ({ value: String(name), label: String(name) }))];
}

/**
 * @param {string} value
 * @param {string} placeholder
 * @param {(value: string) => void} onInput
 */
export function searchField(value, placeholder, onInput) {
  const input = el("input", {
    type: "search",
    placeholder,
    value,
    autocomplete: "off",
    spellcheck: "false",
    oninput: () => onInput(input.value),
  });
  return input;
}

/**
 * @param {import("../dom.js").Props} props
 * @param {(value: string) => void} onInput
 */
export function input(props, onInput) {
  const control = el("input", { autocomplete: "off", ...props, oninput: () => onInput(control.value) });
  return control;
}
