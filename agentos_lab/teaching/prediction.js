// The live form of agentos_lab.teaching.prediction.Prediction: native radio buttons, or one text field.

let groups = 0;

function element(tag, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

function choices(model) {
  const group = `agentos-prediction-${groups++}`;
  return model.get("options").map((html, place) => {
    const value = model.get("values")[place];
    const radio = element("input", { type: "radio", name: group, value });
    radio.addEventListener("change", () => keep(model, value));
    return element("label", {}, radio, element("span", { innerHTML: html }));
  });
}

function field(model) {
  const input = element("input", { type: "text", autocomplete: "off" });
  input.setAttribute("aria-label", "Your prediction");
  const button = element("button", { type: "submit", textContent: "Keep" });
  const form = element("form", {}, input, button);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (input.value.trim()) keep(model, input.value.trim());
  });
  return [form];
}

function keep(model, answer) {
  model.set("answer", answer);
  model.save_changes();
}

function render({ model, el }) {
  const legend = element("legend", {});
  legend.append(element("strong", { className: "agentos-chip", textContent: "Your prediction" }), " ");
  legend.append(element("span", { innerHTML: model.get("question") }));
  const inputs = model.get("options").length ? choices(model) : field(model);
  const said = element("p", { className: "agentos-kept" });
  said.setAttribute("role", "status"); // a live region: screen readers say what was kept
  const root = element("fieldset", {}, legend, element("div", { className: "agentos-options" }, ...inputs), said);

  const show = () => {
    const answer = model.get("answer");
    said.textContent = answer ? `Kept: ${answer.replaceAll("`", "")}. Go on and see.` : "Nothing kept yet.";
    for (const input of root.querySelectorAll("input")) {
      if (input.type === "radio") input.checked = input.value === answer;
      else if (answer) input.value = answer;
    }
  };
  // JupyterLab's shortcuts would otherwise take the arrow keys from the radio buttons; saving is left to it.
  const stop = (event) => {
    if (!((event.ctrlKey || event.metaKey) && event.key === "s")) event.stopPropagation();
  };
  el.addEventListener("keydown", stop);
  el.classList.add("agentos-prediction");
  el.append(root);
  model.on("change:answer", show);
  show();
  return () => {
    model.off("change:answer", show);
    el.removeEventListener("keydown", stop);
  };
}

export default { render };
